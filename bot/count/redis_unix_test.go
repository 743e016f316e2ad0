//go:build unix

package count

import (
	"syscall"
	"testing"
	"time"
)

// A real Redis that stops answering, and one that is gone and comes back: what was counted meanwhile is there in the end, once.
func TestRedisAway(t *testing.T) {
	server := startRedis(t)
	s := mustOpen(t, server.address)
	e := &told{}
	c := New(s, Options{Channels: counted, Failed: e.failed})
	c.Offer("buy")
	add(t, s, "", nil) // so that there is a connection
	c.Conversation(telegram, "buy")
	if err := server.cmd.Process.Signal(syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	// The answer to this one is never seen, but Redis will find it in its socket and add it.
	if err := c.add(t.Context()); err == nil {
		t.Error("a Redis that stands still has taken the counts")
	}
	c.Conversation(telegram, "buy")
	if err := server.cmd.Process.Signal(syscall.SIGCONT); err != nil {
		t.Fatal(err)
	}
	for deadline := time.Now().Add(patience); c.add(t.Context()) != nil; {
		if time.Now().After(deadline) {
			t.Fatal("the Redis that goes on takes no counts")
		}
	}
	for deadline := time.Now().Add(patience); c.add(t.Context()) != nil && time.Now().Before(deadline); {
	}
	var total int64
	for _, n := range read(t, s).Counts {
		total += n
	}
	if total != 2 {
		t.Errorf("%d are kept, expected 2: a batch was added twice or lost", total)
	}
	server.kill()
	c.Conversation(telegram, "buy")
	if err := c.add(t.Context()); err == nil {
		t.Error("a Redis that is gone has taken the counts")
	}
	if c.batch.Counts == nil {
		t.Error("what could not be added does not wait")
	}
}
