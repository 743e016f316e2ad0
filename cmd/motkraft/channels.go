package main

import (
	"context"
	"maps"
	"net/http"
	"sync"

	"motkraft/bot"
	"motkraft/bot/channel"
	"motkraft/bot/count"
	"motkraft/bot/discord"
	"motkraft/bot/fault"
	"motkraft/bot/telegram"
	"motkraft/bot/web"
	"motkraft/bot/webhook"
)

// channelList is channels as the program knows them.
type channelList []channel.Channel

// channels are all that there are, in the order in which people read of them. Settings, flags, checks, counts and tests run from this list: a
// new channel is a package and a line here, and its words in the catalog.
func channels() channelList {
	return channelList{web.Channel(), telegram.Channel(), discord.Channel(), webhook.Channel()}
}

// words are what the channels say beside the conversation.
func (l channelList) words() (words []bot.Word) {
	for _, c := range l {
		words = append(words, c.Words...)
	}
	return words
}

// settings are what the channels are configured with.
func (l channelList) settings() (settings []channel.Setting) {
	for _, c := range l {
		settings = append(settings, c.Settings...)
	}
	return settings
}

// counted are the names of those whose conversations may be counted: the web's screens are, and no conversation of it.
func (l channelList) counted() (names []string) {
	for _, c := range l {
		if c.Counted && c.Name != count.Web {
			names = append(names, c.Name)
		}
	}
	return names
}

// countNotes are what the published statistics say of them.
func (l channelList) countNotes() (notes []string) {
	for _, c := range l {
		if c.CountNote != "" {
			notes = append(notes, c.CountNote)
		}
	}
	return notes
}

// configured are the adapters' channels that are on, with their values.
func (l channelList) configured(s *settings) (on []configured) {
	for _, c := range l {
		if c.Open == nil {
			continue
		}
		if v := s.values(c.Settings); c.On(v) {
			on = append(on, configured{c, v})
		}
	}
	return on
}

// configured is a channel that is to be served.
type configured struct {
	channel.Channel
	values channel.Values
}

// serving are the channels that were opened. The web is none of them: nothing comes back from it.
type serving struct {
	adapters []bot.Adapter
	routes   map[string]http.Handler // on the public address, by pattern
	by       proxies
	guard    func(http.Handler) http.Handler
}

// open makes the channels that are on ready to serve, and adds what the others have all the same.
func (channels channelList) open(on []configured, l *live, by proxies) serving {
	chats, callers := newLimiter(chatRate, chatBurst), newLimiter(refusedRate, refusedBurst)
	s := serving{
		routes: map[string]http.Handler{},
		by:     by,
		guard:  func(next http.Handler) http.Handler { return callers.guard(by, next) },
	}
	for _, c := range channels {
		maps.Copy(s.routes, c.Always)
	}
	for _, c := range on {
		opened := c.Open(c.values, channel.Core{
			Say: l.Say, Match: l.Match, Topics: l.Topics, Languages: l.Languages(), Pace: chats.pace(c.Name),
		})
		s.adapters = append(s.adapters, opened.Adapter)
		maps.Copy(s.routes, opened.Routes)
	}
	return s
}

// handler puts the channels' routes before the page. Only these are guarded: the page is there for everybody at any time.
func (s serving) handler(page http.Handler) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/", page)
	for pattern, h := range s.routes {
		mux.Handle(pattern, s.guard(h))
	}
	return web.Shielded(mux)
}

// run serves all channels until the context is done, and gives a function that waits for their end. A channel that ends early is told of
// and leaves the others be.
func (s serving) run(ctx context.Context, w *world, o *observer, handler func(channel string) bot.Handler) (wait func()) {
	var running sync.WaitGroup
	for _, a := range s.adapters {
		h, ended := o.channel(a, handler(a.Name()))
		running.Go(func() {
			defer ended()
			if err := fault.Try(func() error { return a.Run(ctx, h) }); err != nil {
				w.log.ErrorContext(ctx, "a channel has ended", "channel", a.Name(), "error", err)
			}
		})
	}
	return running.Wait
}
