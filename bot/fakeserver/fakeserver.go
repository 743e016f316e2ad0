// Package fakeserver is what the fakes of chat platforms have in common. A fake is a platform in memory for tests: strict where the real one
// is lenient, and as ill as one wants it.
//
// Start at Core: it is the inside of a fake, and Server what a test sees of it; a fake's own Server embeds that. A call of the bot comes by
// Add and Core.Early, what is wrong with it goes to Core.Judge, and Core.Carry answers it, or lets the answer go wrong (Failure). What
// calls must look like is read from the platform's published description (Description, Body).
//
// Of its own a fake has what its platform has of its own: addresses, methods, opcodes, limits, words of refusals, and what a message is.
//
// # Why
//
// The name is not plainly fake, since a platform's own one, which imports this, may be called so. An adapter is never imported: what is here
// holds for all of them, or is not here.
//
// One lock guards a fake whole, and the fake owns it: what a call does, with its place in the log and its violations, is seen at once or not
// at all. Methods of Core that need the lock say so; those of Server take it.
//
// A test waits for what happens beside it (Server.Wait): a condition, and a bound against hanging. It never looks once.
package fakeserver

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"
)

// Patience is how long Wait waits for its condition: a bound against hanging, not a demand for speed.
const Patience = 30 * time.Second

// Core is the inside of a fake.
type Core struct {
	TB    testing.TB
	Ctx   context.Context // done with the test
	Tasks sync.WaitGroup  // what runs beside the calls: it is waited for at the end

	mu         *sync.Mutex
	moved      Signal
	now        func() time.Time
	ahead      time.Duration
	counts     map[string]int
	holds      map[string]hold
	early      int
	violations []string
	canaries   []string
	away       bool
	gone       chan struct{} // closed while the platform is away
	end        context.CancelFunc
}

// New gives the inside of a fake that mu guards. now is the platform's clock; nil: time.Now.
func New(tb testing.TB, mu *sync.Mutex, now func() time.Time) *Core {
	if now == nil {
		now = time.Now
	}
	ctx, end := context.WithCancel(context.Background())
	tb.Cleanup(end) // at last; what Serve opened ends it before
	c := &Core{
		Ctx: ctx, end: end,
		TB: tb, mu: mu, moved: NewSignal(), now: now, counts: map[string]int{}, holds: map[string]hold{}, gone: make(chan struct{}),
	}
	return c
}

// Serve opens one server on loopback for each handler, and gives their addresses, without a slash at the end. They end with the test:
// connections that hang then are let go.
func (c *Core) Serve(handlers ...http.HandlerFunc) []string {
	var servers []*httptest.Server
	var urls []string
	for _, h := range handlers {
		server := httptest.NewServer(h)
		servers, urls = append(servers, server), append(urls, server.URL)
	}
	c.TB.Cleanup(func() {
		c.Do(c.end) // who begins a task under the lock has begun it by now, or sees that it is the end
		for _, server := range servers {
			server.CloseClientConnections()
			server.Close()
		}
		c.Tasks.Wait()
	})
	return urls
}

// Clock gives the time of the platform. It needs the lock.
func (c *Core) Clock() time.Time { return c.now().Add(c.ahead) }

// Violate records a violation. It needs the lock.
func (c *Core) Violate(format string, args ...any) {
	c.violations = append(c.violations, fmt.Sprintf(format, args...))
	c.Touch()
}

// Keep remembers canaries. It needs the lock.
func (c *Core) Keep(canaries ...string) { c.canaries = append(c.canaries, canaries...) }

// Touch wakes who waits for a change. It needs the lock.
func (c *Core) Touch() { c.moved.Wake() }

// Do changes something under the lock, and wakes who waits.
func (c *Core) Do(change func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	change()
	c.Touch()
}

// Ask looks at something under the lock.
func Ask[T any](c *Core, look func() T) T {
	c.mu.Lock()
	defer c.mu.Unlock()
	return look()
}
