package count

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
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

// redisServer is a Redis of a test's own.
type redisServer struct {
	address string
	cmd     *exec.Cmd
}

// startRedis starts a real one that keeps nothing on a disk, with these settings too. Without redis-server on the PATH the test is skipped, or fails where
// MOTKRAFT_TEST_REQUIRE names it.
func startRedis(t *testing.T, settings ...string) *redisServer {
	t.Helper()
	path, err := exec.LookPath("redis-server")
	if err != nil {
		if slices.Contains(strings.Split(os.Getenv("MOTKRAFT_TEST_REQUIRE"), ","), "redis-server") {
			t.Fatal("redis-server is missing: install Debian's package redis-server")
		}
		t.Skip("redis-server is missing: install Debian's package redis-server")
	}
	dir, err := os.MkdirTemp("", "redis") // not t.TempDir: a socket's path may have 107 characters
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	socket := filepath.Join(dir, "s")
	s := &redisServer{address: "unix://" + socket}
	s.cmd = exec.Command(path, append([]string{"--port", "0", "--unixsocket", socket, "--save", "", "--appendonly", "no", "--dir", dir}, settings...)...)
	if err := s.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.kill)
	for deadline := time.Now().Add(patience); ; {
		if c, err := mustOpen(t, s.address).(*Redis).at.dial(t.Context()); err == nil {
			_, err := c.Do("PING")
			c.Close()
			if err == nil {
				return s
			}
		}
		if time.Now().After(deadline) {
			t.Fatal("redis-server does not answer")
		}
		time.Sleep(10 * time.Millisecond)
	}
}

func (s *redisServer) kill() {
	s.cmd.Process.Kill()
	s.cmd.Wait()
}
