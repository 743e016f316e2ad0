package fakeserver

import (
	"net/http"
	"time"
)

// hold is a time in which calls are too early.
type hold struct {
	wait  time.Duration
	until time.Time // zero: nobody was told yet; it begins with the first who is
}

// Hold makes the calls with a key too early for a while: what a Retry-After that was just told is for. It needs the lock.
func (c *Core) Hold(key string, wait time.Duration) {
	if wait > 0 {
		c.holds[key] = hold{wait, time.Now().Add(wait)}
	}
}

// HoldNext tells the next call with the key to wait, and holds from then on; 0 takes back what was not told yet.
func (c *Core) HoldNext(key string, wait time.Duration) {
	c.Do(func() {
		if wait > 0 {
			c.holds[key] = hold{wait: wait}
		} else if c.holds[key].until.IsZero() {
			delete(c.holds, key)
		}
	})
}

// Early says how long before its time a call with these keys came, and which of them holds it longest. It needs the lock.
func (c *Core) Early(at time.Time, keys ...string) (left time.Duration, longest string) {
	if c.away {
		return 0, "" // nobody is told anything
	}
	told := false
	for _, key := range keys {
		h, holds := c.holds[key]
		if !holds {
			continue
		}
		first := h.until.IsZero()
		if first {
			h.until = at.Add(h.wait)
			c.holds[key] = h
		}
		if more := h.until.Sub(at); more > left {
			left, longest, told = more, key, !first
		}
	}
	if told {
		c.early++
	}
	return left, longest
}

// Away takes the platform away, or lets it come back: while it is, every connection is closed without an answer.
func (s Server) Away(away bool) {
	s.core.Do(func() {
		if away == s.core.away {
			return
		}
		if s.core.away = away; away {
			close(s.core.gone)
		} else {
			s.core.gone = make(chan struct{})
		}
	})
}

// Gone gives what is closed while the platform is away. It needs the lock.
func (c *Core) Gone() <-chan struct{} { return c.gone }

// IsAway says whether the platform is away. It needs the lock.
func (c *Core) IsAway() bool { return c.away }

// LeaveIfAway ends a connection without an answer where the platform is away.
func (c *Core) LeaveIfAway() {
	if Ask(c, c.IsAway) {
		panic(http.ErrAbortHandler)
	}
}
