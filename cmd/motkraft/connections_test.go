package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"testing"
	"time"
)

// wire is a connection of somebody's that can be seen to be closed.
type wire struct {
	net.Conn
	from   string
	closed bool
}

func (w *wire) RemoteAddr() net.Addr { return net.TCPAddrFromAddrPort(netip.MustParseAddrPort(w.from)) }
func (w *wire) Close() error         { w.closed = true; return nil }

// When all places are taken, the connection on which nothing was asked for the longest goes; nobody loses one on which something is asked. Where
// something is asked on all, the next one waits.
func TestLongestIdleConnectionGoes(t *testing.T) {
	c := newConnections(nil)
	var all []*wire
	var in []*connection
	for i := range maxConnections {
		w := &wire{from: fmt.Sprintf("10.0.%d.%d:1", i/200, i%200+1)}
		all, in = append(all, w), append(in, c.enter(w))
	}
	c.state(in[0], http.StateActive) // answered already, so that the next one has been idle for longer
	c.state(in[0], http.StateIdle)
	c.state(in[1], http.StateActive)
	if c.enter(&wire{from: "10.1.0.1:1"}) == nil || !all[2].closed {
		t.Error("the longest idle connection did not make room")
	}
	for i, w := range all {
		if w.closed != (i == 2) {
			t.Errorf("connection %d is closed: %v", i, w.closed)
		}
	}
	for e := c.idle.Front(); e != nil; e = c.idle.Front() {
		c.state(e.Value.(*connection), http.StateActive)
	}
	entered := make(chan *connection)
	go func() { entered <- c.enter(&wire{from: "10.1.0.2:1"}) }()
	select {
	case <-entered:
		t.Fatal("one more was let in than there may be")
	case <-time.After(100 * time.Millisecond): // time to make the mistake in
	}
	in[0].Close()
	if <-entered == nil || all[1].closed {
		t.Error("the one that waited was not let in, or one was cut off on which something is asked")
	}
	if c.all != maxConnections {
		t.Errorf("%d are counted", c.all)
	}
}

// One household has only its part of the connections. Its neighbours are not counted with it, a trusted proxy is not counted so, and once all are
// closed nothing is kept of anybody.
func TestConnectionsOfOneAreBounded(t *testing.T) {
	c := newConnections(proxies{netip.MustParsePrefix("192.0.2.0/24")})
	var in []*connection
	enter := func(from string) bool {
		one := c.enter(&wire{from: from})
		if one != nil {
			in = append(in, one)
			c.state(one, http.StateActive)
		}
		return one != nil
	}
	for i := range maxOfOne {
		if !enter(fmt.Sprintf("[2001:db8:1:2::%x]:1", i+1)) {
			t.Fatal("refused before the bound")
		}
	}
	if enter("[2001:db8:1:2:ffff::9]:1") || !enter("[2001:db8:1:3::3]:1") {
		t.Error("a household is no household, or its neighbour belongs to it")
	}
	c.state(in[7], http.StateIdle)
	if !enter("[2001:db8:1:2::3]:1") || !in[7].Conn.(*wire).closed {
		t.Error("its own idle connection did not make room")
	}
	for range 2 * maxOfOne {
		if !enter("192.0.2.1:1") {
			t.Fatal("a trusted proxy was refused")
		}
	}
	for _, one := range in {
		one.Close()
		one.Close() // as the server may
	}
	if len(c.of) != 0 || c.all != 0 || c.idle.Len() != 0 {
		t.Errorf("%v is kept, %d are counted, %d are idle", c.of, c.all, c.idle.Len())
	}
}

// Eight addresses that hold all the connections they may, and ask nothing, keep the page from nobody.
func TestIdleConnectionsCannotCloseThePage(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	w, _ := newWorld(ctx)
	public := listen(t)
	page := http.HandlerFunc(func(rw http.ResponseWriter, _ *http.Request) { io.WriteString(rw, "the page") })
	ended := make(chan error, 1)
	go func() { ended <- w.serve(public, listen(t), page, serving{}, newObserver(w, nil, nil), nil, times{}) }()
	dial := func(from string) (net.Conn, error) {
		dialer := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(from)}}
		return dialer.Dial("tcp", public.Addr().String())
	}
	for i := range maxConnections {
		c, err := dial(fmt.Sprintf("127.0.1.%d", i/maxOfOne+1))
		if err != nil {
			lacks(t, "system", fmt.Sprintf("it gives no more than %d connections: %v", i, err))
		}
		defer c.Close()
	}
	for i := range 20 {
		c, err := dial(fmt.Sprintf("127.0.2.%d", i+1))
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(c, "GET / HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n")
		c.SetDeadline(time.Now().Add(time.Minute)) // a bound against hanging
		if answer, err := io.ReadAll(c); err != nil || len(answer) == 0 {
			t.Errorf("another address gets %q, %v", answer, err)
		}
		c.Close()
	}
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}
