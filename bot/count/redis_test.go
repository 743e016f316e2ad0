package count

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// Counts whose secret is missing or another thing are neither read nor added to, and no new secret is made: the same period would be published
// again with other noise.
func TestRedisWithoutItsSecretIsRefused(t *testing.T) {
	server := startRedis(t)
	s := mustOpen(t, server.address)
	add(t, s, "a", Counts{buy: 40})
	client, err := s.(*Redis).at.dial(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	do := func(args ...any) any {
		t.Helper()
		got, err := client.Do(args[0].(string), args[1:]...)
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	secret := do("GET", redisSecret)
	refused := func(name string, want Refusal) {
		t.Helper()
		before := fmt.Sprintf("%q %q", do("GET", redisSecret), do("HGETALL", redisCounts))
		for range 2 {
			for of, try := range map[string]func() error{
				"add":     func() error { return s.Add(t.Context(), Batch{ID: "b", Counts: Counts{buy: 1}}) },
				"nothing": func() error { return s.Add(t.Context(), Batch{}) },
				"read":    func() error { _, err := s.Read(t.Context()); return err },
			} {
				var got Refusal
				if err := try(); !errors.As(err, &got) || got != want {
					t.Errorf("%s, %s: %v", name, of, err)
				}
			}
		}
		if after := fmt.Sprintf("%q %q", do("GET", redisSecret), do("HGETALL", redisCounts)); after != before {
			t.Errorf("%s: in Redis stood %s, now %s", name, before, after)
		}
	}
	do("DEL", redisSecret)
	refused("missing", refusedMissing)
	do("SET", redisSecret, "c2hvcnQ=")
	refused("short", refusedSecret)
	do("SET", redisSecret, "")
	refused("empty", refusedSecret)

	do("SET", redisSecret, secret)
	add(t, s, "c", Counts{buy: 2})
	holds(t, s, Counts{buy: 42})
	do("DEL", redisSecret, redisCounts) // nothing is left that could be published again
	add(t, s, "d", Counts{buy: 1})
	holds(t, s, Counts{buy: 1})
}

// A node of a Redis Cluster that has not the slot says where it lives. That is refused in words that name the cure and no address.
func TestRedisClusterIsRefused(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go answerMoved(c)
		}
	}()
	s := mustOpen(t, "redis://"+l.Addr().String())
	var refusal Refusal
	if err := s.Add(t.Context(), Batch{ID: "a", Counts: Counts{buy: 1}}); !errors.As(err, &refusal) || refusal != refusedCluster {
		t.Errorf("adding: %v", err)
	}
	if _, err := s.Read(t.Context()); !errors.As(err, &refusal) || refusal != refusedCluster || strings.Contains(err.Error(), "canary") {
		t.Errorf("reading: %v", err)
	}

	port := freePort(t)
	node := startRedis(t, "--cluster-enabled", "yes", "--port", port) // a real one that has no slots
	if err := mustOpen(t, node.address).Add(t.Context(), Batch{}); !errors.As(err, &refusal) || refusal != refusedCluster {
		t.Errorf("a real node: %v", err)
	}
}

// answerMoved answers as a node of a cluster does that has no slot of ours.
func answerMoved(c net.Conn) {
	defer c.Close()
	in := bufio.NewReader(c)
	for {
		var args, size int
		if _, err := fmt.Fscanf(in, "*%d\r\n", &args); err != nil {
			return
		}
		name := ""
		for i := range args {
			if _, err := fmt.Fscanf(in, "$%d\r\n", &size); err != nil {
				return
			}
			word := make([]byte, size+2)
			if _, err := io.ReadFull(in, word); err != nil {
				return
			}
			if i == 0 {
				name = string(word[:size])
			}
		}
		switch name {
		case "MULTI":
			io.WriteString(c, "+OK\r\n")
		case "EXEC":
			io.WriteString(c, "-EXECABORT Transaction discarded because of previous errors.\r\n")
		default:
			io.WriteString(c, "-MOVED 1234 canary:7001\r\n")
		}
	}
}

// redisServer is a Redis of a test's own.
type redisServer struct {
	address string
	cmd     *exec.Cmd
}

// lacks skips a test, or fails it where MOTKRAFT_TEST_REQUIRE names what is missing: a tool, or "system" for what the operating system does not give.
func lacks(t *testing.T, what, why string) {
	t.Helper()
	if slices.Contains(strings.Split(os.Getenv("MOTKRAFT_TEST_REQUIRE"), ","), what) {
		t.Fatalf("%s is missing: %s", what, why)
	}
	t.Skipf("%s is missing: %s", what, why)
}

// startRedis starts a real one that keeps nothing on a disk, with these settings too. Without redis-server on the PATH the test is skipped, or fails where
// MOTKRAFT_TEST_REQUIRE names it.
func startRedis(t *testing.T, settings ...string) *redisServer {
	t.Helper()
	path, err := exec.LookPath("redis-server")
	if err != nil {
		lacks(t, "redis-server", "install Debian's package redis-server")
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
