package fakeserver

import (
	"net/http"
	"time"
)

// Call is what all fakes know of a call of the bot.
type Call struct {
	N      int       // 1 for the first call of its name
	At     time.Time // by the real clock
	Status int       // in Log: what it was answered; 0: not yet, or never
}

// Journal is the calls that came to a fake, as it calls a call, and the faults that are planned for those to come. A fake's Server embeds it.
type Journal[C, F any] struct {
	core *Core
	plan func(C) *F
	log  []*C
}

// NewJournal gives that of a fake.
func NewJournal[C, F any](core *Core) *Journal[C, F] { return &Journal[C, F]{core: core} }

// Add writes a call into the log; head is what is within it. It needs the lock.
func Add[C, F any](j *Journal[C, F], name string, call *C, head *Call) {
	j.core.counts[name]++
	head.N, head.At = j.core.counts[name], time.Now()
	j.log = append(j.log, call)
	j.core.Touch()
}

// Log gives every call that was let in, in the order in which they came.
func (j *Journal[C, F]) Log() []C {
	return Ask(j.core, func() []C {
		all := make([]C, len(j.log))
		for i, call := range j.log {
			all[i] = *call
		}
		return all
	})
}

// Fail asks plan about every call from now on that is let in, whose answer it may let go wrong; nil as a fault lets the call pass, nil as a
// plan ends the faults. plan is called by many at once, and must not wait.
func (j *Journal[C, F]) Fail(plan func(C) *F) { j.core.Do(func() { j.plan = plan }) }

// Planned asks the test for a fault, without the lock: a plan may ask the server.
func Planned[C, F any](j *Journal[C, F], call C) *F {
	if plan := Ask(j.core, func() func(C) *F { return j.plan }); plan != nil {
		return plan(call)
	}
	return nil
}

// Answer is what a call is answered.
type Answer struct {
	Status int
	Header http.Header
	Body   []byte // JSON; empty: none
}

// Answer notes the status and writes. A platform that is away does neither.
func (c *Core) Answer(w http.ResponseWriter, call *Call, a Answer) {
	if c.note(call, a.Status) {
		panic(http.ErrAbortHandler)
	}
	a.write(w)
}

// Write answers what is no call, unless the platform is away.
func (c *Core) Write(w http.ResponseWriter, a Answer) {
	c.LeaveIfAway()
	a.write(w)
}

// note writes down what a call is answered, and reports whether the platform is away, so that it is not.
func (c *Core) note(call *Call, status int) (away bool) {
	return Ask(c, func() bool {
		if !c.away {
			call.Status = status
			c.Touch()
		}
		return c.away
	})
}

func (a Answer) write(w http.ResponseWriter) {
	for name, values := range a.Header {
		w.Header()[name] = values
	}
	if len(a.Body) > 0 {
		w.Header().Set("Content-Type", "application/json")
	}
	w.WriteHeader(a.Status)
	_, _ = w.Write(a.Body)
}
