package discord_test

import (
	"context"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"motkraft/bot"
	"motkraft/bot/discord/standin"
)

// Whatever comes over HTTP without Discord's signature is refused, and what is signed is answered or refused; nothing breaks.
func TestForgedRequests(t *testing.T) {
	w := newWorld(t, "http", standin.Options{})
	const ping = `{"id":"1","application_id":"2","type":1,"token":"canaryToken","version":1}`
	for name, c := range map[string]struct {
		body string
		with standin.Signed
		want int
	}{
		"ping":               {ping, standin.Signed{}, http.StatusOK},
		"wrong signature":    {ping, standin.Signed{Wrongly: true}, http.StatusUnauthorized},
		"no signature":       {ping, standin.Signed{Change: func(h http.Header) { h.Del("X-Signature-Ed25519") }}, http.StatusUnauthorized},
		"an old one":         {ping, standin.Signed{At: time.Now().Add(-10 * time.Minute)}, http.StatusUnauthorized},
		"one from later":     {ping, standin.Signed{At: time.Now().Add(10 * time.Minute)}, http.StatusUnauthorized},
		"a megabyte":         {`{"type":1,"x":"` + strings.Repeat("x", 1<<20) + `"}`, standin.Signed{}, http.StatusRequestEntityTooLarge},
		"no JSON":            {`{"type":`, standin.Signed{}, http.StatusBadRequest},
		"nothing":            {``, standin.Signed{}, http.StatusBadRequest},
		"a list":             {`[]`, standin.Signed{}, http.StatusBadRequest},
		"no id":              {`{"type":2,"token":"canaryToken"}`, standin.Signed{}, http.StatusBadRequest},
		"an id that is none": {`{"type":2,"id":"../..","token":"canaryToken"}`, standin.Signed{}, http.StatusBadRequest},
	} {
		status, body := w.Post(w.url, c.body, c.with)
		if status != c.want {
			t.Errorf("%s: status %d (%s), expected %d", name, status, body, c.want)
		}
		if name == "ping" && strings.TrimSpace(body) != `{"type":1}` {
			t.Errorf("ping is answered with %s", body)
		}
		if strings.Contains(body, "canary") {
			t.Errorf("%s: the answer repeats what came: %s", name, body)
		}
	}
}

// What is pressed before Discord has said who the bot is is answered too: Discord does not send it again. Clearing works as well.
func TestPressBeforeTheMeeting(t *testing.T) {
	w := prepare(t, standin.Options{})
	w.Fail(func(c standin.Call) *standin.Fault {
		if c.Route == "GET application" {
			return &standin.Fault{Kind: standin.Hang}
		}
		return nil
	})
	w.run(t, "http")
	w.Wait("the question who it is", func() bool { return w.Calls("GET application") > 0 })
	if w.d.Reached() {
		t.Error("Discord was reached before it has answered")
	}
	p := w.Join("sv-SE")
	answered(t, p.Command("support", nil))
	pressing(t, p, "Rensa")
	p.Wait("nothing left", func(m []standin.Message) bool { return len(m) == 0 })
}

// Of a flood of presses on one message all are accepted, and the last one changes it; others' are answered as ever. A press that nothing stands
// behind is always answered.
func TestFloodOnOneMessage(t *testing.T) {
	for way := range ways {
		t.Run(way, func(t *testing.T) {
			w := prepare(t, standin.Options{})
			var flooded atomic.Value
			w.opts.Pace = func(message string) time.Duration {
				if message == flooded.Load() {
					return time.Second
				}
				return 0
			}
			hold, held, seen := make(chan struct{}), make(chan struct{}, 1), make(chan struct{})
			var asked atomic.Int64
			w.handler = holding{w.bot, func() {
				switch asked.Add(1) {
				case 2: // the first press
					held <- struct{}{}
					<-hold
				case 4: // the last one: by HTTP its answer could be there before the first one's
					<-seen
				}
			}}
			w.start(t, way)
			p, other := w.Join("sv-SE"), w.Join("sv-SE")
			answered(t, p.Command("support", nil))
			first := p.Messages()[0]
			button := func(label string) string {
				for _, b := range first.Buttons() {
					if b.Label == label {
						return b.CustomID
					}
				}
				t.Fatalf("no button %q", label)
				return ""
			}
			// Two answers by HTTP may overtake each other on their way, so both of those that come have what is looked for.
			acts := []*standin.Act{p.PressOn(first.ID, button("Visa kontakter nu"))}
			<-held
			flooded.Store(first.ID)
			const presses = 20
			for range presses {
				acts = append(acts, p.PressOn(first.ID, button("Akut hjälp")))
			}
			answered(t, other.Command("support", nil))
			w.Wait("the flood", func() bool { return w.d.Waiting(first.ID) == presses })
			close(hold)
			acts[0].Wait()
			close(seen)
			accepted := 0
			for _, act := range acts {
				if act.Wait() != standin.Answered {
					t.Fatalf("a press is %v: %s", act.Status(), act.Why())
				}
				if act.Type() == 6 {
					accepted++
				}
			}
			if accepted != presses-1 {
				t.Errorf("of %d presses %d were accepted alone, expected all but the last", presses, accepted)
			}
			shows(t, p, "112")
			pressing(t, p, "Tillbaka")
			shows(t, p, "Vad gäller det?")
			if errs := w.errors(); len(errs) > 0 {
				t.Errorf("told of %v", errs)
			}
		})
	}
}

// holding calls before each answer.
type holding struct {
	bot.Handler
	before func()
}

func (h holding) Handle(ctx context.Context, u bot.Update) bot.Message {
	h.before()
	return h.Handler.Handle(ctx, u)
}

// Interactions of shapes that nobody expects get the first screen, or are refused; nothing breaks.
func TestStrangeInteractions(t *testing.T) {
	for way := range ways {
		t.Run(way, func(t *testing.T) {
			w := newWorld(t, way, standin.Options{})
			for name, raw := range map[string]string{
				"no locale":         `{$BASE,"type":2,"data":{"id":"1","name":"support","type":1}}`,
				"an unknown locale": `{$BASE,"type":2,"locale":"tlh","data":{"id":"1","name":"support","type":1}}`,
				"unknown command":   `{$BASE,"type":2,"locale":"sv-SE","data":{"id":"1","name":"no-such","type":1}}`,
				"a user command":    `{$BASE,"type":2,"locale":"sv-SE","data":{"id":"1","name":"support","type":2,"target_id":"5"}}`,
				"nobody":            `{"id":$ID,"application_id":$APP,"token":$TOKEN,"version":1,"type":2,"data":{"id":"1","name":"support","type":1}}`,
				"no data":           `{$BASE,"type":2,"locale":"sv-SE"}`,
				"a strange option":  `{$BASE,"type":2,"locale":"sv-SE","data":{"name":"support","options":[{"name":"topic","type":3,"value":{"a":1}}]}}`,
				"an unknown topic":  `{$BASE,"type":2,"locale":"sv-SE","data":{"name":"support","options":[{"name":"topic","type":3,"value":"zz9"}]}}`,
				"no message":        `{$BASE,"type":3,"locale":"sv-SE","data":{"component_type":2,"custom_id":"forged"}}`,
				"a form":            `{$BASE,"type":5,"locale":"sv-SE","data":{"custom_id":"forged","components":[]}}`,
			} {
				p := w.Join("sv-SE")
				act := p.Raw(raw)
				if status := act.Wait(); status != standin.Answered {
					t.Errorf("%s: %v: %s", name, status, act.Why())
					continue
				}
				if seen := p.Messages(); len(seen) != 1 || !seen[0].Ephemeral || len(seen[0].Buttons()) < 8 {
					t.Errorf("%s shows %+v", name, seen)
				}
			}
			p := w.Join("sv-SE")
			if act := p.Raw(`{$BASE,"type":4,"locale":"sv-SE","data":{"name":"support","type":1}}`); act.Wait() != standin.Answered || act.Type() != 8 {
				t.Errorf("a completion is %v with %d: %s", act.Status(), act.Type(), act.Why())
			}
			if errs := w.errors(); len(errs) > 0 {
				t.Errorf("told of %v", errs)
			}
		})
	}
}

// A forged or foreign button leads to the first screen in the person's own message, never to another's conversation.
func TestForgedButtons(t *testing.T) {
	for way := range ways {
		t.Run(way, func(t *testing.T) {
			w := newWorld(t, way, standin.Options{})
			p, other := w.Join("sv-SE"), w.Join("en-US")
			answered(t, p.Command("support", nil))
			pressing(t, p, "Akut hjälp")
			mine := p.Messages()[0]
			for _, id := range []string{"x", strings.Repeat("A", 64), strings.Repeat("ö", 100), "motkraft:", "../../.."} {
				answered(t, p.PressOn(mine.ID, id))
				shows(t, p, "Vad gäller det?")
			}
			// Somebody else's button, on a message that is no longer there, is answered for who pressed it.
			answered(t, other.PressOn("1105550000000000999", mine.Buttons()[0].CustomID))
			if seen := other.Messages(); len(seen) != 1 || !seen[0].Ephemeral {
				t.Errorf("the other one sees %+v", seen)
			}
			if now := p.Messages(); len(now) != 1 || !strings.Contains(now[0].Reads, "Vad gäller det?") {
				t.Errorf("the first one sees %+v", now)
			}
		})
	}
}
