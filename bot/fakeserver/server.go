package fakeserver

import (
	"slices"
	"time"
)

// Server is what a test sees of any fake. It is safe for concurrent use.
type Server struct{ core *Core }

// Server gives the part of it that a test sees.
func (c *Core) Server() Server { return Server{c} }

// SetClock puts another clock behind the platform's dates and ages. What waits (long polls, heartbeats, a retry-after, a redelivery) goes
// by the real one.
func (s Server) SetClock(now func() time.Time) {
	s.core.Do(func() { s.core.now, s.core.ahead = now, 0 })
}

// Advance moves the platform's clock: what was done before is older by that much.
func (s Server) Advance(d time.Duration) { s.core.Do(func() { s.core.ahead += d }) }

// Violations are the calls that no correct program makes, in the order in which they came.
func (s Server) Violations() []string {
	return Ask(s.core, func() []string { return slices.Clone(s.core.violations) })
}

// Canaries are all strings in play that no error, log line or metric may hold: tokens and secrets, ids and names of people and of where they
// are, and what they typed where it is long enough not to turn up by chance. Each fake says what it keeps so.
func (s Server) Canaries() []string {
	return Ask(s.core, func() []string { return slices.Clone(s.core.canaries) })
}

// Calls counts the calls of a name, whatever they were answered.
func (s Server) Calls(name string) int {
	return Ask(s.core, func() int { return s.core.counts[name] })
}

// RetryEarly counts the calls that came before a retry-after was over. They are answered 429 once more.
func (s Server) RetryEarly() int { return Ask(s.core, func() int { return s.core.early }) }

// Wait waits until cond holds; when it has not after Patience, the test fails with what was waited for. cond may ask the server anything.
// It may be called from any goroutine.
func (s Server) Wait(what string, cond func() bool) bool {
	s.core.TB.Helper()
	if s.core.await(&s.core.moved, cond) {
		return true
	}
	s.core.TB.Errorf("waited %v for %s", Patience, what)
	return false
}
