package discord_test

import (
	"context"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"motkraft/bot"
	"motkraft/bot/discord/standin"
)

// calls that answer somebody fail as planned, each once or for ever; the others go through.
func answering(w *world, f standin.Fault, times int) *atomic.Int64 {
	var left atomic.Int64
	left.Store(int64(times))
	w.Fail(func(c standin.Call) *standin.Fault {
		if c.Route == "POST callback" && left.Add(-1) >= 0 {
			return &f
		}
		return nil
	})
	return &left
}

// A failure that passes while Discord waits is ridden out, and nobody is told.
func TestAnswerIsTriedAgain(t *testing.T) {
	for name, f := range map[string]standin.Fault{
		"429":                          {Status: 429, RetryAfter: 300 * time.Millisecond},
		"429, global":                  {Status: 429, RetryAfter: 300 * time.Millisecond, Global: true},
		"500":                          {Status: 500},
		"502":                          {Kind: standin.HTML},
		"503":                          {Status: 503},
		"dropped":                      {Kind: standin.Drop},
		"hangs":                        {Kind: standin.Hang},
		"dropped after it was carried": {Kind: standin.Drop, Done: true},
		"hangs after it was carried":   {Kind: standin.Hang, Done: true},
		"502 after it was carried":     {Kind: standin.HTML, Done: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, "gateway", standin.Options{})
			w.Wait("the commands", func() bool { return w.Calls("PUT commands") > 0 }) // no call is under way when all are told to wait
			answering(w, f, 1)
			p := w.Join("sv-SE")
			answered(t, p.Command("support", nil))
			shows(t, p, "Vad gäller det?")
			w.stop() // what is in hand is settled
			if errs := w.errors(); len(errs) > 0 {
				t.Errorf("told of %v", errs)
			}
			if n := w.RetryEarly(); n > 0 {
				t.Errorf("%d calls came before Retry-After was over", n)
			}
		})
	}
}

// One that does not pass is told of once, without anything private, and the next person is answered.
func TestAnswerIsGivenUp(t *testing.T) {
	for name, f := range map[string]standin.Fault{
		"400":                 {Status: 400, Code: 50035},
		"401":                 {Status: 401, Code: 50027},
		"403":                 {Status: 403},
		"404":                 {Status: 404, Code: 10062},
		"429 for a long time": {Status: 429, RetryAfter: time.Hour},
		"500":                 {Status: 500},
		"hangs":               {Kind: standin.Hang},
		"half an answer":      {Kind: standin.Half, Status: 500},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, "gateway", standin.Options{FirstAnswer: 10 * time.Second}) // the next person has so long too
			left := answering(w, f, 1000)
			p := w.Join("sv-SE")
			p.Command("support", nil)
			w.Wait("word of it", func() bool { return len(w.errors()) == 1 })
			if n := 1000 - left.Load(); n > 12 {
				t.Errorf("tried %d times", n)
			}
			left.Store(0)
			if name == "half an answer" {
				return // the answer was there: what was lost is only word of it
			}
			goesOn(t, w)
			if n := len(w.errors()); n != 1 {
				t.Errorf("told of %d times: %v", n, w.errors())
			}
		})
	}
}

// After the global limit no call at all is made before its time.
func TestGlobalLimitHoldsAll(t *testing.T) {
	w := newWorld(t, "gateway", standin.Options{})
	answering(w, standin.Fault{Status: 429, RetryAfter: time.Second, Global: true}, 1)
	acts := []*standin.Act{w.Join("sv-SE").Command("support", nil)}
	w.Wait("the limit to be known", func() bool { return w.d.Holds() || acts[0].Status() == standin.Answered })
	for range 20 {
		acts = append(acts, w.Join("sv-SE").Command("support", nil))
	}
	for _, act := range acts {
		answered(t, act)
	}
	if n := w.RetryEarly(); n > 0 {
		t.Errorf("%d calls came too early", n)
	}
}

// A refusal of the token, whichever call says so first, is told with its cure, known while it lasts, and ends nothing: when Discord lets the bot
// in again it goes on.
func TestRefusedToken(t *testing.T) {
	for _, route := range []string{"GET application", "GET gateway/bot", "GET commands", "PUT commands"} {
		for way := range ways {
			if way == "http" && route == "GET gateway/bot" {
				continue
			}
			t.Run(way+" "+route, func(t *testing.T) {
				t.Parallel()
				w := prepare(t, standin.Options{})
				var left atomic.Int64
				left.Store(2)
				w.Fail(func(c standin.Call) *standin.Fault {
					if c.Route != route || left.Add(-1) < 0 {
						return nil
					}
					return &standin.Fault{Status: 401}
				})
				w.run(t, way)
				w.Wait("word of it", func() bool { return len(w.errors()) > 0 })
				if said := w.errors()[0].Error(); !strings.Contains(said, "MOTKRAFT_DISCORD_TOKEN") {
					t.Errorf("told: %q", said)
				}
				if wanted := route == "GET application" || route == "GET gateway/bot"; wanted {
					w.Wait("the end of the refusals", func() bool { return left.Load() < 0 && !w.d.Refused() })
				}
				begun(w.Server, way == "http")
				goesOn(t, w)
			})
		}
	}
}

// That the commands cannot be read keeps them from nobody: they are written all the same.
func TestUnreadCommandsAreWritten(t *testing.T) {
	w := prepare(t, standin.Options{})
	w.Fail(func(c standin.Call) *standin.Fault {
		if c.Route == "GET commands" {
			return &standin.Fault{Status: 403}
		}
		return nil
	})
	w.run(t, "gateway")
	w.Wait("the commands", func() bool { return w.Calls("PUT commands") > 0 })
	if said := w.errors(); len(said) == 0 || !strings.Contains(said[0].Error(), "reading the commands was refused") {
		t.Errorf("told: %v", said)
	}
}

// Discord is away when the program starts: it comes when Discord does.
func TestStartsWithoutDiscord(t *testing.T) {
	for way := range ways {
		t.Run(way, func(t *testing.T) {
			w := prepare(t, standin.Options{})
			var left atomic.Int64
			left.Store(3)
			w.Fail(func(standin.Call) *standin.Fault {
				if left.Add(-1) >= 0 {
					return &standin.Fault{Status: 503}
				}
				return nil
			})
			w.start(t, way)
			goesOn(t, w)
			if n := len(w.errors()); n != 1 {
				t.Errorf("told of %d times: %v", n, w.errors())
			}
		})
	}
}

// That the commands cannot be registered is told, and keeps nobody from talking.
func TestRegistrationFails(t *testing.T) {
	w := prepare(t, standin.Options{})
	w.Fail(func(c standin.Call) *standin.Fault {
		if c.Route == "PUT commands" {
			return &standin.Fault{Status: 403, Code: 50001}
		}
		return nil
	})
	w.start(t, "gateway")
	w.Wait("word of it", func() bool { return len(w.errors()) == 1 })
	goesOn(t, w)
}

// A hundred at once are answered side by side: none waits for another, since Discord waits for none. An answer is made here when all the others
// have come to be made.
func TestHundredAtOnce(t *testing.T) {
	for way := range ways {
		t.Run(way, func(t *testing.T) {
			const people = 100
			w := prepare(t, standin.Options{})
			var coming sync.WaitGroup
			coming.Add(people)
			w.handler = holding{w.bot, func() { coming.Done(); coming.Wait() }}
			w.start(t, way)
			var acts []*standin.Act
			for range people {
				acts = append(acts, w.Join("sv-SE").Command("support", nil))
			}
			for _, act := range acts {
				answered(t, act)
			}
		})
	}
}

// What came too late is not answered and counts as a failure.
func TestLateInteractionIsDropped(t *testing.T) {
	for way := range ways {
		t.Run(way, func(t *testing.T) {
			w := newWorld(t, way, standin.Options{})
			goesOn(t, w)
			w.Wait("the last word of what time it is", func() bool {
				log := w.Log()
				return w.Calls("PUT commands") == 1 && !slices.ContainsFunc(log, func(c standin.Call) bool { return c.Status == 0 })
			})
			calls := w.Calls("POST callback")
			w.Advance(-standin.Patience - 10*time.Second) // the platform's ids are from then
			p := w.Join("sv-SE")
			act := p.Command("support", nil)
			w.Wait("word of it", func() bool { return len(w.errors()) == 1 })
			if act.Type() != 0 || w.Calls("POST callback") != calls || !strings.Contains(w.errors()[0].Error(), "too late") {
				t.Errorf("answered with %d, %d calls, told %v", act.Type(), w.Calls("POST callback")-calls, w.errors())
			}
		})
	}
}

// A machine whose clock goes ahead or behind answers all the same.
func TestWrongClock(t *testing.T) {
	for _, off := range []time.Duration{20 * time.Second, -20 * time.Second} {
		for way := range ways {
			w := prepare(t, standin.Options{})
			w.opts.Now = func() time.Time { return time.Now().Add(off) }
			w.start(t, way)
			goesOn(t, w)
		}
	}
}

// Clearing that Discord does not carry out leaves a neutral text, and is told.
func TestClearingFails(t *testing.T) {
	for way := range ways {
		t.Run(way, func(t *testing.T) {
			w := newWorld(t, way, standin.Options{})
			w.Fail(func(c standin.Call) *standin.Fault {
				if c.Route == "DELETE original" {
					return &standin.Fault{Status: 403}
				}
				return nil
			})
			p := w.Join("sv-SE")
			answered(t, p.Command("support", nil))
			pressing(t, p, "Rensa")
			shows(t, p, "tas bort nu")
			w.Wait("word of it", func() bool { return len(w.errors()) == 1 })
		})
	}
}

// breaking is a handler with a fault: one door brings it down.
type breaking struct{ bot.Handler }

func (b breaking) Handle(ctx context.Context, u bot.Update) bot.Message {
	if u.Start == "k1" {
		panic("canary: " + u.Start)
	}
	return b.Handler.Handle(ctx, u)
}

// A fault of ours ends one answer and nothing else. It is told, without what it said.
func TestPanicEndsOneAnswer(t *testing.T) {
	for way := range ways {
		t.Run(way, func(t *testing.T) {
			w := prepare(t, standin.Options{})
			w.handler = breaking{w.bot}
			w.start(t, way)
			w.Join("sv-SE").Command("support", map[string]string{"topic": "k1"})
			w.Wait("word of it", func() bool { return len(w.errors()) == 1 })
			if said := w.errors()[0].Error(); strings.Contains(said, "canary") || !strings.Contains(said, "breaking.Handle") {
				t.Errorf("told of %q", said)
			}
			goesOn(t, w)
		})
	}
}

// What is in hand when the program is told to stop is answered, and what comes after is not taken.
func TestStopFinishesWhatIsInHand(t *testing.T) {
	w := newWorld(t, "gateway", standin.Options{})
	w.Fail(func(c standin.Call) *standin.Fault {
		if c.Route == "POST callback" && c.N == 1 {
			return &standin.Fault{Status: 429, RetryAfter: 300 * time.Millisecond}
		}
		return nil
	})
	act := w.Join("sv-SE").Command("support", nil)
	w.Wait("the first try", func() bool { return w.Calls("POST callback") == 1 })
	w.stop()
	if act.Status() != standin.Answered {
		t.Errorf("the act is %v: %s", act.Status(), act.Why())
	}
}
