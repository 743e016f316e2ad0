package channel_test

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"motkraft/bot/channel"
)

// newExchange makes an Exchange over a connection pool that ends with the test.
func newExchange(t *testing.T) *channel.Exchange {
	transport := channel.NewTransport(1)
	t.Cleanup(transport.CloseIdleConnections)
	return &channel.Exchange{Transport: transport, MaxBody: 1 << 10}
}

// ask makes a request to a server's address, with a secret in it.
func ask(t *testing.T, e *channel.Exchange, address string) (body string, err error) {
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address+"/canary", nil)
	if err != nil {
		return "", err
	}
	answer, err := e.Do(r)
	if err != nil {
		return "", err
	}
	defer answer.Body.Close()
	data, err := io.ReadAll(answer.Body)
	return string(data), err
}

// TestTrouble: what an answer says, and no address.
func TestTrouble(t *testing.T) {
	for name, c := range map[string]struct {
		status int
		after  string
		says   string
		wait   time.Duration
	}{
		"429":                     {429, "", "too many requests", time.Second},
		"429 with seconds":        {429, "7", "too many requests", 7 * time.Second},
		"429 with a fraction":     {429, "0.25", "too many requests", 250 * time.Millisecond},
		"429 with nothing":        {429, "0", "too many requests", time.Second},
		"429 with less":           {429, "-5", "too many requests", time.Second},
		"429 with words":          {429, "soon", "too many requests", time.Second},
		"429 with no number":      {429, "NaN", "too many requests", time.Second},
		"429 for longer than is":  {429, "1e300", "too many requests", channel.LongestAfter},
		"500":                     {500, "", "the server failed with status 500", 0},
		"503, which names a time": {503, "7", "the server failed with status 503", 0},
		"200":                     {200, "", "an answer with status 200 that cannot be read", 0},
		"404":                     {404, "", "an answer with status 404 that cannot be read", 0},
	} {
		t.Run(name, func(t *testing.T) {
			server := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, _ *http.Request) {
				if c.after != "" {
					rw.Header().Set("Retry-After", c.after)
				}
				rw.WriteHeader(c.status)
				_, _ = io.WriteString(rw, "canary: the server's words")
			}))
			defer server.Close()
			e := newExchange(t)
			if _, err := ask(t, e, server.URL); err != nil || e.Status != c.status || e.Header.Get("Retry-After") != c.after {
				t.Fatalf("%v, noted status %d and headers %v", err, e.Status, e.Header)
			}
			bad := e.Trouble(t.Context(), "test", "a call")
			if want := "test: a call: " + c.says; bad.Error() != want || bad.After != c.wait {
				t.Errorf("%q, to wait %v, expected %q, %v", bad.Error(), bad.After, want, c.wait)
			}
		})
	}
}

// Where there is no answer, the error holds nothing of the request.
func TestNoAnswer(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, _ *http.Request) {
		panic(http.ErrAbortHandler) // hangs up
	}))
	defer server.Close()
	for name, address := range map[string]string{"hung up": server.URL, "nobody there": "http://127.0.0.1:1"} {
		t.Run(name, func(t *testing.T) {
			e := newExchange(t)
			_, err := ask(t, e, address)
			if err == nil || e.Status != 0 {
				t.Fatalf("%v, status %d", err, e.Status)
			}
			said := fmt.Sprintf("%v %+v %#v", err, err, err)
			if strings.Contains(said, "canary") || strings.Contains(said, "127.0.0.1") {
				t.Errorf("the error says %s", said)
			}
			if bad := e.Trouble(t.Context(), "test", "a call"); bad.Error() != "test: a call: the connection failed" || bad.After != 0 {
				t.Errorf("%v, to wait %v", bad, bad.After)
			}
		})
	}
}

// The call's context ends the call, also where the library knows of none.
func TestExchangeEndsWithItsContext(t *testing.T) {
	asked := make(chan struct{}, 1)
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		asked <- struct{}{}
		select {
		case <-r.Context().Done():
		case <-time.After(30 * time.Second): // it was not ended
		}
	}))
	defer server.Close()
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		<-asked
		cancel()
	}()
	e := newExchange(t)
	e.Context = ctx
	if _, err := ask(t, e, server.URL); err == nil {
		t.Fatal("there was an answer")
	}
	if bad := e.Trouble(ctx, "test", "a call"); bad.Error() != "test: a call: no answer in time" {
		t.Error(bad)
	}
}

// An answer is read as far as it may be long.
func TestAnswerIsBounded(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(rw, strings.Repeat("x", 10_000))
	}))
	defer server.Close()
	e := newExchange(t)
	body, err := ask(t, e, server.URL)
	if err != nil || int64(len(body)) != e.MaxBody {
		t.Errorf("%d bytes, %v, expected %d", len(body), err, e.MaxBody)
	}
}

// As many connections stay open as there are answers at a time: a crowd that comes again opens no new ones. The default would keep two.
func TestTransportKeepsConnections(t *testing.T) {
	const crowd = 20
	var opened, in atomic.Int64
	var full atomic.Pointer[chan struct{}]
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		all := *full.Load()
		if in.Add(1) == crowd {
			close(all)
		}
		<-all // so that each has a connection of its own
	}))
	server.Config.ConnState = func(_ net.Conn, s http.ConnState) {
		if s == http.StateNew {
			opened.Add(1)
		}
	}
	server.Start()
	defer server.Close()
	transport := channel.NewTransport(crowd)
	defer transport.CloseIdleConnections()
	// A connection is free a moment after its answer was read, so it is tried until all of them were.
	for end := time.Now().Add(30 * time.Second); ; {
		before := opened.Load()
		all := make(chan struct{})
		full.Store(&all)
		in.Store(0)
		var asking sync.WaitGroup
		for range crowd {
			asking.Go(func() {
				if _, err := ask(t, &channel.Exchange{Transport: transport, MaxBody: 1 << 10}, server.URL); err != nil {
					t.Error(err)
				}
			})
		}
		asking.Wait()
		if t.Failed() || before > 0 && opened.Load() == before {
			return
		}
		if time.Now().After(end) {
			t.Fatalf("%d connections were opened, and every crowd opens new ones", opened.Load())
		}
	}
}
