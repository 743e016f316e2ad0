package standin

import (
	"slices"
	"time"

	"motkraft/bot/fakeserver"
)

// Status is what became of one act.
type Status int

// What can become of an act.
const (
	Pending  Status = iota // not answered yet
	Answered               // within the time
	Expired                // the person was told that the application did not respond
	Failed                 // it could not be sent, or was answered wrongly
)

func (s Status) String() string { return [...]string{"pending", "answered", "expired", "failed"}[s] }

// Act is one thing that a person did.
type Act struct {
	ID string // of the interaction

	server *Server
	in     *interaction
}

// Status says what became of it.
func (a *Act) Status() Status {
	return fakeserver.Ask(a.server.core, func() Status { return a.server.status(a.in) })
}

// Why says in words why it failed.
func (a *Act) Why() string {
	return fakeserver.Ask(a.server.core, func() string { return a.in.failed })
}

// Type is the type of its first answer (4 a message, 5 one that comes later, 6 and 7 a change of the one it was on, 8 choices); 0: none
// yet.
func (a *Act) Type() int { return fakeserver.Ask(a.server.core, func() int { return a.in.answer }) }

// HTTP is the status that a forwarded act was answered with; 0: none yet.
func (a *Act) HTTP() int { return fakeserver.Ask(a.server.core, func() int { return a.in.http }) }

// Took is the time from the act to its first answer, by the real clock; 0: none yet.
func (a *Act) Took() time.Duration {
	return fakeserver.Ask(a.server.core, func() time.Duration { return max(0, a.in.answered.Sub(a.in.sent)) })
}

// Wait waits until it is no longer pending and says what became of it.
func (a *Act) Wait() Status {
	a.server.core.TB.Helper()
	a.server.Wait("what becomes of an act", func() bool { return a.Status() != Pending })
	return a.Status()
}

// Settle waits until nothing that people did is pending any more. A bot that has stopped may have answers on the wire.
func (s *Server) Settle() bool {
	s.core.TB.Helper()
	return s.Wait("the last answer", func() bool {
		return fakeserver.Ask(s.core, func() bool {
			return !slices.ContainsFunc(s.interactions, func(in *interaction) bool { return s.status(in) == Pending })
		})
	})
}
