package fakeserver

import (
	"context"
	"io"
	"math"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// toy is the least fake: a call's path is its name and its key, and is carried out by counting.
type toy struct {
	Server
	*Journal[toyCall, Failure]
	core *Core
	url  string
	mu   sync.Mutex
	done int
}

type toyCall struct {
	Call
	Path string
}

func newToy(t *testing.T) *toy {
	f := &toy{}
	f.core = New(t, &f.mu, nil)
	f.Server, f.Journal = f.core.Server(), NewJournal[toyCall, Failure](f.core)
	f.url = f.core.Serve(f.serve)[0]
	return f
}

func (f *toy) serve(w http.ResponseWriter, r *http.Request) {
	call := &toyCall{Path: r.URL.Path}
	left := Ask(f.core, func() time.Duration {
		Add(f.Journal, call.Path, call, &call.Call)
		left, _ := f.core.Early(call.At, call.Path)
		return left
	})
	if left > 0 {
		f.core.Answer(w, &call.Call, Answer{Status: 429, Header: http.Header{"Retry-After": {strconv.Itoa(int(math.Ceil(left.Seconds())))}}})
		return
	}
	f.core.Carry(w, r, &call.Call, Planned(f.Journal, *call), func() Answer {
		f.core.Do(func() { f.done++ })
		return Answer{Status: 201, Body: []byte(`{"made":true}`)}
	})
}

func (f *toy) carriedOut() int { return Ask(f.core, func() int { return f.done }) }

// ask makes a call; a status of 0 is no answer.
func (f *toy) ask(ctx context.Context, path string) (status int, body string, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, f.url+path, nil)
	if err != nil {
		return 0, "", err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, "", err
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	return resp.StatusCode, string(raw), err
}

func TestFaults(t *testing.T) {
	const canary = "only <I> know"
	refusal := Answer{Status: 400, Header: http.Header{"X-Why": {"so"}}, Body: []byte(`{"no":true}`)}
	for name, c := range map[string]struct {
		fault  Failure
		status int
		body   string // "": cut off
	}{
		"refused":           {Failure{Kind: Refuse, Refusal: refusal}, 400, `{"no":true}`},
		"half":              {Failure{Kind: Half}, 200, ""},
		"half of an error":  {Failure{Kind: Half, Status: 500}, 500, ""},
		"no JSON":           {Failure{Kind: BadJSON}, 200, `{"private":"only <I> know",,`},
		"no JSON, an error": {Failure{Kind: BadJSON, Status: 503}, 503, `{"private":"only <I> know",,`},
		"HTML":              {Failure{Kind: HTML}, 502, "<html><h1>Bad Gateway</h1><p>only &lt;I&gt; know</p></html>"},
		"another page":      {Failure{Kind: HTML, Status: 504}, 504, "<html><h1>Gateway Timeout</h1><p>only &lt;I&gt; know</p></html>"},
		"drop":              {Failure{Kind: Drop}, 0, ""},
		"hang":              {Failure{Kind: Hang}, 0, ""},
	} {
		t.Run(name, func(t *testing.T) {
			for _, done := range []bool{false, true} {
				f, fault, want := newToy(t), c.fault, c.status
				fault.Private, fault.Done = canary, done
				if done && fault.Kind == Half && fault.Status == 0 {
					want = 201 // half of what it would have been
				}
				f.Fail(func(call toyCall) *Failure {
					if call.Path == "/ill" && call.N == 1 {
						return &fault
					}
					return nil
				})
				ctx, cancel := context.WithCancel(t.Context())
				if fault.Kind == Hang {
					ctx, cancel = context.WithTimeout(t.Context(), 100*time.Millisecond)
				}
				status, body, err := f.ask(ctx, "/ill")
				cancel()
				if status != want || c.body != "" && body != c.body || (c.body == "") != (err != nil) {
					t.Errorf("got %d %q, %v", status, body, err)
				}
				if f.Wait("the call", func() bool { return len(f.Log()) == 1 }); f.Log()[0].Status != want {
					t.Errorf("logged is %+v", f.Log())
				}
				if (f.carriedOut() == 1) != done {
					t.Errorf("carried out: %d, want %v", f.carriedOut(), done)
				}
				for _, path := range []string{"/ill", "/well"} { // the second, and another
					if status, _, err := f.ask(t.Context(), path); status != 201 {
						t.Errorf("%s: got %d, %v", path, status, err)
					}
				}
			}
		})
	}
}

func TestToldToWait(t *testing.T) {
	f := newToy(t)
	get := func(path string, want int) {
		t.Helper()
		if status, _, err := f.ask(t.Context(), path); status != want {
			t.Errorf("%s: got %d, want %d, %v", path, status, want, err)
		}
	}
	f.core.HoldNext("/a", time.Hour)
	f.core.HoldNext("/b", time.Hour)
	f.core.HoldNext("/b", 0) // taken back
	get("/b", 201)
	get("/a", 429)
	if f.RetryEarly() != 0 {
		t.Error("who was told nothing yet is early")
	}
	f.core.HoldNext("/a", 0) // was told already: it stays
	get("/a", 429)
	get("/c", 201)
	if f.RetryEarly() != 1 || f.Calls("/a") != 2 || f.carriedOut() != 2 {
		t.Errorf("%d early, %d calls, %d carried out", f.RetryEarly(), f.Calls("/a"), f.carriedOut())
	}
	f.core.HoldNext("/d", 50*time.Millisecond)
	get("/d", 429)
	time.Sleep(60 * time.Millisecond)
	get("/d", 201)
	f.core.Do(func() {
		f.core.Hold("/e", 0)
		f.core.Hold("/f", time.Hour)
	})
	get("/e", 201)
	get("/f", 429)
	if f.RetryEarly() != 2 {
		t.Errorf("%d early", f.RetryEarly())
	}
}

func TestAway(t *testing.T) {
	f := newToy(t)
	f.Away(true)
	f.Away(true) // the same
	f.core.HoldNext("/b", time.Hour)
	for _, path := range []string{"/a", "/b"} {
		if status, _, err := f.ask(t.Context(), path); err == nil {
			t.Errorf("%s: answered %d", path, status)
		}
	}
	if log := f.Log(); len(log) != 2 || log[0].Status != 0 || f.carriedOut() != 0 {
		t.Errorf("got %+v, %d carried out", log, f.carriedOut())
	}
	f.Away(false)
	for path, want := range map[string]int{"/a": 201, "/b": 429} { // nobody was told to wait before
		if status, _, err := f.ask(t.Context(), path); status != want || f.RetryEarly() != 0 {
			t.Errorf("%s: got %d, %v, %d early", path, status, err, f.RetryEarly())
		}
	}
}

// What a test waits for may change beside it, here or elsewhere.
func TestWait(t *testing.T) {
	f, seen, signal := newToy(t), []string(nil), NewSignal()
	go f.core.Do(func() { seen = append(seen, "a"); signal.Wake() })
	look := func() []string { return Ask(f.core, func() []string { return slices.Clone(seen) }) }
	if !See(f.core, &signal, "a", look, func(all []string) bool { return len(all) == 1 }) {
		t.Error("not seen")
	}
	elsewhere := time.Now().Add(2 * step)
	if !f.Wait("another clock", func() bool { return time.Now().After(elsewhere) }) {
		t.Error("not seen elsewhere")
	}
	f.core.Do(func() {
		f.core.Keep("canary", "bird")
		f.core.Violate("a call of %d", 7)
	})
	if !slices.Equal(f.Canaries(), []string{"canary", "bird"}) || !slices.Equal(f.Violations(), []string{"a call of 7"}) {
		t.Errorf("got %q, %q", f.Canaries(), f.Violations())
	}
}

func TestClock(t *testing.T) {
	f := newToy(t)
	at := time.Date(2031, 5, 1, 12, 0, 0, 0, time.UTC)
	now := func() time.Time { return Ask(f.core, f.core.Clock) }
	f.SetClock(func() time.Time { return at })
	f.Advance(time.Hour)
	if !now().Equal(at.Add(time.Hour)) {
		t.Errorf("it is %v", now())
	}
	if f.SetClock(time.Now); time.Since(now()).Abs() > time.Minute {
		t.Errorf("it is %v", now())
	}
}

func TestWhichMessageAndButton(t *testing.T) {
	long := func(s string) bool { return len(s) > 1 }
	if a, b, c := Holder([]string{"aa", "bb", "c"}, long), Holder([]string{"a", "b"}, long), Holder(nil, long); a != "bb" || b != "b" || c != "" {
		t.Errorf("got %q, %q, %q", a, b, c)
	}
	if b, ok := Nth([]string{"a", "bb", "cc"}, 1, long); b != "cc" || !ok {
		t.Errorf("got %q", b)
	}
	if b, ok := Nth([]string{"a", "bb"}, 1, long); ok {
		t.Errorf("got %q", b)
	}
}

func TestProblems(t *testing.T) {
	var p Problems
	p.Add(nil, "a stray %s", "field")
	for n := range 4 {
		p.Bound(io.EOF, n, "units", 1, 2, "text %d", n)
		p.Bound(io.EOF, n, "units", 0, 3, "any")
	}
	p.Bound(io.ErrUnexpectedEOF, 4, "rows", 0, 3, "it")
	f := newToy(t)
	refused := Ask(f.core, func() error { return f.core.Judge("call", p) })
	want := "call: a stray field|call: text 0 has 0 units, 1 to 2|call: text 3 has 3 units, 1 to 2|call: it has 4 rows, at most 3"
	if got := strings.Join(f.Violations(), "|"); got != want || refused != io.EOF {
		t.Errorf("got %q, refused by %v", got, refused)
	}
	if Units("👋å") != 3 {
		t.Error("a text is not counted in UTF-16 units")
	}
}

func TestDialsThisHostOnly(t *testing.T) {
	f := newToy(t)
	if resp, err := Client(time.Minute).Get(f.url + "/a"); err != nil || resp.StatusCode != 201 {
		t.Errorf("got %v", err)
	} else {
		resp.Body.Close()
	}
	for _, address := range []string{"192.0.2.1:80", "example.invalid:80", "no address"} {
		if conn, err := Dial(t.Context(), "tcp", address); err == nil {
			conn.Close()
			t.Errorf("%s is reached", address)
		}
	}
}
