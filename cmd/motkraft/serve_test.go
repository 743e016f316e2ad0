package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"
)

// running is a server that was started by a test.
type running struct {
	public, admin string
	stop          context.CancelFunc
	code          chan int
	log           *buffer
}

// buffer may be read while it is written.
type buffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *buffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *buffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}

// newWorld is a world with these variables, whose log can be read.
func newWorld(ctx context.Context, environ ...string) (*world, *buffer) {
	log := &buffer{}
	return &world{ctx: ctx, environ: lookup(environ), in: strings.NewReader(""), out: io.Discard, errors: log, log: newLogger(log), after: time.After, pack: unpacked, channels: channels()}, log
}

// unpacked packs nothing ahead: what a test asks for is packed when it asks.
func unpacked(func()) {}

// start serves on free ports and waits until the server is ready.
func start(t *testing.T, environ ...string) *running {
	t.Helper()
	return startWith(t, time.After, environ...)
}

// startWith does so with a clock of its own for the drain.
func startWith(t *testing.T, after func(time.Duration) <-chan time.Time, environ ...string) *running {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	t.Cleanup(cancel)
	w, log := newWorld(ctx, append(environ, "MOTKRAFT_ADDR=127.0.0.1:0", "MOTKRAFT_ADMIN_ADDR=127.0.0.1:0")...)
	w.after = after
	r := &running{stop: cancel, code: make(chan int, 1), log: log}
	ready := make(chan struct{})
	w.onReady = func(public, admin string) {
		r.public, r.admin = "http://"+public, "http://"+admin
		close(ready)
	}
	go func() { r.code <- w.run([]string{"serve"}) }()
	select {
	case <-ready:
	case code := <-r.code:
		t.Fatalf("ended with %d before it was ready:\n%s", code, log)
	}
	until(t, "the webhook to take requests", func() bool {
		_, channels := readiness(t, r.admin)
		return channels["webhook"] != stateStarting
	})
	return r
}

func status(t *testing.T, address string) int {
	t.Helper()
	answer, err := http.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
	return answer.StatusCode
}

func TestServe(t *testing.T) {
	r := start(t)
	for address, want := range map[string]int{
		r.public + "/":                200,
		r.public + "/motkraft.js":     200,
		r.public + "/screens.sv.json": 200,
		r.public + "/screens.en.json": 200,
		r.public + "/nothing":         404,
		r.public + "/healthz":         404,
		r.admin + "/healthz":          200,
		r.admin + "/readyz":           200,
		r.admin + "/metrics":          200,
		r.public + "/metrics":         404,
		r.admin + "/":                 404,
	} {
		if got := status(t, address); got != want {
			t.Errorf("%s gave %d, expected %d", address, got, want)
		}
	}
	w, _ := newWorld(context.Background(), "MOTKRAFT_ADMIN_ADDR="+strings.TrimPrefix(r.admin, "http://"))
	if code := w.run([]string{"health"}); code != exitOK {
		t.Errorf("health gave %d", code)
	}
	r.stop()
	if code := <-r.code; code != exitOK {
		t.Errorf("ended with %d", code)
	}
	for line := range strings.Lines(r.log.String()) {
		if !json.Valid([]byte(line)) {
			t.Errorf("a line of the log is no JSON: %s", line)
		}
	}
}

// A request in hand when the signal comes is still answered, and the server does not wait for connections on which nothing is asked.
func TestStopFinishesWhatIsInHand(t *testing.T) {
	arrived, goOn := make(chan struct{}), make(chan struct{})
	page := http.HandlerFunc(func(rw http.ResponseWriter, _ *http.Request) {
		close(arrived)
		<-goOn
		io.WriteString(rw, "answered")
	})
	ctx, stop := context.WithCancel(t.Context())
	w, _ := newWorld(ctx)
	public, admin := listen(t), listen(t)
	ended := make(chan error, 1)
	go func() { ended <- w.serve(public, admin, page, serving{}, newObserver(w, nil, nil), nil, times{}) }()
	idle, err := net.Dial("tcp", public.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer idle.Close()
	got := make(chan string, 1)
	go func() {
		answer, err := http.Get("http://" + public.Addr().String())
		if err != nil {
			got <- err.Error()
			return
		}
		defer answer.Body.Close()
		text, _ := io.ReadAll(answer.Body)
		got <- string(text)
	}()
	<-arrived
	stop()
	close(goOn)
	if text := <-got; text != "answered" {
		t.Errorf("the request in hand got %q", text)
	}
	select {
	case err := <-ended:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(finishTimeout + 10*time.Second): // a bound against hanging, not a measure
		t.Error("still there long after the signal")
	}
}

func listen(t *testing.T) net.Listener {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func TestExitCodes(t *testing.T) {
	taken := listen(t)
	defer taken.Close()
	for _, c := range []struct {
		name    string
		args    []string
		environ []string
		code    int
		says    string
	}{
		{"no command", nil, nil, exitUsage, "expected one of"},
		{"unknown flag", []string{"serve", "--nothing"}, nil, exitUsage, "unknown flag"},
		{"taken port", []string{"serve"}, []string{"MOTKRAFT_ADDR=" + taken.Addr().String(), "MOTKRAFT_ADMIN_ADDR=127.0.0.1:0"}, exitUsage,
			taken.Addr().String() + " is taken by another program: stop it, or set MOTKRAFT_ADDR to another address"},
		{"taken admin port", []string{"serve"}, []string{"MOTKRAFT_ADDR=127.0.0.1:0", "MOTKRAFT_ADMIN_ADDR=" + taken.Addr().String()}, exitUsage,
			"set MOTKRAFT_ADMIN_ADDR to another address"},
		{"foreign address", []string{"serve"}, []string{"MOTKRAFT_ADDR=192.0.2.1:80", "MOTKRAFT_ADMIN_ADDR=127.0.0.1:0"}, exitUsage, "cannot be listened on"},
		{"wrong drain", []string{"serve"}, []string{"MOTKRAFT_DRAIN=soon"}, exitUsage, "MOTKRAFT_DRAIN is no time"},
		{"drain back in time", []string{"serve", "--drain=-1s"}, nil, exitUsage, "MOTKRAFT_DRAIN is no time"},
		{"wrong key", []string{"serve"}, []string{"MOTKRAFT_KEY=short"}, exitUsage, "MOTKRAFT_KEY: key 1"},
		{"missing folder", []string{"serve"}, []string{"MOTKRAFT_CONTENT=" + t.TempDir()}, exitUsage, "has no folder flows"},
		{"missing folder, check", []string{"check", "--content", t.TempDir()}, nil, exitUsage, "has no folder flows"},
		{"version", []string{"version"}, nil, exitOK, ""},
		{"check", []string{"check"}, nil, exitOK, ""},
	} {
		w, log := newWorld(t.Context(), c.environ...)
		if code := w.run(c.args); code != c.code || !strings.Contains(log.String(), c.says) || strings.Contains(log.String(), "ready") {
			t.Errorf("%s: code %d, expected %d; said:\n%s", c.name, code, c.code, log)
		}
	}
}
