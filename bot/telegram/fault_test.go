package telegram_test

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"motkraft/bot"
	"motkraft/bot/telegram/standin"
)

// panicking is a handler with a fault: one text brings it down.
type panicking struct{ bot.Handler }

const deadly = "canary deadly text"

func (p panicking) Handle(ctx context.Context, u bot.Update) bot.Message {
	if u.Text == deadly {
		panic("it was " + u.Text)
	}
	return p.Handler.Handle(ctx, u)
}

// A panic while one update is answered ends neither the program nor anybody's conversation. It is told, without what it said, and the update is
// not asked for again.
func TestPanic(t *testing.T) {
	w := newWorld(t, standin.Options{})
	w.stop()
	w.handler = panicking{w.bot}
	w.start(t)
	p, other := w.Join("sv"), w.Join("sv")
	w.WaitConfirmed(p.Type(deadly))
	act(t, other, func() int64 { return other.Start("") })
	shows(t, other, "Vad gäller det?")
	act(t, p, func() int64 { return p.Start("") })
	shows(t, p, "Vad gäller det?")
	errs := w.errors()
	if len(errs) != 1 {
		t.Fatalf("failures: %v, expected one", errs)
	}
	if said := fmt.Sprintf("%v %+v %#v", errs[0], errs[0], errs[0]); strings.Contains(said, "canary") || !strings.Contains(said, "panicking.Handle") {
		t.Errorf("told: %s, expected where it was and nothing of the text", said)
	}
}

// In a chat that is too fast the last press is answered when its time has come, and those before it are passed over. Nobody else waits.
func TestPace(t *testing.T) {
	w := newWorld(t, standin.Options{})
	p, other := w.Join("sv"), w.Join("sv")
	act(t, p, func() int64 { return p.Start("") })
	act(t, other, func() int64 { return other.Start("") })
	shows(t, p, "Vad gäller det?")
	w.stop()
	var slow atomic.Bool
	slow.Store(true)
	w.opts.Pace = func(chat string) time.Duration {
		if slow.Load() && chat == strconv.FormatInt(p.ID, 10) {
			return time.Hour
		}
		return 0
	}
	w.start(t)
	before := w.Calls("editMessageText")
	var presses []int64
	for _, of := range []string{"Jag köper sex, eller tänker på det", "Jag är under 18", "Jag är orolig för någon", "Akut hjälp"} {
		presses = append(presses, p.Press(label(t, p, of).Data))
	}
	w.WaitConfirmed(presses[:3]...)
	act(t, other, func() int64 { return other.Type("hej") })
	if n := w.Calls("editMessageText") - before; n != 0 {
		t.Errorf("%d answers before the time", n)
	}
	slow.Store(false)
	w.WaitConfirmed(presses...)
	shows(t, p, "112 SOS Alarm")
	if n := w.Calls("editMessageText") - before; n != 1 {
		t.Errorf("%d answers, expected the last one", n)
	}
	w.Wait("the spinners end", func() bool { return p.Spinning() == 0 })
}
