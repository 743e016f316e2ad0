package main

import (
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"sync"

	"golang.org/x/net/netutil"

	"motkraft/bot"
)

// maxConnections is how many connections are served at a time; whoever comes then waits until one ends. The bounds of each are in serve.go.
const maxConnections = 2048

// maxOfOne is how many of them one address may have, so that it takes an eighth of the doors at most. A whole town behind one address has enough with
// it: a browser needs two for a moment. Who is trusted as a proxy has no such bound.
const maxOfOne = maxConnections / 8

// limit bounds the connections that are open at a time, in all and of one address.
func limit(l net.Listener, by proxies) net.Listener {
	return &fair{Listener: netutil.LimitListener(l, maxConnections), by: by, open: map[netip.Addr]int{}}
}

// fair hangs up on an address that has as many connections as it may. Addresses are known for as long as their connections are open.
type fair struct {
	net.Listener
	by proxies

	mu   sync.Mutex
	open map[netip.Addr]int
}

func (f *fair) Accept() (net.Conn, error) {
	for {
		c, err := f.Listener.Accept()
		if err != nil {
			return nil, err
		}
		peer, err := netip.ParseAddrPort(c.RemoteAddr().String())
		if err != nil || f.by.has(peer.Addr().Unmap()) {
			return c, nil
		}
		who := household(peer.Addr())
		if f.enter(who) {
			return &counted{c, sync.OnceFunc(func() { f.leave(who) })}, nil
		}
		_ = c.Close()
	}
}

// enter counts one more connection, where there may be one.
func (f *fair) enter(who netip.Addr) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.open[who] >= maxOfOne {
		return false
	}
	f.open[who]++
	return true
}

func (f *fair) leave(who netip.Addr) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.open[who]--; f.open[who] == 0 {
		delete(f.open, who)
	}
}

// counted is a connection that is counted until it is closed.
type counted struct {
	net.Conn
	leave func()
}

func (c *counted) Close() error {
	c.leave()
	return c.Conn.Close()
}

// harden answers with 500 and nothing else where a fault of the program shows in a handler.
func harden(log *slog.Logger, next http.Handler) http.Handler {
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		w := &watched{ResponseWriter: rw}
		defer func() {
			p := recover()
			if p == nil {
				return
			}
			if p != http.ErrAbortHandler {
				log.ErrorContext(r.Context(), "a request was not answered", "error", bot.Recovered(p))
			}
			if w.begun || p == http.ErrAbortHandler {
				panic(http.ErrAbortHandler) // half an answer: the connection is cut
			}
			http.Error(rw, "something went wrong here", http.StatusInternalServerError)
		}()
		next.ServeHTTP(w, r)
	})
}

// watched knows whether an answer has begun.
type watched struct {
	http.ResponseWriter
	begun bool
}

func (w *watched) WriteHeader(status int) {
	w.begun = true
	w.ResponseWriter.WriteHeader(status)
}

func (w *watched) Write(p []byte) (int, error) {
	w.begun = true
	return w.ResponseWriter.Write(p)
}

// Unwrap is for http.ResponseController.
func (w *watched) Unwrap() http.ResponseWriter { return w.ResponseWriter }
