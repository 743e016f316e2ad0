package adaptertest

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"html"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"motkraft/bot"
)

// fault is what is wrong with a fake.
type fault string

// fake is an adapter for platform: right, but for its fault.
type fake struct {
	*platform
	fault fault
	freed chan struct{} // closed at last, for an adapter that is deaf

	met atomic.Bool // the platform has answered

	mu    sync.Mutex
	last  act  // the last that came in, from whomever
	sulks bool // answers nobody any more

	languages map[*member]string // of the last answers

	one sync.Mutex // held while one answer is delivered, where each holds all others up
}

func (a *fake) Name() string { return "fake" }

func (a *fake) Run(ctx context.Context, h bot.Handler) error {
	if err := a.meet(ctx); err != nil {
		return err
	}
	var look <-chan time.Time
	if a.fault == "gone with the platform later" {
		look = time.Tick(pause)
	}
	var hand sync.WaitGroup
	before := map[*member]chan struct{}{} // closed when the member's last act is done
	for {
		select {
		case <-ctx.Done():
			switch a.fault {
			case "deaf to stopping":
				<-a.freed
			case "left before the answer":
				return nil
			case "stopping is an error":
				hand.Wait()
				return ctx.Err()
			}
			hand.Wait()
			return nil
		case <-look:
			if a.isAway() {
				return errAway
			}
		case u := <-a.inbox:
			if a.fault == "ended by itself" {
				return errors.New("fake: the platform is no more")
			}
			a.mu.Lock()
			a.last = u
			a.mu.Unlock()
			turn, done := before[u.by], make(chan struct{})
			before[u.by] = done
			hand.Go(func() {
				defer close(done)
				if turn != nil && a.fault != "presses out of order" {
					<-turn
				}
				a.answer(ctx, h, u)
			})
		}
	}
}

// update is what the handler is told of an act.
func (a *fake) update(u act) bot.Update {
	out := bot.Update{Data: u.data, Text: u.text, Lang: u.by.lang}
	switch a.fault {
	case "data re-encoded":
		out.Data = strings.NewReplacer("-", "+", "_", "/").Replace(u.data)
	case "typed text trimmed to a line":
		out.Text, _, _ = strings.Cut(u.text, "\n")
	case "hint lost":
		out.Lang = ""
	case "hint made up":
		out.Lang = "sv"
	case "language remembered":
		a.mu.Lock()
		defer a.mu.Unlock()
		out.Lang = cmp.Or(a.languages[u.by], u.by.lang)
	}
	return out
}

func (a *fake) answer(ctx context.Context, h bot.Handler, u act) {
	if u.in != nil {
		a.inRoom(ctx, h, u)
		return
	}
	m := h.Handle(ctx, a.update(u))
	a.mu.Lock()
	a.languages[u.by] = m.Lang
	a.mu.Unlock()
	switch {
	case a.fault == "presses handled twice" && u.data != "":
		m = h.Handle(ctx, a.update(u))
	case a.fault == "presses out of order" && u.data == fastOne: // lets the press behind it pass, however slow the machine is
		within(a.patience, func() bool { return a.hasAnsweredAfter(u) })
	case a.fault == "answers mixed up" && !a.waitsFor(u.by): // that one could or could not be mixed up, as time has it
		time.Sleep(5 * time.Millisecond)
		a.mu.Lock()
		u = a.last
		a.mu.Unlock()
	}
	s := a.shown(m)
	in := u.on
	if u.text != "" { // beside the typed text, the screen is in the way
		a.platform.mu.Lock()
		e, _ := u.by.newest()
		a.platform.mu.Unlock()
		in = e.id
	}

	switch a.fault {
	case "presses in hand dropped":
		if ctx.Err() != nil {
			return
		}
	case "sulking":
		a.mu.Lock()
		sulks := a.sulks
		a.mu.Unlock()
		if sulks {
			return
		}
	case "last button lost":
		s.Buttons = s.Buttons[:len(s.Buttons)-1]
	case "last button of a full screen lost":
		s.Buttons = s.Buttons[:min(len(s.Buttons), bot.MaxButtons-1)]
	case "text cut on edit":
		if r := []rune(s.Text); in != 0 && len(r) > 1000 {
			s.Text = string(r[:1000])
		}
	case "HTML escaped":
		s.Text = html.EscapeString(s.Text)
	case "number lost":
		s.Text = strings.ReplaceAll(s.Text, "031-390 06 00", "")
	case "sent anew":
		in = 0
	}

	if u.text != "" && a.fault != "typed text kept" {
		a.remove(u.by, func(e entry) bool { return e.id == u.own })
	}
	if m.Clear && a.fault != "clear ignored" {
		a.remove(u.by, func(entry) bool { return true })
	}
	if m.Clear && a.vanishes && a.fault != "cleared text left" {
		a.vanish(u)
		return
	}
	if err := a.insist(ctx, h, u, in, s); err != nil {
		a.failed(ctx, h, err)
	}
}

// failed tells of a refusal, and keeps to itself what the platform said.
func (a *fake) failed(ctx context.Context, h bot.Handler, err error) {
	no := err.(*refusal)
	switch a.fault {
	case "refusal kept quiet":
		return
	case "token in an error":
		h.Failed(ctx, fmt.Errorf("fake: /bot%s/send was refused", no.token))
	case "id in a wrapped error":
		h.Failed(ctx, &discreet{fmt.Errorf("chat %s", no.id)})
	case "platform's error beside ours":
		h.Failed(ctx, errors.Join(errors.New("fake: the answer was refused"), &discreet{no}))
	default:
		h.Failed(ctx, errors.New("fake: the answer was refused"))
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.sulks = a.fault == "sulking"
}

// discreet says nothing of what it wraps, and yet has it along.
type discreet struct{ cause error }

func (d *discreet) Error() string { return "fake: the answer was refused" }
func (d *discreet) Unwrap() error { return d.cause }
