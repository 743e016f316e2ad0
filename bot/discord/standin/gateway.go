package standin

import (
	"encoding/json"
	"net/http"
	"slices"
	"time"

	"github.com/gorilla/websocket"

	"motkraft/bot/fakeserver"
)

// Gateway is the platform's WebSocket, and what can go wrong with it. It knows one session: the last that was begun.
type Gateway struct {
	server *Server
	core   *fakeserver.Core // the server's

	// Both without a slash at the end. The second is the one that READY names, on another port: a RESUME elsewhere is a violation.
	url, resumeURL string

	// All below is guarded by the server's lock.
	conns      []*conn // those that are open
	opened     int
	session    *session
	sessions   int
	identifies []json.RawMessage
	resumes    int
	beats      int
	beat       time.Duration // what HELLO asks for
	closedWith []int
	closedBy   []int
	refuseCode int
	refusals   int // how many resumes are still to be refused
	muted      bool
	away       bool
	holdHello  bool
}

// session is what lives on when a connection breaks.
type session struct {
	id     string
	seq    int
	sent   []numbered // every dispatch
	conn   *conn      // nil: nobody is connected
	closed bool       // the bot ended it: it cannot be resumed
}

type numbered struct {
	seq   int
	frame []byte
}

// Ready says whether a session is there whose connection stands: what people do now arrives at once.
func (g *Gateway) Ready() bool {
	return fakeserver.Ask(g.core, func() bool { return g.session != nil && g.session.conn != nil })
}

// WaitReady waits until Ready.
func (g *Gateway) WaitReady() bool {
	g.core.TB.Helper()
	return g.server.Wait("a session on the gateway", g.Ready)
}

// Connections counts the connections that were ever opened.
func (g *Gateway) Connections() int { return fakeserver.Ask(g.core, func() int { return g.opened }) }

// Open counts those that are open now.
func (g *Gateway) Open() int { return fakeserver.Ask(g.core, func() int { return len(g.conns) }) }

// Identifies counts the sessions that were asked for, with whatever result.
func (g *Gateway) Identifies() int {
	return fakeserver.Ask(g.core, func() int { return len(g.identifies) })
}

// Resumes counts the resumes that were asked for, with whatever result.
func (g *Gateway) Resumes() int { return fakeserver.Ask(g.core, func() int { return g.resumes }) }

// Beats counts the heartbeats that came.
func (g *Gateway) Beats() int { return fakeserver.Ask(g.core, func() int { return g.beats }) }

// ClosedWith are the codes with which the bot closed its connections; 1006: it was just gone.
func (g *Gateway) ClosedWith() []int {
	return fakeserver.Ask(g.core, func() []int { return slices.Clone(g.closedWith) })
}

// Closed are the codes with which the platform closed connections.
func (g *Gateway) Closed() []int {
	return fakeserver.Ask(g.core, func() []int { return slices.Clone(g.closedBy) })
}

// LastIdentify is what the last IDENTIFY held; nil: none came.
func (g *Gateway) LastIdentify() json.RawMessage {
	return fakeserver.Ask(g.core, func() json.RawMessage {
		if len(g.identifies) == 0 {
			return nil
		}
		return slices.Clone(g.identifies[len(g.identifies)-1])
	})
}

// dispatch sends an event to the session, now or when it is resumed. It needs the lock. It says whether there is a session.
func (g *Gateway) dispatch(event string, data json.RawMessage) bool {
	if g.session == nil || g.session.closed {
		return false
	}
	g.session.dispatch(event, data)
	return true
}

func (s *session) dispatch(event string, data any) {
	s.seq++
	frame := fakeserver.JSON(map[string]any{"op": opDispatch, "s": s.seq, "t": event, "d": data})
	s.sent = append(s.sent, numbered{s.seq, frame})
	if s.conn != nil {
		s.conn.queue = append(s.conn.queue, outgoing{text: frame})
		s.conn.wake()
	}
}

func (g *Gateway) serveFirst(w http.ResponseWriter, r *http.Request) { g.serve(w, r, false) }
func (g *Gateway) serveAgain(w http.ResponseWriter, r *http.Request) { g.serve(w, r, true) }

var upgrader = websocket.Upgrader{CheckOrigin: func(*http.Request) bool { return true }}

func (g *Gateway) serve(w http.ResponseWriter, r *http.Request, again bool) {
	g.core.LeaveIfAway()
	g.server.mu.Lock()
	away := g.away
	q := r.URL.Query()
	if !away && (q.Get("v") != "10" || q.Get("encoding") != "json" || q.Has("compress") || r.URL.Path != "/") {
		g.core.Violate("gateway: the address ends in %s, expected /?v=10&encoding=json", r.URL.RequestURI())
	}
	g.server.mu.Unlock()
	if away {
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	ws, err := upgrader.Upgrade(w, r, nil)
	if err != nil {
		return // Upgrade has answered
	}
	c := &conn{Conn: ws, gateway: g, again: again, moved: make(chan struct{}, 1), ended: make(chan struct{})}
	g.server.mu.Lock()
	defer g.server.mu.Unlock()
	if g.core.Ctx.Err() != nil {
		_ = ws.Close()
		return
	}
	g.opened++
	g.conns = append(g.conns, c)
	g.core.Tasks.Go(c.read)
	g.core.Tasks.Go(c.write)
	g.core.Tasks.Go(c.watch)
	if !g.holdHello {
		c.hello()
	}
	g.core.Touch()
}
