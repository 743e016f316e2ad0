package discord

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"github.com/bwmarrin/discordgo"
	"github.com/gorilla/websocket"

	"motkraft/bot"
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

// Bounds of a connection.
const (
	dialTimeout = 10 * time.Second // for the connection and for the gateway's first word
	maxFrame    = 4 << 20          // bytes
	maxMisses   = 3                // connections in vain before a session is given up for a new one
	closeResume = 4000             // closes a connection and leaves the session open
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

// session is what the gateway knows of us. With an id it can be resumed, and what came in between is sent again.
type session struct {
	id     string
	url    string
	seq    atomic.Int64
	misses int
}

func (s *session) forget() {
	s.id, s.url, s.misses = "", "", 0
	s.seq.Store(0)
}

// asked is the end of a connection that the gateway asked for: nothing to tell of.
type asked struct{ *channel.Temporary }

func (a asked) Unwrap() error { return a.Temporary }

// lost is the end of a connection as an error without anything private.
func lost(what string) *channel.Temporary {
	return &channel.Temporary{Channel: "discord", Call: "the gateway", What: what}
}

// connect holds a connection to the gateway until ctx is done. Its error is what Discord has refused for good.
func (d *Discord) connect(ctx context.Context, h bot.Handler) error {
	s := &session{}
	for pause, told := backoff, false; ; {
		began := time.Now()
		ready, err := d.hold(ctx, h, s)
		var end *channel.Temporary
		switch {
		case ctx.Err() != nil:
			return nil
		case !errors.As(err, &end):
			return err
		}
		if ready {
			told = false
			s.misses = 0
		} else if s.misses++; s.misses >= maxMisses {
			s.forget()
		}
		if time.Since(began) > pause.Longest { // not for a gateway that lets us in and out: sessions are counted by the day
			pause.Reset()
		}
		if !told && !errors.As(err, new(asked)) {
			h.Failed(ctx, err)
			told = true
		}
		if !channel.Sleep(ctx, max(end.After, pause.Next())) {
			return nil
		}
	}
}

// hold is one connection, from its beginning to its end. It reports whether there were events on it.
func (d *Discord) hold(ctx context.Context, h bot.Handler, s *session) (ready bool, err error) {
	address, err := d.gateway(ctx, s)
	if err != nil {
		return false, err
	}
	dialer := websocket.Dialer{HandshakeTimeout: dialTimeout, Proxy: http.ProxyFromEnvironment}
	ws, _, err := dialer.DialContext(ctx, address, nil)
	if err != nil {
		return false, lost("no connection") // the library's error holds the address
	}
	ws.SetReadLimit(maxFrame)
	c := &conn{ws: ws, session: s}
	// A stop ends the reading.
	defer context.AfterFunc(ctx, func() { c.close(websocket.CloseNormalClosure) })()
	defer ws.Close()
	beat, err := c.hello()
	if err != nil {
		return false, err
	}
	if err := c.begin(d.opts.Token); err != nil {
		return false, err
	}
	beating, stop := context.WithCancel(ctx)
	var beats sync.WaitGroup
	beats.Go(func() { c.beat(beating, beat) })
	defer func() {
		stop()
		_ = ws.Close() // a beat that hangs ends with it
		beats.Wait()
	}()
	return c.read(func(in interaction) { d.overGateway(h, in) })
}

// gateway gives the address to connect to: the session's own, or the one that Discord gives out.
func (d *Discord) gateway(ctx context.Context, s *session) (string, error) {
	if s.id != "" {
		return s.url, nil
	}
	body, err := d.api.try(ctx, call{route: "gateway/bot", method: http.MethodGet}, channel.CallTimeout)
	var refused *refusal
	switch {
	case errors.As(err, &refused) && refused.status != http.StatusUnauthorized:
		return "", lost(fmt.Sprintf("gateway/bot was refused with status %d", refused.status))
	case err != nil:
		return "", final(err)
	}
	var to discordgo.GatewayBotResponse
	if json.Unmarshal(body, &to) != nil || to.URL == "" {
		return "", lost("the answer to gateway/bot cannot be read")
	}
	if limit := to.SessionStartLimit; limit.Total > 0 && limit.Remaining == 0 {
		end := lost("no session may be begun for a while")
		end.After = time.Duration(limit.ResetAfter) * time.Millisecond
		return "", end
	}
	return versioned(to.URL)
}

// versioned puts to an address what we speak.
func versioned(address string) (string, error) {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return "", lost("the address to connect to is none")
	}
	if u.Path == "" {
		u.Path = "/"
	}
	u.RawQuery = "v=10&encoding=json"
	return u.String(), nil
}

// conn is one connection to the gateway.
type conn struct {
	ws      *websocket.Conn
	session *session
	mu      sync.Mutex  // one writes at a time
	acked   atomic.Bool // the last heartbeat was answered
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
	if e.Operation != opHello || json.Unmarshal(e.RawData, &hello) != nil || hello.Interval <= 0 {
		return 0, lost("it did not begin with hello")
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

// beat sends heartbeats until ctx is done. Where one was not answered when the next is due, nobody is there any more.
func (c *conn) beat(ctx context.Context, every time.Duration) {
	c.acked.Store(true)
	for wait := rand.N(every); channel.Sleep(ctx, wait); wait = every { // #nosec G404 -- jitter is no secret
		if !c.acked.Swap(false) || c.send(opHeartbeat, c.session.last()) != nil {
			c.close(closeResume)
			return
		}
	}
}

// last is the number of the last event, as heartbeats say it.
func (s *session) last() any {
	if n := s.seq.Load(); n > 0 {
		return n
	}
	return nil
}

// next reads one frame. Its error is the end of the connection.
func (c *conn) next() (*discordgo.Event, error) {
	_, data, err := c.ws.ReadMessage()
	if err != nil {
		return nil, c.ended(err)
	}
	var e discordgo.Event
	if json.Unmarshal(data, &e) != nil {
		return nil, lost("it sent what can not be read")
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

// read takes what comes until the connection ends. It reports whether events came.
func (c *conn) read(take func(interaction)) (ready bool, err error) {
	for {
		e, err := c.next()
		if err != nil {
			return ready, err
		}
		switch e.Operation {
		case opDispatch:
			ready = true
			c.dispatch(e, take)
		case opHeartbeat:
			_ = c.send(opHeartbeat, c.session.last())
		case opAck:
			c.acked.Store(true)
		case opReconnect:
			c.close(closeResume)
			return ready, asked{lost("it asked for another connection")}
		case opInvalid:
			var resumable bool
			if json.Unmarshal(e.RawData, &resumable) != nil || !resumable {
				c.session.forget()
			}
			c.close(closeResume)
			end := asked{lost("it ended the session")}
			// The wait that Discord asks for before the next try.
			end.After = time.Second + rand.N(4*time.Second) // #nosec G404 -- jitter is no secret
			return ready, end
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
