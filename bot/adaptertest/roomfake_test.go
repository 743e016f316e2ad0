package adaptertest

import (
	"context"
	"errors"
	"testing"

	"motkraft/bot"
)

// room is a place on the platform where others read along.
type room struct {
	*platform
	shown []Shown // by the bot, guarded by platform.mu
}

// askFor is what calls the bot by its name in a room.
const askFor = "/help@fake"

// room brings a person into a new one.
func (f *platform) room(_ testing.TB, p Person) Room {
	m, r := p.(*member), &room{platform: f}
	does := func(a act) {
		a.by, a.in, a.done = m, r, make(chan struct{})
		f.inbox <- a
		<-a.done
	}
	out := Room{
		Press: func(data string) { does(act{data: data}) },
		Acts:  []func(){func() { does(act{text: askFor}) }},
		Seen:  r.seen,
	}
	if !f.noTyping {
		out.Type = func(text string) { does(act{text: text}) }
	}
	return out
}

func (r *room) seen() []Shown {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]Shown{}, r.shown...)
}

func (r *room) say(s Shown) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.shown = append(r.shown, s)
}

// inRoom answers what was done among others: who asks for the bot is told where to find it, who presses is answered in private.
func (a *fake) inRoom(ctx context.Context, h bot.Handler, u act) {
	defer close(u.done)
	link := Shown{Text: "Skriv till mig privat.", Buttons: []Button{{Label: "Prata privat", URL: "https://example.org/fake"}}}
	switch {
	case a.fault == "room answered openly" && u.text != "",
		a.fault == "press in the room answered openly" && u.data != "":
		u.in.say(a.shown(h.Handle(ctx, a.update(u))))
	case a.fault == "buttons in the room" && u.text == askFor:
		link.Buttons = a.shown(h.Handle(ctx, a.update(u))).Buttons[1:2]
		u.in.say(link)
	case a.fault == "typed text repeated in the room" && u.text != "":
		link.Text += " Här skrevs: " + u.text
		u.in.say(link)
	case a.fault == "person named in the room" && u.text == askFor:
		link.Text = u.by.name + "! " + link.Text
		u.in.say(link)
	case a.fault == "room's words in an error" && u.text != "":
		h.Failed(ctx, errors.New("fake: nobody asked for "+u.text))
	case u.text == askFor:
		u.in.say(link)
	case u.data != "":
		_ = a.deliver(u, 0, a.shown(h.Handle(ctx, a.update(u)))) // nothing is refused in a room's case
	}
}
