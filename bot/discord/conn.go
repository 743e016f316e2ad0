package discord

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"github.com/bwmarrin/discordgo"
	"github.com/gorilla/websocket"

	"motkraft/bot/channel"
)

// What the gateway and we send each other, by number (https://discord.com/developers/docs/topics/opcodes-and-status-codes#gateway).
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

// fatal are the codes with which the gateway closes for good, with their cures
// (https://discord.com/developers/docs/topics/opcodes-and-status-codes#gateway-gateway-close-event-codes).
var fatal = map[int]string{
	4004: "the token is refused: copy it again from the application's page, Bot, to MOTKRAFT_DISCORD_TOKEN",
	4010: "this part of the servers does not exist",
	4011: "the bot is on too many servers for one connection: set MOTKRAFT_DISCORD_PUBLIC_KEY and take interactions over HTTP",
	4012: "this version of the gateway is no longer served: update the bot",
	4013: "the events that the bot asks for do not exist: update the bot",
	4014: "the events that the bot asks for are not allowed to it: check the application's page, Bot",
}

// What the gateway may ask for between two heartbeats; it asks for some 40 s. Tests ask for less than a second.
const (
	shortestBeat = 10 * time.Millisecond
	longestBeat  = 10 * time.Minute
)

// conn is one connection to the gateway.
type conn struct {
	ws      *websocket.Conn
	session *session
	mu      sync.Mutex  // one writes at a time
	acked   atomic.Bool // the last heartbeat was answered
	beaten  atomic.Bool // one was
	ready   func()      // called at each event
}

func (c *conn) send(op int, data any) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	_ = c.ws.SetWriteDeadline(time.Now().Add(dialTimeout))
	return c.ws.WriteJSON(map[string]any{"op": op, "d": data})
}

// close says why and closes. The reading ends with it.
func (c *conn) close(code int) {
	// Not under the lock: a write that hangs would hold it, and control frames need none.
	_ = c.ws.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(code, ""), time.Now().Add(time.Second))
	_ = c.ws.Close()
}

// hello waits for the gateway's first word, which says how often to beat.
func (c *conn) hello() (time.Duration, error) {
	_ = c.ws.SetReadDeadline(time.Now().Add(dialTimeout))
	e, err := c.next()
	if err != nil {
		return 0, err
	}
	var hello struct {
		Interval int64 `json:"heartbeat_interval"` // ms
	}
	if e.Operation != opHello || json.Unmarshal(e.RawData, &hello) != nil {
		return 0, lost("it did not begin with hello")
	}
	if hello.Interval < shortestBeat.Milliseconds() || hello.Interval > longestBeat.Milliseconds() {
		return 0, lost("it wants heartbeats at a pace that cannot be meant")
	}
	_ = c.ws.SetReadDeadline(time.Time{}) // from here the heartbeats watch
	return time.Duration(hello.Interval) * time.Millisecond, nil
}

// begin resumes the session, or begins a new one. No events are asked for beyond those that need no asking: interactions are among them.
func (c *conn) begin(token string) error {
	op, data := opIdentify, map[string]any{
		"token":      token,
		"intents":    0,
		"properties": map[string]string{"os": runtime.GOOS, "browser": "motkraft", "device": "motkraft"},
	}
	if c.session.id != "" {
		op, data = opResume, map[string]any{"token": token, "session_id": c.session.id, "seq": c.session.seq.Load()}
	}
	if c.send(op, data) != nil {
		return lost("the connection was lost")
	}
	return nil
}

// beat sends heartbeats until ctx is done, or until one was not answered when the next is due: then nobody is there any more.
func (c *conn) beat(ctx context.Context, every time.Duration) {
	c.acked.Store(true)
	for wait := rand.N(every); channel.Sleep(ctx, wait); wait = every { // #nosec G404 -- jitter is no secret
		if !c.acked.Swap(false) || c.send(opHeartbeat, c.session.last()) != nil {
			return
		}
	}
}

// next reads one frame. Its error is the end of the connection.
func (c *conn) next() (*discordgo.Event, error) {
	_, data, err := c.ws.ReadMessage()
	if err != nil {
		return nil, c.ended(err)
	}
	var e discordgo.Event
	if json.Unmarshal(data, &e) != nil {
		return nil, lost("it sent what cannot be read")
	}
	return &e, nil
}

// ended says what a failed reading means. The gateway's reason is not told: it is not ours.
func (c *conn) ended(err error) error {
	var by *websocket.CloseError
	if !errors.As(err, &by) {
		return lost("the connection was lost")
	}
	if cure, ok := fatal[by.Code]; ok {
		return fmt.Errorf("discord: the gateway: %s (%d)", cure, by.Code)
	}
	switch by.Code {
	case websocket.CloseNormalClosure, websocket.CloseGoingAway, 4007, 4009: // the session is no longer known
		c.session.forget()
	}
	return lost(fmt.Sprintf("it closed the connection with %d", by.Code))
}

// came is how far it came.
func (c *conn) came(events bool) was {
	switch {
	case events && c.beaten.Load():
		return sound
	case events:
		return ready
	}
	return nothing
}

// read takes what comes until the connection ends.
func (c *conn) read(take func(interaction)) (came was, err error) {
	events := false
	for {
		e, err := c.next()
		if err != nil {
			return c.came(events), err
		}
		switch e.Operation {
		case opDispatch:
			events = true
			c.ready()
			c.dispatch(e, take)
		case opHeartbeat:
			_ = c.send(opHeartbeat, c.session.last())
		case opAck:
			c.acked.Store(true)
			c.beaten.Store(true)
		case opReconnect:
			c.close(closeResume)
			return c.came(events), asked{lost("it asked for another connection")}
		case opInvalid:
			var resumable bool
			if json.Unmarshal(e.RawData, &resumable) != nil || !resumable {
				c.session.forget()
			}
			c.close(closeResume)
			end := asked{lost("it ended the session")}
			// The wait that Discord asks for before the next try.
			end.After = time.Second + rand.N(4*time.Second) // #nosec G404 -- jitter is no secret
			return c.came(events), end
		}
	}
}

// dispatch takes one event.
func (c *conn) dispatch(e *discordgo.Event, take func(interaction)) {
	c.session.seq.Store(e.Sequence)
	switch e.Type {
	case "READY":
		var ready struct {
			ID  string `json:"session_id"`
			URL string `json:"resume_gateway_url"`
		}
		address, err := "", json.Unmarshal(e.RawData, &ready)
		if err == nil {
			address, err = versioned(ready.URL)
		}
		if err == nil {
			c.session.id, c.session.url = ready.ID, address
		}
	case "INTERACTION_CREATE":
		var in interaction
		if json.Unmarshal(e.RawData, &in) == nil && in.usable() {
			take(in)
		}
	}
}
