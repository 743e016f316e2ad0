package standin

import (
	"encoding/json"
	"slices"
	"time"
)

// Drop cuts what is connected, without a word.
func (g *Gateway) Drop() { g.core.Do(g.drop) }

func (g *Gateway) drop() {
	for _, c := range slices.Clone(g.conns) { // end takes each out
		c.end(0)
	}
}

// Close closes what is connected with a code.
func (g *Gateway) Close(code int) {
	g.core.Do(func() {
		for _, c := range slices.Clone(g.conns) {
			c.end(code)
		}
	})
}

// Reconnect asks what is connected to come again and resume (op 7).
func (g *Gateway) Reconnect() { g.all(opReconnect, nil) }

// Invalidate tells what is connected that its session has ended (op 9). One that is not resumable is forgotten.
func (g *Gateway) Invalidate(resumable bool) {
	g.core.Do(func() {
		if !resumable {
			g.session = nil
		}
		for _, c := range g.conns {
			c.send(opInvalid, resumable)
		}
	})
}

// AskBeat asks for a heartbeat at once (op 1).
func (g *Gateway) AskBeat() { g.all(opHeartbeat, nil) }

func (g *Gateway) all(op int, data any) {
	g.core.Do(func() {
		for _, c := range g.conns {
			c.send(op, data)
		}
	})
}

// Send sends any text as a frame. A number ("s") in it counts as one that was sent.
func (g *Gateway) Send(raw string) {
	var frame struct{ S int }
	_ = json.Unmarshal([]byte(raw), &frame) // of another shape: no number
	g.core.Do(func() {
		if g.session != nil {
			g.session.seq = max(g.session.seq, frame.S)
		}
		for _, c := range g.conns {
			c.queue = append(c.queue, outgoing{text: []byte(raw)})
			c.wake()
		}
	})
}

// RefuseResume refuses the next n resumes (op 9, not resumable).
func (g *Gateway) RefuseResume(n int) { g.core.Do(func() { g.refusals = n }) }

// RefuseIdentify closes with a code whoever identifies: 4004 as if the token had been changed, 4014 as if an intent were not granted, …; 0
// ends it.
func (g *Gateway) RefuseIdentify(code int) { g.core.Do(func() { g.refuseCode = code }) }

// Beat changes what HELLO asks for between two heartbeats, on connections that are to come.
func (g *Gateway) Beat(every time.Duration) { g.core.Do(func() { g.beat = every }) }

// Mute leaves heartbeats without an answer, or answers them again.
func (g *Gateway) Mute(muted bool) { g.core.Do(func() { g.muted = muted }) }

// HoldHello leaves new connections without HELLO; when it ends, those that wait get it.
func (g *Gateway) HoldHello(hold bool) {
	g.core.Do(func() {
		g.holdHello = hold
		for _, c := range g.conns {
			if !hold && !c.greeted {
				c.hello()
			}
		}
	})
}

// Away takes the gateway away: what is connected is cut, new connections are refused, GET gateway/bot is 503. The session is kept for a
// resume.
func (g *Gateway) Away(away bool) {
	g.core.Do(func() {
		if g.away = away; away {
			g.drop()
		}
	})
}
