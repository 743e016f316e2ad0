package standin

import (
	"encoding/json"
	"errors"
	"slices"
	"time"

	"github.com/gorilla/websocket"

	"motkraft/bot/fakeserver"
)

// Opcodes of the gateway, https://discord.com/developers/docs/topics/opcodes-and-status-codes.
const (
	opDispatch  = 0
	opHeartbeat = 1
	opIdentify  = 2
	opResume    = 6
	opReconnect = 7
	opInvalid   = 9
	opHello     = 10
	opAck       = 11
)

// Codes with which the gateway closes.
const (
	closeUnknown  = 4000
	closeOpcode   = 4001
	closeDecode   = 4002
	closeNotAuth  = 4003
	closeToken    = 4004
	closeAuthed   = 4005
	closeSeq      = 4007
	closeIntents  = 4013
	closeDenied   = 4014
	maxGatewayRow = 4096 // bytes in one payload of the bot
)

// conn is one connection. What is said by the platform goes through a queue, so that nobody who holds the lock waits for a slow reader.
type conn struct {
	*websocket.Conn
	gateway *Gateway
	again   bool // at the address that READY named
	moved   chan struct{}
	ended   chan struct{} // closed with the connection

	// All below is guarded by the server's lock.
	queue   []outgoing
	greeted bool
	beaten  time.Time // when the last heartbeat came, or HELLO was sent
	session *session  // that it identified for or resumed
	over    bool
}

// outgoing is a text to send, or the end.
type outgoing struct {
	text  []byte
	close int // with this code
	cut   bool
}

// send puts a payload into the queue. It needs the lock, as wake, hello and end do.
func (c *conn) send(op int, data any) {
	c.queue = append(c.queue, outgoing{text: fakeserver.JSON(map[string]any{"op": op, "d": data, "s": nil, "t": nil})})
	c.wake()
}

func (c *conn) wake() {
	select {
	case c.moved <- struct{}{}:
	default:
	}
}

func (c *conn) hello() {
	c.greeted, c.beaten = true, time.Now()
	c.send(opHello, map[string]any{"heartbeat_interval": c.gateway.beat.Milliseconds(), "_trace": []string{"[]"}})
}

// end closes the connection with a code once what waits is sent; 0 cuts it at once.
func (c *conn) end(code int) {
	if c.over {
		return
	}
	c.leave()
	if code == 0 {
		c.queue = []outgoing{{cut: true}}
	} else {
		c.gateway.closedBy = append(c.gateway.closedBy, code)
		c.queue = append(c.queue, outgoing{close: code})
	}
	c.wake()
}

// leave takes the connection out of the gateway.
func (c *conn) leave() {
	c.over = true
	g := c.gateway
	g.conns = slices.DeleteFunc(g.conns, func(other *conn) bool { return other == c })
	if c.session != nil && c.session.conn == c {
		c.session.conn = nil
	}
	g.server.core.Touch()
}

// write sends what is in the queue until the connection is over.
func (c *conn) write() {
	defer c.Close()
	for {
		select {
		case <-c.moved:
		case <-c.ended:
			return
		}
		c.gateway.server.mu.Lock()
		queue := c.queue
		c.queue = nil
		c.gateway.server.mu.Unlock()
		for _, out := range queue {
			_ = c.SetWriteDeadline(time.Now().Add(Patience)) // fails only on a closed connection
			switch {
			case out.cut:
				return
			case out.close != 0:
				text := websocket.FormatCloseMessage(out.close, "")
				_ = c.WriteControl(websocket.CloseMessage, text, time.Now().Add(Patience))
				// The bot has a while to answer before the connection is gone.
				select {
				case <-c.ended:
				case <-time.After(time.Second):
				}
				return
			default:
				if c.WriteMessage(websocket.TextMessage, out.text) != nil {
					return
				}
			}
		}
	}
}

// watch closes the connection when its heartbeats stay away by far.
func (c *conn) watch() {
	s := c.gateway.server
	most := 2*s.opts.Heartbeat + s.opts.Lateness
	tick := time.NewTicker(max(most/10, 10*time.Millisecond))
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			s.mu.Lock()
			if c.greeted && time.Since(c.beaten) > most {
				c.end(closeUnknown)
			}
			s.mu.Unlock()
		case <-s.core.Ctx.Done():
			s.core.Do(func() { c.end(0) })
			return
		case <-c.ended:
			return
		}
	}
}

// read takes what the bot says until the connection is over.
func (c *conn) read() {
	defer close(c.ended)
	for {
		_, raw, err := c.ReadMessage()
		s := c.gateway.server
		s.mu.Lock()
		if err != nil {
			if !c.over {
				c.left(err)
			}
			s.mu.Unlock()
			return
		}
		if !c.over {
			c.take(raw)
		}
		s.core.Touch()
		s.mu.Unlock()
	}
}

// left notes that the bot closed the connection. With 1000 or 1001 its session is over too.
func (c *conn) left(err error) {
	code := websocket.CloseAbnormalClosure
	if said := (*websocket.CloseError)(nil); errors.As(err, &said) {
		code = said.Code
	}
	c.gateway.closedWith = append(c.gateway.closedWith, code)
	if c.session != nil && (code == websocket.CloseNormalClosure || code == websocket.CloseGoingAway) {
		c.session.closed = true
	}
	c.leave()
}

// wrong records what no correct program says, and closes with a code.
func (c *conn) wrong(code int, format string, args ...any) {
	c.gateway.server.core.Violate("gateway: "+format, args...)
	c.end(code)
}

// take carries out one payload of the bot.
func (c *conn) take(raw []byte) {
	var p struct {
		Op   *int            `json:"op"`
		Data json.RawMessage `json:"d"`
	}
	switch err := json.Unmarshal(raw, &p); {
	case err != nil || p.Op == nil:
		c.wrong(closeDecode, "a payload that is no object with an op")
		return
	case len(raw) > maxGatewayRow:
		c.wrong(closeDecode, "a payload of %d bytes, at most %d", len(raw), maxGatewayRow)
		return
	case !c.greeted:
		c.wrong(closeUnknown, "op %d before HELLO", *p.Op)
		return
	}
	switch *p.Op {
	case opHeartbeat:
		c.beat(p.Data)
	case opIdentify:
		c.identify(p.Data)
	case opResume:
		c.resume(p.Data)
	default:
		if c.session == nil {
			c.wrong(closeNotAuth, "op %d before IDENTIFY", *p.Op)
			return
		}
		c.wrong(closeOpcode, "op %d, which a bot without intents has no need of", *p.Op)
	}
}
