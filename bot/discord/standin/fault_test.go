package standin_test

import (
	"bytes"
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"motkraft/bot/discord/standin"
)

func TestFaults(t *testing.T) {
	has := func(part string) func(answer) bool {
		return func(a answer) bool { return bytes.Contains(a.Body, []byte(part)) }
	}
	for name, c := range map[string]struct {
		fault standin.Fault
		want  func(answer) bool
		quiet bool // nothing is said in which a canary could stand
	}{
		"500": {standin.Fault{Status: 500}, func(a answer) bool { return a.Status == 500 }, false},
		"401": {standin.Fault{Status: 401}, has(`"message":"401: Unauthorized`), false},
		"400": {standin.Fault{Status: 400, Code: 50035, Message: "no"}, func(a answer) bool { return a.Code == 50035 && has(`"no `)(a) }, false},
		"429": {standin.Fault{Status: 429, RetryAfter: 1500 * time.Millisecond}, func(a answer) bool {
			return a.Header.Get("Retry-After") == "2" && has(`"retry_after":1.5`)(a) && has(`"global":false`)(a) && a.Header.Get("X-RateLimit-Scope") == "user"
		}, false},
		"global": {standin.Fault{Status: 429, RetryAfter: time.Second, Global: true}, func(a answer) bool {
			return a.Header.Get("X-RateLimit-Global") == "true" && has(`"global":true`)(a) && a.Header.Get("X-RateLimit-Scope") == "global"
		}, false},
		"shared":  {standin.Fault{Status: 429, RetryAfter: time.Second, Scope: "shared"}, func(a answer) bool { return a.Header.Get("X-RateLimit-Scope") == "shared" }, false},
		"half":    {standin.Fault{Kind: standin.Half}, func(a answer) bool { return a.Status == 200 && !bytes.HasSuffix(a.Body, []byte("}")) }, true},
		"no JSON": {standin.Fault{Kind: standin.BadJSON}, func(a answer) bool { return a.Status == 200 && has(",,")(a) }, false},
		"HTML":    {standin.Fault{Kind: standin.HTML}, func(a answer) bool { return a.Status == 502 && has("<html>")(a) }, false},
		"drop":    {standin.Fault{Kind: standin.Drop}, func(a answer) bool { return a.Status == 0 }, true},
		"hang":    {standin.Fault{Kind: standin.Hang}, func(a answer) bool { return a.Status == 0 }, true},
	} {
		t.Run(name, func(t *testing.T) {
			for _, done := range []bool{false, true} {
				s := standin.New(t, standin.Options{})
				b := connect(t, s)
				anna := s.Join("sv-SE")
				act := anna.Command("support", nil)
				in := b.interaction()
				fault := c.fault
				fault.Done = done
				s.Fail(func(call standin.Call) *standin.Fault {
					if call.Route == "POST callback" && call.Interaction == act.ID && strings.Contains(call.Body, "words of mine") && call.N == 1 {
						return &fault
					}
					return nil
				})
				var a answer
				if fault.Kind == standin.Hang {
					hangs(t, s, in)
				} else {
					a = call(t, s, "POST", in.callback(), screen("4", "words of mine"))
				}
				if !c.want(a) {
					t.Errorf("got %d %s %v", a.Status, a.Body, a.Header)
				}
				for _, canary := range []string{s.Token, in.Token, in.ID, anna.ID, anna.Username, anna.Nick, "words of mine"} {
					if !c.quiet && !bytes.Contains(a.Body, []byte(canary)) {
						t.Errorf("%q is not in %q", canary, a.Body)
					}
				}
				if (act.Status() == standin.Answered) != done {
					t.Errorf("carried out: %v, want %v", act.Status(), done)
				}
				none(t, s)
			}
		})
	}
}

// hangs makes a call that is given up.
func hangs(t *testing.T, s *standin.Server, in received) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, "POST", s.API+in.callback(), strings.NewReader(screen("4", "words of mine")))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("User-Agent", "DiscordBot (https://example.org, 1)")
	req.Header.Set("Content-Type", "application/json")
	if resp, err := http.DefaultClient.Do(req); err == nil {
		resp.Body.Close()
		t.Errorf("got %d", resp.StatusCode)
	}
}

func TestRetryEarly(t *testing.T) {
	s := standin.New(t, standin.Options{})
	b := connect(t, s)
	anna := s.Join("")
	anna.Command("x", nil)
	anna.Command("x", nil)
	one, other := b.interaction(), b.interaction()
	fault := &standin.Fault{Status: 429, RetryAfter: time.Hour}
	s.Fail(func(c standin.Call) *standin.Fault {
		if (c.Route == "POST callback" || c.Route == "PUT commands") && c.N == 1 {
			return fault
		}
		return nil
	})
	refuses(t, call(t, s, "POST", one.callback(), screen("4", "x")), 429, 0)
	if s.RetryEarly() != 0 {
		t.Error("the first call is called early")
	}
	ok(t, call(t, s, "POST", other.callback(), screen("4", "x")), 204)
	refuses(t, call(t, s, "POST", one.callback(), screen("4", "x")), 429, 0)
	if s.RetryEarly() != 1 {
		t.Errorf("%d early", s.RetryEarly())
	}
	// A global limit of the bot's holds all that it does with its token, but no answers.
	fault = &standin.Fault{Status: 429, RetryAfter: time.Hour, Global: true}
	refuses(t, call(t, s, "PUT", commandsOf(s), "[]"), 429, 0)
	refuses(t, call(t, s, "GET", "users/@me", ""), 429, 0)
	ok(t, call(t, s, "DELETE", other.original(s), ""), 204)
	if s.RetryEarly() != 2 {
		t.Errorf("%d early", s.RetryEarly())
	}
	log := s.Log()
	if last := log[len(log)-1]; last.Route != "DELETE original" || last.Status != 204 || last.Interaction != other.ID || s.Calls("GET me") != 1 {
		t.Errorf("got %+v", last)
	}
	none(t, s)
}

func TestRetryAfterEnds(t *testing.T) {
	s := standin.New(t, standin.Options{})
	s.Fail(func(c standin.Call) *standin.Fault {
		if c.N == 1 {
			return &standin.Fault{Status: 429, RetryAfter: 50 * time.Millisecond}
		}
		return nil
	})
	refuses(t, call(t, s, "GET", "users/@me", ""), 429, 0)
	time.Sleep(60 * time.Millisecond)
	ok(t, call(t, s, "GET", "users/@me", ""), 200)
	if s.RetryEarly() != 0 {
		t.Errorf("%d early", s.RetryEarly())
	}
}

func TestCanaries(t *testing.T) {
	s := standin.New(t, standin.Options{})
	b := connect(t, s)
	anna := s.Join("sv-SE")
	anna.Command("support", nil)
	in := b.interaction()
	ok(t, call(t, s, "POST", in.callback(), screen("4", "x")), 204)
	all := "\n" + strings.Join(s.Canaries(), "\n") + "\n"
	for _, want := range []string{s.Token, anna.ID, anna.Name, anna.Nick, anna.Username, anna.Avatar, in.ID, in.Token, anna.Messages()[0].ID, b.session} {
		if !strings.Contains(all, "\n"+want+"\n") {
			t.Errorf("%q is missing", want)
		}
	}
}
