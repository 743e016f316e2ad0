package discord

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"sync"
	"sync/atomic"
	"time"

	"github.com/bwmarrin/discordgo"
	"github.com/gorilla/websocket"

	"motkraft/bot"
	"motkraft/bot/channel"
)

// Bounds of a connection.
const (
	dialTimeout = 10 * time.Second // for the connection and for the gateway's first word
	maxFrame    = 4 << 20          // bytes
	maxMisses   = 3                // connections in vain before a session is given up for a new one
	closeResume = 4000             // closes a connection and leaves the session open
)

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

// last is the number of the last event, as heartbeats say it.
func (s *session) last() any {
	if n := s.seq.Load(); n > 0 {
		return n
	}
	return nil
}

// asked is the end of a connection that the gateway asked for: nothing to tell of.
type asked struct{ *channel.Temporary }

func (a asked) Unwrap() error { return a.Temporary }

// lost is the end of a connection as an error without anything private.
func lost(what string) *channel.Temporary {
	return &channel.Temporary{Channel: "discord", Call: "the gateway", What: what}
}

// connect holds a connection to the gateway until ctx is done. What Discord refuses is told each time, and tried again at pauses that grow to
// minutes.
func (d *Discord) connect(ctx context.Context, h bot.Handler) {
	s := &session{}
	pause, refused, told := backoff, channel.Backoff{Longest: channel.LongestRefused}, false
	for {
		was, err := d.hold(ctx, h, s)
		if ctx.Err() != nil {
			return
		}
		if was == sound { // not for a gateway that lets us in and out: sessions are counted by the day
			pause.Reset()
			refused.Reset()
		}
		if was >= ready {
			told = false
			s.misses = 0
		} else if s.misses++; s.misses >= maxMisses {
			s.forget()
		}
		wait := time.Duration(0)
		var end *channel.Temporary
		if errors.As(err, &end) {
			wait = max(min(end.After, aDay), pause.Next())
		} else {
			d.Are(true)
			s.forget()
			wait = refused.Next()
		}
		if end == nil || !told && !errors.As(err, new(asked)) {
			h.Failed(ctx, err)
			told = true
		}
		if !channel.Sleep(ctx, wait) {
			return
		}
	}
}

// was is how far a connection came.
type was int

const (
	nothing was = iota
	ready       // there were events on it
	sound       // and a heartbeat was answered
)

// aDay is the longest that Discord has reason to let us wait for: sessions are counted by the day.
const aDay = 24 * time.Hour

// hold is one connection, from its beginning to its end.
func (d *Discord) hold(ctx context.Context, h bot.Handler, s *session) (came was, err error) {
	address, err := d.gateway(ctx, s)
	if err != nil {
		return nothing, err
	}
	dialer := websocket.Dialer{HandshakeTimeout: dialTimeout, Proxy: http.ProxyFromEnvironment}
	ws, _, err := dialer.DialContext(ctx, address, nil)
	if err != nil {
		return nothing, lost("no connection") // the library's error holds the address
	}
	ws.SetReadLimit(maxFrame)
	c := &conn{ws: ws, session: s, ready: func() { d.Are(false) }}
	// A stop ends the reading.
	defer context.AfterFunc(ctx, func() {
		channel.Guard(ctx, h, func() { c.close(websocket.CloseNormalClosure) })
	})()
	defer ws.Close()
	beat, err := c.hello()
	if err != nil {
		return nothing, err
	}
	if err := c.begin(d.opts.Token); err != nil {
		return nothing, err
	}
	beating, stop := context.WithCancel(ctx)
	var beats sync.WaitGroup
	beats.Go(func() {
		defer c.close(closeResume) // without a beat it is no connection
		channel.Guard(ctx, h, func() { c.beat(beating, beat) })
	})
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
