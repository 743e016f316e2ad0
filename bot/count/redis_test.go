package count

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

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
