package telegram_test

import (
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"motkraft/bot/telegram/standin"
)

// once makes a plan that fails the first n calls of a method.
func once(method string, n int32, fault standin.Fault) func(standin.Call) *standin.Fault {
	var left atomic.Int32
	left.Store(n)
	return func(c standin.Call) *standin.Fault {
		if c.Method != method || left.Add(-1) < 0 {
			return nil
		}
		return &fault
	}
}

// What the server or the network does for a moment is ridden out: the answer comes, once, and no update is confirmed before it.
func TestRidesOut(t *testing.T) {
	for name, fault := range map[string]standin.Fault{
		"429":             {Status: 429, Description: "Too Many Requests: retry after 1", RetryAfter: 1},
		"500":             {Status: 500},
		"502":             {Kind: standin.HTML, Status: 502},
		"half a body":     {Kind: standin.Half},
		"invalid JSON":    {Kind: standin.BadJSON},
		"connection gone": {Kind: standin.Drop},
	} {
		for _, method := range []string{"editMessageText", "getUpdates", "deleteMessages", "answerCallbackQuery"} {
			t.Run(name+" on "+method, func(t *testing.T) {
				t.Parallel()
				w := newWorld(t, standin.Options{})
				p := w.Join("sv")
				act(t, p, func() int64 { return p.Start("") })
				shows(t, p, "Vad gäller det?")
				w.Fail(once(method, 2, fault))
				press := p.Press(label(t, p, "Jag är orolig för någon").Data)
				shows(t, p, "oroa sig")
				typed := p.Type("hej")
				shows(t, p, "Vad gäller det?")
				w.WaitConfirmed(press, typed)
				if early := w.RetryEarly(); early != 0 {
					t.Errorf("%d calls before the server wanted them", early)
				}
			})
		}
	}
}

// One chat that is held up holds up no other, and keeps its own order.
func TestHeldUpChatHoldsUpNoOther(t *testing.T) {
	w := newWorld(t, standin.Options{})
	slow, quick := w.Join("sv"), w.Join("sv")
	for _, p := range []*standin.Person{slow, quick} {
		act(t, p, func() int64 { return p.Start("") })
		shows(t, p, "Vad gäller det?")
	}
	var held atomic.Bool
	held.Store(true)
	w.Fail(func(c standin.Call) *standin.Fault {
		if held.Load() && c.Chat == slow.ID && c.Method == "editMessageText" {
			return &standin.Fault{Status: 429, RetryAfter: 1}
		}
		return nil
	})
	worried, counter := label(t, slow, "Jag är orolig för någon").Data, label(t, slow, "Jag vill vara en motkraft").Data
	first, second := slow.Press(worried), slow.Press(counter)
	for range 5 {
		act(t, quick, func() int64 { return quick.Press(label(t, quick, "Akut hjälp").Data) })
		act(t, quick, func() int64 { return quick.Press(label(t, quick, "Tillbaka").Data) })
	}
	if d := w.Update(first); !d.Confirmed.IsZero() {
		t.Error("an update was confirmed before it was answered")
	}
	held.Store(false)
	w.WaitConfirmed(first, second)
	shows(t, slow, "göra något")
	if early := w.RetryEarly(); early != 0 {
		t.Errorf("%d calls before the server wanted them", early)
	}
}

// What nobody can do anything about is nobody's failure: the person sees the right screen all the same, or is not there any more.
func TestNobodysFailures(t *testing.T) {
	w := newWorld(t, standin.Options{})
	p := w.Join("sv")
	act(t, p, func() int64 { return p.Start("") })
	shows(t, p, "Vad gäller det?")
	acute, worried := label(t, p, "Akut hjälp").Data, label(t, p, "Jag är orolig för någon").Data
	act(t, p, func() int64 { return p.Press(acute) })
	act(t, p, func() int64 { return p.Press(acute) }) // not modified, or nearly: the data differ

	// On a message that is gone: sent anew.
	act(t, p, func() int64 { return p.PressOn(p.Screens()[0].ID+1000, worried) })
	p.Wait("a new screen", func(m []standin.Message) bool { return len(m) == 2 })

	// A press from a year ago: its query is too old to be answered, the screen comes.
	w.Fail(once("answerCallbackQuery", 1, standin.Fault{Status: 400, Description: "Bad Request: query is too old and response timeout expired or query ID is invalid"}))
	w.Advance(365 * 24 * time.Hour)
	act(t, p, func() int64 { return p.Press(worried) })

	// Another bot's data, and none.
	for _, data := range []string{"menu:1", strings.Repeat("x", 64), `{"a":1}`} {
		act(t, p, func() int64 { return p.Press(data) })
	}
	w.WaitConfirmed(p.Press(worried), p.Block())
	blocked := w.Join("sv")
	w.Fail(func(c standin.Call) *standin.Fault {
		if c.Chat == blocked.ID {
			return &standin.Fault{Status: 403, Description: "Forbidden: bot was blocked by the user"}
		}
		return nil
	})
	w.WaitConfirmed(blocked.Start(""))
	if errs := w.errors(); len(errs) > 0 {
		t.Errorf("failures: %v", errs)
	}
}

// Updates of every broken shape are confirmed and passed over; those around them are answered.
func TestBrokenUpdates(t *testing.T) {
	w := newWorld(t, standin.Options{})
	p := w.Join("sv")
	var ids []int64
	for _, raw := range []string{
		`{"message":{}}`, `{"callback_query":{}}`, `{"callback_query":{"id":"1"}}`, `{"message":{"chat":{}}}`, `{"message":{"chat":{"id":5}}}`,
		`{"message":{"chat":{"id":"five"},"message_id":1}}`, `{"message":[]}`, `{"message":null}`, `{"poll":{"id":"x"}}`, `{"something_new":{"a":[1,2]}}`,
		`{}`, `{"callback_query":{"id":"1","message":{"message_id":0,"chat":{"id":7,"type":"private"}},"data":"x"}}`,
	} {
		ids = append(ids, w.Inject(raw))
	}
	start := p.Start("")
	shows(t, p, "Vad gäller det?")
	w.WaitConfirmed(append(ids, start)...)
}

func TestTwiceAndOutOfOrder(t *testing.T) {
	w := newWorld(t, standin.Options{})
	p := w.Join("sv")
	w.WaitConfirmed(p.Start(""))
	shows(t, p, "Vad gäller det?")
	press := p.Press(label(t, p, "Jag är orolig för någon").Data)
	w.WaitConfirmed(press)
	answers := p.Answers()
	w.Redeliver(press)
	later := w.Join("en")
	w.WaitConfirmed(later.Start(""))
	if p.Answers() != answers {
		t.Error("an update that came twice was answered twice")
	}
}

// Whatever Telegram refuses, and however it says so, nothing but a stop ends the adapter: it is told, with the cure where it is the token, known while it
// lasts, and when Telegram lets the bot in again people are answered.
func TestRefusalsEndNothing(t *testing.T) {
	for _, code := range []int{400, 401, 403, 404, 405, 408, 413, 420, 421, 423, 451} {
		for _, method := range []string{"getMe", "deleteWebhook", "getUpdates"} {
			t.Run(fmt.Sprint(code, " on ", method), func(t *testing.T) {
				t.Parallel()
				w := newWorld(t, standin.Options{})
				w.stop()
				w.Fail(once(method, 3, standin.Fault{Status: code})) // one may go to a call of the program before, which tells of nothing
				w.start(t)
				w.Wait("word of it", func() bool { return len(w.errors()) >= 2 })
				if said := w.errors()[0].Error(); (code == 401 || code == 404) != strings.Contains(said, "MOTKRAFT_TELEGRAM_TOKEN") {
					t.Errorf("told: %q", said)
				}
				p := w.Join("sv")
				w.WaitConfirmed(p.Start(""))
				shows(t, p, "Vad gäller det?")
				if w.telegram.Refused() {
					t.Error("it is known as refused although people are answered")
				}
			})
		}
	}
}

// A token that stays refused is known as such, with its cure, and no error holds it.
func TestRefusedToken(t *testing.T) {
	w := newWorld(t, standin.Options{})
	w.stop()
	w.opts.Token = "1:wrong-canary"
	w.start(t)
	w.Wait("word of it", func() bool { return len(w.errors()) > 1 && w.telegram.Refused() })
	for _, err := range w.errors() {
		if said := err.Error(); !strings.Contains(said, "MOTKRAFT_TELEGRAM_TOKEN") || strings.Contains(said, "canary") {
			t.Errorf("told: %q", said)
		}
	}
}

// One chat that is told to wait, and goes on pressing, holds up nobody: others are answered meanwhile, whatever comes from it and however many they are.
// In the end it is answered too, with what it pressed last.
func TestFloodOfOneLeavesOthers(t *testing.T) {
	w := newWorld(t, standin.Options{})
	flooding := w.Join("sv")
	act(t, flooding, func() int64 { return flooding.Start("") })
	shows(t, flooding, "Vad gäller det?")
	home, acute := label(t, flooding, "Jag är under 18").Data, label(t, flooding, "Akut hjälp").Data
	var held atomic.Bool
	held.Store(true)
	w.Fail(func(c standin.Call) *standin.Fault {
		if c.Chat == flooding.ID && c.Method == "editMessageText" && held.Load() {
			return &standin.Fault{Status: 429, RetryAfter: 1}
		}
		return nil
	})
	for range 150 {
		flooding.Press(home)
	}
	// More than Telegram gives from one number on: what is held up must not keep them away.
	for range 130 {
		p := w.Join("sv")
		act(t, p, func() int64 { return p.Start("") })
		shows(t, p, "Vad gäller det?")
	}
	last := flooding.Press(acute)
	held.Store(false)
	w.WaitConfirmed(last)
	shows(t, flooding, "112 SOS Alarm")
	if got := w.telegram.Oldest(); got > standin.Patience {
		t.Errorf("the oldest update has been in hand for %v", got)
	}
}

// Another poller is told of, once, and waited for.
func TestOtherPoller(t *testing.T) {
	w := newWorld(t, standin.Options{})
	p := w.Join("sv")
	w.WaitConfirmed(p.Start(""))
	w.Rival(true)
	w.Wait("word of the other poller", func() bool {
		errs := w.errors()
		return len(errs) > 0 && strings.Contains(errs[0].Error(), "another program fetches updates with this token")
	})
	w.Rival(false)
	w.WaitConfirmed(p.Type("hej"))
	if errs := w.errors(); len(errs) != 1 {
		t.Errorf("failures: %v", errs)
	}
}
