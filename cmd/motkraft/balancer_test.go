package main

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"sync"
	"testing"
	"time"
)

// balancer is one address for several replicas: requests go in turn to those that say on /readyz that they are ready.
type balancer struct {
	*httptest.Server
	period time.Duration // from one probe to the next, as the manifest has it
	misses int           // probes in a row that take a replica out

	mu       sync.Mutex
	moved    *sync.Cond
	replicas []*replica
	turn     int
	requests int
	failures []string
	at       map[string]string // the replica that had the last request of somebody, by what stands in their requests
}

// replica is a server behind the balancer.
type replica struct {
	*running
	name  string
	proxy *httputil.ReverseProxy
	in    bool
	asked int // probes so far
	hand  int // requests that are under way
}

func newBalancer(t *testing.T, period time.Duration, misses int) *balancer {
	b := &balancer{period: period, misses: misses, at: map[string]string{}}
	b.moved = sync.NewCond(&b.mu)
	b.Server = httptest.NewServer(b)
	t.Cleanup(b.Close)
	return b
}

func (b *balancer) ServeHTTP(rw http.ResponseWriter, req *http.Request) {
	r := b.pick()
	if r == nil {
		http.Error(rw, "no replica is ready", http.StatusServiceUnavailable)
		return
	}
	defer b.change(func() { r.hand-- })
	body, err := io.ReadAll(req.Body)
	if err != nil {
		b.fail("a request to %s was not read: %v", req.URL.Path, err)
	}
	req.Body = io.NopCloser(bytes.NewReader(body))
	b.change(func() {
		for who := range b.at {
			if bytes.Contains(body, []byte(who)) {
				b.at[who] = r.name
			}
		}
	})
	r.proxy.ServeHTTP(rw, req)
}

// follow begins to note where somebody's requests go, who are known by a part of them.
func (b *balancer) follow(who string) { b.change(func() { b.at[who] = "" }) }

// last is the replica that had somebody's last request.
func (b *balancer) last(who string) (replica string) {
	b.change(func() { replica = b.at[who] })
	return replica
}

// pick takes the next replica that is ready.
func (b *balancer) pick() *replica {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.requests++
	for range b.replicas {
		b.turn++
		if r := b.replicas[b.turn%len(b.replicas)]; r.in {
			r.hand++
			return r
		}
	}
	b.failures = append(b.failures, "no replica was ready")
	return nil
}

func (b *balancer) change(what func()) {
	b.mu.Lock()
	defer b.mu.Unlock()
	what()
	b.moved.Broadcast()
}

// wait waits for what is told of by change. It is not bounded: the test's own time is.
func (b *balancer) wait(cond func() bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for !cond() {
		b.moved.Wait()
	}
}

// add starts one more replica and waits until requests go to it.
func (b *balancer) add(t *testing.T, name string, environ []string) *replica {
	t.Helper()
	r := &replica{name: name}
	r.running = startWith(t, func(d time.Duration) <-chan time.Time { return b.drained(r, d) }, environ...)
	target, err := url.Parse(r.public)
	if err != nil {
		t.Fatal(err)
	}
	r.proxy = &httputil.ReverseProxy{
		Rewrite: func(p *httputil.ProxyRequest) { p.SetURL(target) },
		ModifyResponse: func(a *http.Response) error {
			a.Header.Set("Replica", name)
			if a.StatusCode != http.StatusOK {
				b.fail("%s answered %d to %s", name, a.StatusCode, a.Request.URL.Path)
			}
			return nil
		},
		ErrorHandler: func(rw http.ResponseWriter, req *http.Request, err error) {
			b.fail("%s did not answer to %s: %v", name, req.URL.Path, err)
			rw.WriteHeader(http.StatusBadGateway)
		},
	}
	b.change(func() { b.replicas = append(b.replicas, r) })
	go b.probe(r)
	b.wait(func() bool { return r.in })
	return r
}

func (b *balancer) fail(format string, args ...any) {
	b.change(func() { b.failures = append(b.failures, fmt.Sprintf(format, args...)) })
}

// probe asks a replica whether it is ready, until it is gone. What takes a period in the manifest takes some milliseconds here.
func (b *balancer) probe(r *replica) {
	for missed := 0; ; {
		answer, err := http.Get(r.admin + "/readyz")
		if err == nil {
			answer.Body.Close()
		}
		if missed++; err == nil && answer.StatusCode == http.StatusOK {
			missed = 0
		}
		b.change(func() {
			r.asked++
			r.in = missed == 0 || r.in && missed < b.misses
		})
		if err != nil {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// drained is the drain's clock. It goes by probes: the time is over after as many as the manifest has in it. So the test does not hang on how fast
// the machine is, and a drain that is too short for the probes sends requests to a replica that is gone.
func (b *balancer) drained(r *replica, d time.Duration) <-chan time.Time {
	over := make(chan time.Time)
	b.mu.Lock()
	last := r.asked + int(d/b.period)
	b.mu.Unlock()
	go func() {
		b.wait(func() bool { return r.asked >= last })
		close(over)
	}()
	return over
}

// understood checks that there were presses on every channel of a replica, each of which led somewhere.
func (r *replica) understood(t *testing.T) {
	t.Helper()
	got := scrape(t, r.admin)
	for _, c := range channels() {
		channel := c.Name
		if c.Open == nil {
			continue
		}
		if n := value(got, "motkraft_updates_total", channel, "strayed"); n > 0 {
			t.Errorf("%v presses on %s were not understood by %s", n, channel, r.name)
		}
		if value(got, "motkraft_updates_total", channel, "stepped") < 1 {
			t.Errorf("%s had no press on %s", r.name, channel)
		}
	}
}
