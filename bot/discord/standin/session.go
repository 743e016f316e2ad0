package standin

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"
)

// Intents that must be granted first, https://discord.com/developers/docs/events/gateway#privileged-intents, and all that there are.
const (
	privileged = 1<<1 | 1<<8 | 1<<15
	allIntents = 1<<17 - 1 | 1<<20 | 1<<21 | 1<<24 | 1<<25
)

// beat answers a heartbeat. All here need the lock.
func (c *conn) beat(data json.RawMessage) {
	var seq *int
	if err := json.Unmarshal(data, &seq); err != nil || len(data) == 0 {
		c.wrong(closeDecode, "a heartbeat whose d is neither a number nor null")
		return
	}
	if seq != nil && (c.session == nil || *seq > c.session.seq) {
		c.gateway.server.core.Violate("gateway: a heartbeat with the number %d, which was never sent", *seq)
	}
	c.beaten = time.Now()
	c.gateway.beats++
	if !c.gateway.muted {
		c.send(opAck, nil)
	}
}

func (c *conn) identify(data json.RawMessage) {
	g := c.gateway
	g.identifies = append(g.identifies, data)
	var given struct {
		Token      string
		Intents    *int
		Compress   bool
		Shard      []int
		Properties struct{ OS, Browser, Device string }
	}
	err := json.Unmarshal(data, &given)
	intents := 0
	if given.Intents != nil {
		intents = *given.Intents
	}
	switch {
	case c.session != nil:
		c.wrong(closeAuthed, "IDENTIFY twice on one connection")
	case err != nil:
		c.wrong(closeDecode, "IDENTIFY that cannot be read")
	case strings.TrimPrefix(given.Token, "Bot ") != g.server.Token:
		c.end(closeToken)
	case given.Intents == nil || intents&^allIntents != 0:
		c.wrong(closeIntents, "IDENTIFY with intents that there are not, or none")
	case intents&privileged != 0:
		c.wrong(closeDenied, "IDENTIFY with intents %d, of which some are privileged", intents)
	case given.Compress || len(given.Shard) == 2 && given.Shard[1] != 1:
		c.wrong(closeUnknown, "IDENTIFY asks for compression or many shards, which are not here")
	case given.Properties.OS == "" || given.Properties.Browser == "" || given.Properties.Device == "":
		c.wrong(closeDecode, "IDENTIFY without properties os, browser and device")
	case g.refuseCode != 0:
		c.end(g.refuseCode)
	default:
		c.begin()
	}
}

// begin makes a new session. The one before is forgotten, and its connection, if it still stands, cut.
func (c *conn) begin() {
	g := c.gateway
	if old := g.session; old != nil && old.conn != nil {
		old.conn.end(0)
	}
	g.sessions++
	g.session = &session{id: fmt.Sprintf("canarysession%032x", g.sessions), conn: c}
	c.session = g.session
	g.server.core.Keep(g.session.id)
	g.session.dispatch("READY", map[string]any{
		"v": 10, "user": g.server.bot(), "guilds": []any{map[string]any{"id": guildID, "unavailable": true}},
		"session_id": g.session.id, "session_type": "normal", "resume_gateway_url": g.resumeURL, "shard": []int{0, 1},
		"application": map[string]any{"id": g.server.AppID, "flags": 0}, "user_settings": map[string]any{},
		"private_channels": []any{}, "presences": []any{}, "relationships": []any{}, "guild_join_requests": []any{}, "_trace": []string{"[]"},
	})
}

func (c *conn) resume(data json.RawMessage) {
	g := c.gateway
	g.resumes++
	var given struct {
		Token string
		ID    string `json:"session_id"`
		Seq   *int
	}
	err := json.Unmarshal(data, &given)
	if !c.again {
		g.server.core.Violate("gateway: RESUME at the first address, not at the one that READY named")
	}
	s := g.session
	switch {
	case c.session != nil:
		c.wrong(closeAuthed, "RESUME on a connection that has a session")
		return
	case err != nil || given.Seq == nil:
		c.wrong(closeDecode, "RESUME without a token, session_id and seq")
		return
	case strings.TrimPrefix(given.Token, "Bot ") != g.server.Token:
		c.end(closeToken)
		return
	case s == nil || s.closed || s.id != given.ID || g.refusals > 0:
		g.refusals = max(g.refusals-1, 0)
		c.send(opInvalid, false)
		return
	case *given.Seq < 0 || *given.Seq > s.seq:
		c.wrong(closeSeq, "RESUME with the number %d, which was never sent", *given.Seq)
		return
	}
	if s.conn != nil {
		s.conn.end(0)
	}
	c.session, s.conn = s, c
	for _, event := range s.sent {
		if event.seq > *given.Seq {
			c.queue = append(c.queue, outgoing{text: event.frame})
		}
	}
	s.dispatch("RESUMED", map[string]any{"_trace": []string{"[]"}})
}
