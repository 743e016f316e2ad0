package standin_test

import (
	"bytes"
	"crypto/ed25519"
	"encoding/hex"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"motkraft/bot/discord/standin"
)

// hook is a bot's end of forwarded interactions, in front of which signatures are checked.
func hook(t *testing.T, key string, answer http.HandlerFunc) string {
	t.Helper()
	public, err := hex.DecodeString(key)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body) // a half one does not match its signature
		signature, _ := hex.DecodeString(r.Header.Get("X-Signature-Ed25519"))
		stamp := r.Header.Get("X-Signature-Timestamp")
		at, _ := strconv.ParseInt(stamp, 10, 64)
		if !ed25519.Verify(public, append([]byte(stamp), body...), signature) || time.Since(time.Unix(at, 0)).Abs() > time.Minute {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		if bytes.Contains(body, []byte(`"type":1,`)) && bytes.Contains(body, []byte(`"ping-`)) {
			io.WriteString(w, `{"type":1}`)
			return
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		answer(w, r)
	}))
	t.Cleanup(server.Close)
	return server.URL + "/discord"
}

// answering is a hook that answers all the same, and looks at no signature.
func answering(t *testing.T, status int, body string) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		io.WriteString(w, body)
	}))
	t.Cleanup(server.Close)
	return server.URL
}

func TestForward(t *testing.T) {
	s := standin.New(t, standin.Options{})
	url := hook(t, s.PublicKey, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/discord" || r.Header.Get("Content-Type") != "application/json" {
			w.WriteHeader(http.StatusTeapot)
			return
		}
		io.WriteString(w, screen("4", "Hej"))
	})
	s.Forward(url)
	if err := s.Ping(url); err != nil {
		t.Error(err)
	}
	anna := s.Join("sv-SE")
	act := anna.Command("support", nil)
	if act.Wait() != standin.Answered || act.HTTP() != 200 || act.Type() != 4 || anna.Messages()[0].Content != "Hej" {
		t.Errorf("the act is %v: %s, seen are %+v", act.Status(), act.Why(), anna.Messages())
	}
	for _, how := range []standin.Signed{
		{Wrongly: true},
		{At: time.Now().Add(-time.Hour)},
		{Change: func(h http.Header) { h.Set("X-Signature-Timestamp", "0") }},
		{Change: func(h http.Header) { h.Del("X-Signature-Ed25519") }},
	} {
		if status, _ := s.Post(url, "{}", how); status != http.StatusUnauthorized {
			t.Errorf("%+v got %d", how, status)
		}
	}
	if status, body := s.Post(url, "{}", standin.Signed{}); status != 200 || body != screen("4", "Hej") {
		t.Errorf("got %d %s", status, body)
	}
	s.Forward("")
	b := connect(t, s)
	anna.Command("support", nil)
	b.interaction()
	none(t, s)
}

func TestPingFindsWhoDoesNotCheck(t *testing.T) {
	s := standin.New(t, standin.Options{})
	if err := s.Ping(answering(t, 200, `{"type":1}`)); err == nil || !strings.Contains(err.Error(), "wrong signature") {
		t.Errorf("got %v", err)
	}
	if err := s.Ping(answering(t, 200, `{"type":4}`)); err == nil {
		t.Error("another answer passes for a pong")
	}
}

func TestForwardedActsThatFail(t *testing.T) {
	for name, c := range map[string]struct {
		status int
		body   string
	}{
		"an error":  {500, ""},
		"no JSON":   {200, "{"},
		"nothing":   {200, ""},
		"not empty": {200, `{"type":4,"data":{"content":"",` + mentions + `}}`},
	} {
		s := standin.New(t, standin.Options{})
		s.Forward(answering(t, c.status, c.body))
		anna := s.Join("")
		if act := anna.Command("x", nil); act.Wait() != standin.Failed || act.Why() == "" || len(anna.Messages()) != 0 {
			t.Errorf("%s: the act is %v", name, act.Status())
		}
	}
}

// An answer of 202 leaves the answering to a callback.
func TestForwardedActAnsweredByCallback(t *testing.T) {
	s := standin.New(t, standin.Options{})
	ids := make(chan string, 1)
	s.Forward(hook(t, s.PublicKey, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		ids <- string(body)
		w.WriteHeader(http.StatusAccepted)
	}))
	act := s.Join("").Command("x", nil)
	_, token, _ := strings.Cut(<-ids, `"token":"`)
	token, _, _ = strings.Cut(token, `"`)
	s.Wait("the 202", func() bool { return act.HTTP() == 202 })
	if act.Status() != standin.Pending {
		t.Errorf("the act is %v", act.Status())
	}
	ok(t, call(t, s, "POST", "interactions/"+act.ID+"/"+token+"/callback", screen("4", "x")), 204)
	if act.Wait() != standin.Answered {
		t.Errorf("the act is %v", act.Status())
	}
	none(t, s)
}

func TestFailForward(t *testing.T) {
	s := standin.New(t, standin.Options{})
	var mu sync.Mutex
	whole := 0
	s.Forward(hook(t, s.PublicKey, func(w http.ResponseWriter, _ *http.Request) {
		mu.Lock()
		whole++
		mu.Unlock()
		io.WriteString(w, screen("4", "x"))
	}))
	came := func(n int) func() bool {
		return func() bool {
			mu.Lock()
			defer mu.Unlock()
			return whole == n
		}
	}
	fault := standin.NoFault
	s.FailForward(func(*standin.Act) standin.ForwardFault { return fault })
	anna := s.Join("")
	fault = standin.SentTwice
	if act := anna.Command("x", nil); act.Wait() != standin.Answered {
		t.Errorf("the act is %v: %s", act.Status(), act.Why())
	}
	s.Wait("both copies", came(2))
	fault = standin.CutShort
	if act := anna.Command("x", nil); act.Wait() != standin.Failed {
		t.Errorf("the act is %v", act.Status())
	}
	s.Wait("what was sent", came(3))
	fault = standin.HalfSent
	if act := anna.Command("x", nil); act.Wait() != standin.Failed {
		t.Errorf("the act is %v", act.Status())
	}
	fault = standin.NoFault
	if act := anna.Command("x", nil); act.Wait() != standin.Answered || !came(4)() {
		t.Errorf("the act is %v: %s", act.Status(), act.Why())
	}
	if n := len(anna.Messages()); n != 2 {
		t.Errorf("%d messages", n)
	}
	none(t, s)
}

// Two presses of one person are under way at the same time.
func TestForwardedAtTheSameTime(t *testing.T) {
	s := standin.New(t, standin.Options{})
	arrived := make(chan struct{}, 2)
	release := make(chan struct{})
	s.Forward(hook(t, s.PublicKey, func(w http.ResponseWriter, _ *http.Request) {
		arrived <- struct{}{}
		<-release
		io.WriteString(w, screen("4", "x"))
	}))
	anna := s.Join("")
	first, second := anna.Command("x", nil), anna.Command("y", nil)
	<-arrived
	<-arrived
	close(release)
	s.Settle()
	if first.Status() == standin.Pending || second.Status() == standin.Pending {
		t.Error("settled, one is pending")
	}
	if first.Wait() != standin.Answered || second.Wait() != standin.Answered {
		t.Errorf("the acts are %v, %v", first.Status(), second.Status())
	}
}
