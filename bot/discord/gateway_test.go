package discord_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"motkraft/bot/discord/standin"
)

// goesOn holds the bot to answering, after whatever happened to its connection.
func goesOn(t *testing.T, w *world) {
	t.Helper()
	p := w.Join("sv-SE")
	answered(t, p.Command("support", nil))
	shows(t, p, "Vad gäller det?")
}

// The bot asks for no events beyond those that need no asking.
func TestIdentify(t *testing.T) {
	w := newWorld(t, "gateway", standin.Options{})
	var identify struct {
		Intents *int `json:"intents"`
	}
	if err := json.Unmarshal(w.Gateway().LastIdentify(), &identify); err != nil || identify.Intents == nil || *identify.Intents != 0 {
		t.Errorf("identified with %s", w.Gateway().LastIdentify())
	}
}

// A connection that ends leaves the session, which is resumed at its own address.
func TestResumes(t *testing.T) {
	for name, end := range map[string]func(w *world, g *standin.Gateway){
		"cut":               func(_ *world, g *standin.Gateway) { g.Drop() },
		"asked to":          func(_ *world, g *standin.Gateway) { g.Reconnect() },
		"closed with 4000":  func(_ *world, g *standin.Gateway) { g.Close(4000) },
		"invalid, for once": func(_ *world, g *standin.Gateway) { g.Invalidate(true) },
		"no heartbeat's ACK": func(w *world, g *standin.Gateway) {
			g.Mute(true)
			g.Beat(50 * time.Millisecond) // on the next connection, so that a missing answer shows soon
			g.Drop()
			w.Wait("that one to be given up", func() bool { return len(g.ClosedWith()) > 0 })
			g.Beat(time.Minute) // on those to come, so that no answer is late
			g.Mute(false)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, "gateway", standin.Options{})
			g := w.Gateway()
			goesOn(t, w) // so that it knows its session
			end(w, g)
			w.Wait("the session to go on", func() bool { return g.Resumes() > 0 && g.Ready() })
			goesOn(t, w)
			if n := g.Identifies(); n != 1 {
				t.Errorf("%d sessions were begun", n)
			}
			if n := w.Calls("GET gateway/bot"); n != 1 {
				t.Errorf("the address was asked for %d times: a session has its own", n)
			}
			if name == "asked to" && len(w.errors()) > 0 {
				t.Errorf("a failure was told of: %v", w.errors())
			}
			if slices.Contains(g.ClosedWith(), 1000) {
				t.Error("the session was given up by closing with 1000")
			}
		})
	}
}

// A session that is gone is begun anew.
func TestBeginsAnew(t *testing.T) {
	for name, end := range map[string]func(g *standin.Gateway){
		"invalid":               func(g *standin.Gateway) { g.Invalidate(false) },
		"a refused resume":      func(g *standin.Gateway) { g.RefuseResume(1); g.Drop() },
		"closed with 1000":      func(g *standin.Gateway) { g.Close(1000) },
		"closed with 4007":      func(g *standin.Gateway) { g.Close(4007) },
		"closed with 4009":      func(g *standin.Gateway) { g.Close(4009) },
		"refused again, thrice": func(g *standin.Gateway) { g.RefuseResume(3); g.Drop() },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, "gateway", standin.Options{})
			g := w.Gateway()
			goesOn(t, w) // so that it knows its session
			end(g)
			w.Wait("a new session", func() bool { return g.Identifies() > 1 && g.Ready() })
			goesOn(t, w)
		})
	}
}

// What a person did while the connection was away comes with the resume, and is answered.
func TestMissedInteractionIsAnswered(t *testing.T) {
	w := newWorld(t, "gateway", standin.Options{})
	g := w.Gateway()
	goesOn(t, w) // so that it knows its session
	g.Drop()
	p := w.Join("sv-SE")
	act := p.Command("support", nil)
	answered(t, act)
	shows(t, p, "Vad gäller det?")
	goesOn(t, w)
}

// The gateway is away, refuses and hangs, with and without a session; then it is back.
func TestGatewayAway(t *testing.T) {
	for name, away := range map[string]func(g *standin.Gateway, is bool){
		"refuses": func(g *standin.Gateway, is bool) { g.Away(is) },
		"hangs":   func(g *standin.Gateway, is bool) { g.HoldHello(is) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, "gateway", standin.Options{})
			g := w.Gateway()
			away(g, true)
			g.Drop()
			w.Wait("word of it", func() bool { return len(w.errors()) > 0 })
			time.Sleep(3 * time.Second) // several tries
			if n := len(w.errors()); n > 3 {
				t.Errorf("told of %d times: %v", n, w.errors())
			}
			away(g, false)
			g.WaitReady()
			goesOn(t, w)
		})
	}
}

// What the gateway refuses is told with its cure, known while it lasts, and tried again; when it lets the bot in, the bot goes on.
func TestGatewayRefuses(t *testing.T) {
	for code, cure := range map[int]string{4004: "MOTKRAFT_DISCORD_TOKEN", 4014: "not allowed", 4013: "update", 4011: "MOTKRAFT_DISCORD_PUBLIC_KEY"} {
		w := newWorld(t, "gateway", standin.Options{})
		g := w.Gateway()
		before := g.Identifies()
		g.Close(code)
		w.Wait("word of it", func() bool { return len(w.errors()) > 0 })
		if said := w.errors()[0].Error(); !strings.Contains(said, cure) {
			t.Errorf("code %d: told %q", code, said)
		}
		w.Wait("another try", func() bool { return g.Identifies() > before })
		g.WaitReady()
		w.Wait("the end of the refusal", func() bool { return !w.d.Refused() })
		goesOn(t, w)
	}
}

// A hello with a pace that cannot be meant ends no more than that connection.
func TestAbsurdHeartbeat(t *testing.T) {
	for _, every := range []time.Duration{-time.Second, 0, time.Nanosecond, 1000 * time.Hour} {
		w := newWorld(t, "gateway", standin.Options{})
		g := w.Gateway()
		g.Beat(every)
		g.Drop()
		w.Wait("word of it", func() bool { return len(w.errors()) > 0 })
		g.Beat(time.Minute)
		g.WaitReady()
		goesOn(t, w)
	}
}

// Frames that nobody expects leave the connection be, or at worst begin another.
func TestStrangeFrames(t *testing.T) {
	w := newWorld(t, "gateway", standin.Options{})
	g := w.Gateway()
	for _, frame := range []string{
		`{"op":0,"s":4,"t":"NEW_KIND_OF_EVENT","d":{"a":[1,2]}}`, `{"op":99,"d":null}`, `{"op":1,"d":null}`, `{"op":0,"s":5,"t":"INTERACTION_CREATE","d":null}`,
		`{"op":0,"s":6,"t":"INTERACTION_CREATE","d":{"id":"../../x","token":"t","type":2}}`, `{"op":0,"s":7,"t":"INTERACTION_CREATE","d":[]}`,
		`{"op":0,"s":8,"t":"READY","d":{"session_id":7}}`, `{"op":11}`, `[]`, `no JSON at all`,
	} {
		g.Send(frame)
	}
	g.WaitReady()
	goesOn(t, w)
}

// A heartbeat that the gateway asks for comes at once.
func TestAskedHeartbeat(t *testing.T) {
	w := newWorld(t, "gateway", standin.Options{}) // the next one by itself would come in most of a minute
	before := w.Gateway().Beats()
	w.Gateway().AskBeat()
	w.Wait("the heartbeat", func() bool { return w.Gateway().Beats() > before })
}
