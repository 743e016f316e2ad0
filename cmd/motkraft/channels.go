package main

import (
	"context"
	"net/http"
	"net/url"
	"regexp"
	"sync"

	"motkraft/bot"
	"motkraft/bot/telegram"
)

// channels are the platforms that are configured. The web is none of them: nothing comes back from it.
type channels struct {
	adapters []bot.Adapter
	routes   map[string]http.Handler // on the public address, by pattern
}

// defaultTelegramAPI is Telegram's own server; others speak the same protocol (https://core.telegram.org/bots/api#using-a-local-bot-api-server).
const defaultTelegramAPI = "https://api.telegram.org"

var (
	telegramToken  = regexp.MustCompile(`^[0-9]+:[A-Za-z0-9_-]+$`)
	telegramSecret = regexp.MustCompile(`^[A-Za-z0-9_-]{1,256}$`)
)

// telegram reads the settings for Telegram; nil where there is no token.
func (s *settings) telegram() *telegram.Options {
	o := telegram.Options{
		Token:      s.secret("TELEGRAM_TOKEN"),
		API:        s.value("", "TELEGRAM_API", defaultTelegramAPI),
		WebhookURL: s.value("", "TELEGRAM_WEBHOOK_URL", ""),
		Secret:     s.secret("TELEGRAM_WEBHOOK_SECRET"),
	}
	if o.Token == "" {
		if o.WebhookURL != "" {
			s.fault("%sTELEGRAM_WEBHOOK_URL is set without %sTELEGRAM_TOKEN: set both, or neither", prefix, prefix)
		}
		return nil
	}
	if !telegramToken.MatchString(o.Token) {
		s.fault("%sTELEGRAM_TOKEN is no token: copy it from BotFather, digits, a colon, and letters", prefix)
	}
	if u, err := url.Parse(o.API); err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
		s.fault("%sTELEGRAM_API is no address: give one such as %s", prefix, defaultTelegramAPI)
	}
	if u, err := url.Parse(o.WebhookURL); o.WebhookURL != "" && (err != nil || u.Host == "" || u.Scheme != "https") {
		s.fault("%sTELEGRAM_WEBHOOK_URL is no https address: give the public one that leads to /telegram here", prefix)
	}
	if o.WebhookURL != "" && !telegramSecret.MatchString(o.Secret) {
		s.fault("%sTELEGRAM_WEBHOOK_SECRET is missing or holds other characters than letters, digits, _ and -: make one with 'openssl rand -hex 32'", prefix)
	}
	return &o
}

// newChannels makes the adapters that are configured.
func newChannels(b *bot.Bot, tg *telegram.Options) channels {
	c := channels{routes: map[string]http.Handler{}}
	if tg != nil {
		tg.Say, tg.Languages = b.Say, b.Languages()
		t := telegram.New(*tg)
		c.adapters = append(c.adapters, t)
		if tg.WebhookURL != "" {
			c.routes["POST /telegram"] = t
		}
	}
	return c
}

// handler puts the channels' routes before the page.
func (c channels) handler(page http.Handler) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/", page)
	for pattern, h := range c.routes {
		mux.Handle(pattern, h)
	}
	return mux
}

// run serves all channels until the context is done, and gives a function that waits for their end. A channel that ends early is told of
// and leaves the others be.
func (c channels) run(ctx context.Context, w *world, h bot.Handler) (wait func()) {
	var running sync.WaitGroup
	for _, a := range c.adapters {
		running.Go(func() {
			if err := a.Run(ctx, h); err != nil {
				w.log.ErrorContext(ctx, "a channel has ended", "channel", a.Name(), "error", err)
			}
		})
	}
	return running.Wait
}
