package standin_test

import (
	"bytes"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"motkraft/bot/discord/standin"
)

// TestFaults holds what a refusal says here; how answers go wrong otherwise is held where it is made.
func TestFaults(t *testing.T) {
	has := func(part string) func(answer) bool {
		return func(a answer) bool { return bytes.Contains(a.Body, []byte(part)) }
	}
	for name, c := range map[string]struct {
		fault standin.Fault
		want  func(answer) bool
	}{
		"500": {standin.Fault{Status: 500}, func(a answer) bool { return a.Status == 500 }},
		"401": {standin.Fault{Status: 401}, has(`"message":"401: Unauthorized`)},
		"400": {standin.Fault{Status: 400, Code: 50035, Message: "no"}, func(a answer) bool { return a.Code == 50035 && has(`"no `)(a) }},
		"429": {standin.Fault{Status: 429, RetryAfter: 1500 * time.Millisecond}, func(a answer) bool {
			return a.Header.Get("Retry-After") == "2" && has(`"retry_after":1.5`)(a) && has(`"global":false`)(a) && a.Header.Get("X-RateLimit-Scope") == "user"
		}},
		"global": {standin.Fault{Status: 429, RetryAfter: time.Second, Global: true}, func(a answer) bool {
			return a.Header.Get("X-RateLimit-Global") == "true" && has(`"global":true`)(a) && a.Header.Get("X-RateLimit-Scope") == "global"
		}},
		"shared": {standin.Fault{Status: 429, RetryAfter: time.Second, Scope: "shared"}, func(a answer) bool { return a.Header.Get("X-RateLimit-Scope") == "shared" }},
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
				a := call(t, s, "POST", in.callback(), screen("4", "words of mine"))
				if !c.want(a) {
					t.Errorf("got %d %s %v", a.Status, a.Body, a.Header)
				}
				for _, canary := range []string{s.Token, in.Token, in.ID, anna.ID, anna.Username, anna.Nick, "words of mine"} {
					if !bytes.Contains(a.Body, []byte(canary)) {
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

// One person is told to wait; others, and what is about nobody, are not.
func TestWaitFor(t *testing.T) {
	s := standin.New(t, standin.Options{FirstAnswer: standin.Patience})
	b := connect(t, s)
	anna, bo := s.Join(""), s.Join("")
	s.WaitFor(anna, time.Second)
	anna.Command("x", nil)
	mine := b.interaction()
	bo.Command("x", nil)
	theirs := b.interaction()
	ok(t, call(t, s, "GET", "users/@me", ""), 200)
	a := call(t, s, "POST", mine.callback(), screen("4", "x"))
	if refuses(t, a, 429, 0); a.Header.Get("Retry-After") != "1" || !strings.Contains(string(a.Body), `"global":false`) || s.RetryEarly() != 0 {
		t.Errorf("got %s %v, %d early", a.Body, a.Header, s.RetryEarly())
	}
	ok(t, call(t, s, "POST", theirs.callback(), screen("4", "x")), 204)
	time.Sleep(time.Second)
	ok(t, call(t, s, "POST", mine.callback(), screen("4", "x")), 204)
	if s.RetryEarly() != 0 {
		t.Errorf("%d early", s.RetryEarly())
	}
	none(t, s)
}

// Away, the platform answers nothing, by either of its ways.
func TestPlatformAway(t *testing.T) {
	s := standin.New(t, standin.Options{})
	b := connect(t, s)
	s.Away(true)
	if code := b.closes(); code != 1006 {
		t.Errorf("closed with %d", code)
	}
	if _, resp, err := websocket.DefaultDialer.Dial(b.resume+"/?v=10&encoding=json", nil); err == nil || resp != nil {
		t.Errorf("the gateway says %v, %v", resp, err)
	}
	for _, path := range []string{"gateway/bot", "users/@me", "gateway"} {
		if a := call(t, s, "GET", path, ""); a.Status != 0 {
			t.Errorf("%s: got %d", path, a.Status)
		}
	}
	url := hook(t, s.PublicKey, func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, screen("4", "x")) })
	anna := s.Join("")
	s.Forward(url)
	if act := anna.Command("x", nil); act.Wait() != standin.Failed || len(anna.Messages()) != 0 {
		t.Errorf("forwarded while away, the act is %v", act.Status())
	}
	s.Away(false)
	if act := anna.Command("x", nil); act.Wait() != standin.Answered {
		t.Errorf("the act is %v: %s", act.Status(), act.Why())
	}
	s.Forward("")
	connect(t, s)
	none(t, s)
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
