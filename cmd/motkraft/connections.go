package main

import (
	"container/list"
	"net"
	"net/http"
	"net/netip"
	"sync"
)

// maxConnections is how many connections are served at a time. When there are so many, the one on which nothing was asked for the longest goes; where
// something is asked on all, whoever comes waits until one ends. The bounds of each are in serve.go.
const maxConnections = 2048

// maxOfOne is how many of them one address may have. A whole town behind one address has enough with it: a browser needs two for a moment. Who
// is trusted as a proxy has no such bound.
const maxOfOne = maxConnections / 8

// connections is a connection limiter: it bounds those of a server that are open at a time, in all and of one address. Addresses are known
// for as long as their connections are open.
type connections struct {
	by proxies

	mu   sync.Mutex
	left sync.Cond // told that one was closed
	all  int
	of   map[netip.Addr]int
	idle list.List // of *connection: on which nothing is asked, the longest first
}

// connection is one that is counted until it is closed.
type connection struct {
	net.Conn
	conns *connections
	who   netip.Addr    // the zero address for one that has no bound of its own
	place *list.Element // in idle; nil while something is asked
	gone  bool
}

// serve accepts for a server what the limiter lets in.
func (c *connections) serve(s *http.Server, l net.Listener) error {
	s.ConnState = c.state
	return s.Serve(&limited{l, c})
}

func newConnections(by proxies) *connections {
	c := &connections{by: by, of: map[netip.Addr]int{}}
	c.left.L = &c.mu
	return c
}

// limited is a listener behind the limiter.
type limited struct {
	net.Listener
	conns *connections
}

func (l *limited) Accept() (net.Conn, error) {
	for {
		raw, err := l.Listener.Accept()
		if err != nil {
			return nil, err
		}
		if c := l.conns.enter(raw); c != nil {
			return c, nil
		}
		_ = raw.Close()
	}
}

// enter counts one more, and closes another one for it where it must. It gives nil where there can be none for the address.
func (c *connections) enter(raw net.Conn) *connection {
	in := &connection{Conn: raw, conns: c}
	if peer, err := netip.ParseAddrPort(raw.RemoteAddr().String()); err == nil && !c.by.has(peer.Addr().Unmap()) {
		in.who = household(peer.Addr())
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if in.who.IsValid() && c.of[in.who] >= maxOfOne && !c.closeIdle(in.who) {
		return nil
	}
	for c.all >= maxConnections && !c.closeIdle(netip.Addr{}) {
		c.left.Wait()
	}
	c.all++
	if in.who.IsValid() {
		c.of[in.who]++
	}
	in.place = c.idle.PushBack(in)
	return in
}

// closeIdle closes the connection on which nothing was asked for the longest, of one address where there is one given. It reports whether
// there was one. It needs the lock.
func (c *connections) closeIdle(who netip.Addr) bool {
	for e := c.idle.Front(); e != nil; e = e.Next() {
		if in := e.Value.(*connection); !who.IsValid() || in.who == who {
			c.leave(in)
			_ = in.Conn.Close()
			return true
		}
	}
	return false
}

// leave counts one less, once. It needs the lock.
func (c *connections) leave(in *connection) {
	if in.gone {
		return
	}
	in.gone = true
	c.busy(in)
	c.all--
	if in.who.IsValid() {
		if c.of[in.who]--; c.of[in.who] == 0 {
			delete(c.of, in.who)
		}
	}
	c.left.Signal()
}

// busy takes one out of those on which nothing is asked. It needs the lock.
func (c *connections) busy(in *connection) {
	if in.place != nil {
		c.idle.Remove(in.place)
		in.place = nil
	}
}

// state is told by the server what a connection does.
func (c *connections) state(conn net.Conn, to http.ConnState) {
	in, ok := conn.(*connection)
	if !ok {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case in.gone:
	case to == http.StateActive:
		c.busy(in)
	case to == http.StateIdle && in.place == nil:
		in.place = c.idle.PushBack(in)
	}
}

func (in *connection) Close() error {
	in.conns.mu.Lock()
	in.conns.leave(in)
	in.conns.mu.Unlock()
	return in.Conn.Close()
}
