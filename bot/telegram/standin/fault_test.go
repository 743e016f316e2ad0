package standin_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"motkraft/bot/telegram/standin"
)

// TestFaults holds what a refusal says here; how answers go wrong otherwise is held where it is made.
func TestFaults(t *testing.T) {
	for name, c := range map[string]struct {
		fault standin.Fault
		says  string
		after int // seconds
	}{
		"500":          {standin.Fault{Status: 500}, "Internal Server Error (", 0},
		"400":          {standin.Fault{Status: 400, Description: "Bad Request: no"}, "Bad Request: no (", 0},
		"429":          {standin.Fault{Status: 429, RetryAfter: 7}, "Too Many Requests: retry after 7 (", 7},
		"429 in words": {standin.Fault{Status: 429, RetryAfter: 7, Description: "slow"}, "slow (", 7},
	} {
		t.Run(name, func(t *testing.T) {
			for _, done := range []bool{false, true} {
				s := standin.New(t, standin.Options{})
				anna := s.Join("")
				anna.Start("")
				fault := c.fault
				fault.Done = done
				s.Fail(func(call standin.Call) *standin.Fault {
					if call.Method == "sendMessage" && call.Chat == anna.ID && call.Params["text"] == "x" && call.N == 1 {
						return &fault
					}
					return nil
				})
				a := call(t, s, "sendMessage", p{"chat_id": id(anna.ID), "text": "x"})
				if a.Status != c.fault.Status || !strings.HasPrefix(a.Description, c.says) || a.Parameters.RetryAfter != c.after {
					t.Errorf("got %+v", a)
				}
				for _, canary := range []string{s.Token, anna.First, id(anna.ID)} {
					if !strings.Contains(a.Description, canary) {
						t.Errorf("%q is not in %q", canary, a.Description)
					}
				}
				if sent := len(anna.Screens()) == 1; sent != done {
					t.Errorf("carried out: %v, want %v", sent, done)
				}
				if c.after == 0 {
					must(t, s, "sendMessage", p{"chat_id": id(anna.ID), "text": "x"})
				}
				none(t, s)
			}
		})
	}
}

func TestRetryEarly(t *testing.T) {
	s := standin.New(t, standin.Options{})
	anna, bo := s.Join(""), s.Join("")
	anna.Start("")
	bo.Start("")
	s.Fail(func(c standin.Call) *standin.Fault {
		if c.Method == "sendMessage" && c.N == 1 {
			return &standin.Fault{Status: 429, RetryAfter: 1}
		}
		return nil
	})
	send := func(to *standin.Person) answer {
		return call(t, s, "sendMessage", p{"chat_id": id(to.ID), "text": "x"})
	}
	if a := send(anna); a.Status != 429 || a.Parameters.RetryAfter != 1 {
		t.Fatalf("got %+v", a)
	}
	held := time.Now()
	if a := send(bo); !a.OK || s.RetryEarly() != 0 {
		t.Errorf("another chat is held up: %+v", a)
	}
	a := send(anna)
	if time.Since(held) < time.Second && (a.Status != 429 || a.Parameters.RetryAfter != 1 || s.RetryEarly() != 1) {
		t.Errorf("got %+v, %d early", a, s.RetryEarly())
	}
	early := s.RetryEarly()
	time.Sleep(time.Until(held.Add(time.Second)))
	if a := send(anna); !a.OK || s.RetryEarly() != early {
		t.Errorf("got %+v, %d early", a, s.RetryEarly())
	}
}

// One person is told to wait; others, and what is for no chat, are not.
func TestWaitFor(t *testing.T) {
	s := standin.New(t, standin.Options{})
	anna, bo := s.Join(""), s.Join("")
	anna.Start("")
	bo.Start("")
	s.WaitFor(anna, 1500*time.Millisecond)
	must(t, s, "getMe", nil)
	must(t, s, "sendMessage", p{"chat_id": id(bo.ID), "text": "x"})
	if a := call(t, s, "sendMessage", p{"chat_id": id(anna.ID), "text": "x"}); a.Status != 429 || a.Parameters.RetryAfter != 2 || s.RetryEarly() != 0 {
		t.Errorf("got %+v, %d early", a, s.RetryEarly())
	}
	must(t, s, "sendMessage", p{"chat_id": id(bo.ID), "text": "y"})
	time.Sleep(1500 * time.Millisecond)
	must(t, s, "sendMessage", p{"chat_id": id(anna.ID), "text": "x"})
	if len(anna.Screens()) != 1 || len(bo.Screens()) != 2 || s.RetryEarly() != 0 {
		t.Errorf("got %+v, %+v, %d early", anna.Screens(), bo.Screens(), s.RetryEarly())
	}
}

// Away, the platform answers nothing: also not what was asked before, or by a webhook.
func TestAway(t *testing.T) {
	s := standin.New(t, standin.Options{})
	anna := s.Join("")
	get := func(method, params string) error {
		resp, err := http.Post(s.URL+"/bot"+s.Token+"/"+method, "application/x-www-form-urlencoded", strings.NewReader(params))
		if err == nil {
			resp.Body.Close()
		}
		return err
	}
	var polls sync.WaitGroup
	polls.Go(func() {
		if get("getUpdates", "timeout=50") == nil {
			t.Error("the poll is answered")
		}
	})
	s.Wait("the poll", s.Polling)
	s.Away(true)
	polls.Wait()
	s.Wait("the end of the poll", func() bool { return !s.Polling() })
	first := anna.Type("hello")
	if get("getMe", "") == nil || get("getUpdates", "") == nil || s.Update(first).Handed != 0 {
		t.Errorf("it is not away: %+v", s.Update(first))
	}
	s.Away(false)
	if got := poll(t, s, nil); len(got) != 1 || got[0].ID != first {
		t.Errorf("got %+v", got)
	}
	r := &receiver{answer: func(int64, int) int { return http.StatusOK }}
	server := httptest.NewServer(r)
	defer server.Close()
	must(t, s, "setWebhook", p{"url": server.URL + "/telegram"})
	s.WaitConfirmed()
	s.Away(true)
	second := anna.Type("again")
	time.Sleep(50 * time.Millisecond)
	if d := s.Update(second); d.Handed != 0 {
		t.Errorf("sent while away: %+v", d)
	}
	s.Away(false)
	s.WaitConfirmed(second)
	none(t, s)
}

func TestCanaries(t *testing.T) {
	s := standin.New(t, standin.Options{})
	anna, g := s.Join(""), s.Group()
	anna.Type("something only I know")
	anna.Press("a")
	query := poll(t, s, nil)[1].Query.ID
	must(t, s, "setWebhook", p{"url": "https://example.org/", "secret_token": "a-secret"})
	all := " " + strings.Join(s.Canaries(), " ") + " "
	for _, want := range []string{s.Token, id(anna.ID), anna.First, anna.Last, anna.Username, "something only I know", query, "a-secret", id(g.ID)} {
		if !strings.Contains(all, " "+want+" ") {
			t.Errorf("%q is missing", want)
		}
	}
}
