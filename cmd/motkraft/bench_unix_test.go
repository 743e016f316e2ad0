//go:build unix

package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"runtime/debug"
	"strings"
	"syscall"
	"testing"
	"time"
)

// A benchmark's server is a process of its own, so that what it costs can be told from what the caller costs. It is this test program under
// another name, which TestMain knows: benchServer serves as people run it, benchBare only reads and writes.
const (
	benchServer = "motkraft-bench"
	benchBare   = "bare-bench"
)

// benched are the servers by name.
var benched = map[string]func(){benchServer: runBenchServer, benchBare: runBenchBare}

// servedFor runs a server until its input ends. It says its address, and for each line of input what it has used.
func servedFor(serve func(ready func(addr string))) {
	out := json.NewEncoder(os.Stdout)
	go serve(func(addr string) { out.Encode(addr) })
	in := bufio.NewScanner(os.Stdin)
	for in.Scan() {
		out.Encode(usedSoFar())
	}
}

// used is what a process has used: processor time, and memory that is resident.
type used struct {
	CPU      int64 // microseconds
	Resident int64 // bytes; 0 where the system does not tell
}

func usedSoFar() used {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		panic(err)
	}
	pages := int64(0)
	if data, err := os.ReadFile("/proc/self/statm"); err == nil {
		fmt.Sscan(string(data), new(int64), &pages)
	}
	return used{u.Utime.Nano()/1000 + u.Stime.Nano()/1000, pages * int64(os.Getpagesize())}
}

// runBenchServer is the whole program with the webhook.
func runBenchServer() {
	servedFor(func(ready func(string)) {
		w, log := newWorld(context.Background(), "MOTKRAFT_WEBHOOK_SECRETS="+hookSecret, "MOTKRAFT_ADDR=127.0.0.1:0", "MOTKRAFT_ADMIN_ADDR=127.0.0.1:0")
		w.onReady = func(public, _ string) { ready(public) }
		fmt.Fprintln(os.Stderr, "the server ended with", w.run([]string{"serve"}), log)
	})
}

// runBenchBare reads what comes and writes what its environment says, under the same bounds and with memory collected as rarely.
func runBenchBare() {
	debug.SetGCPercent(gcPercent)
	var answers []benchAnswer
	if err := json.Unmarshal([]byte(os.Getenv("BENCH_ANSWERS")), &answers); err != nil {
		panic(err)
	}
	servedFor(func(ready func(string)) {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			panic(err)
		}
		ready(l.Addr().String())
		panic(newServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
			if _, err := io.ReadAll(r.Body); err != nil {
				return
			}
			a := &answers[r.URL.RawQuery[0]-'0']
			for name, value := range a.Header {
				rw.Header().Set(name, value)
			}
			io.WriteString(rw, a.Body)
		})).Serve(l))
	})
}

type benchAnswer struct {
	Header map[string]string
	Body   string
}

// child is such a process.
type child struct {
	addr string
	in   io.Writer
	out  *json.Decoder
}

func startChild(tb testing.TB, name string, environ ...string) *child {
	tb.Helper()
	self, err := os.Executable()
	if err != nil {
		tb.Fatal(err)
	}
	cmd := exec.Command(self)
	cmd.Args[0] = name
	cmd.Env, cmd.Stderr = append(os.Environ(), environ...), os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		tb.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		tb.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		in.Close()
		cmd.Wait()
	})
	c := &child{in: in, out: json.NewDecoder(out)}
	if err := c.out.Decode(&c.addr); err != nil {
		tb.Fatalf("the child has no address: %v", err)
	}
	c.settled(tb)
	return c
}

// settled waits until the process has done what it does behind, once it serves: it packs the page's files.
func (c *child) settled(tb testing.TB) {
	tb.Helper()
	const (
		look  = 200 * time.Millisecond
		quiet = 10_000 // microseconds of processor time meanwhile
	)
	before := c.used(tb).CPU
	for range 600 {
		time.Sleep(look)
		now := c.used(tb).CPU
		if now-before < quiet {
			return
		}
		before = now
	}
	tb.Fatal("the server does not come to rest")
}

func (c *child) used(tb testing.TB) (u used) {
	tb.Helper()
	fmt.Fprintln(c.in)
	if err := c.out.Decode(&u); err != nil {
		tb.Fatal(err)
	}
	return u
}

// line is one connection to a server, on which one request is asked after the other. It costs as little as it can: the machine is the
// server's.
type line struct {
	conn net.Conn
	in   *bufio.Reader
	body []byte
}

func dial(tb testing.TB, addr string) *line {
	tb.Helper()
	c, err := net.Dial("tcp", addr)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { c.Close() })
	return &line{conn: c, in: bufio.NewReaderSize(c, 16<<10)}
}

// ask sends a request and gives the answer's head and body.
func (l *line) ask(request []byte) (head string, body []byte, err error) {
	if _, err := l.conn.Write(request); err != nil {
		return "", nil, err
	}
	var b strings.Builder
	length := 0
	for {
		row, err := l.in.ReadSlice('\n')
		if err != nil {
			return "", nil, err
		}
		if len(row) <= 2 {
			break
		}
		b.Write(row)
		if name, value, ok := strings.Cut(string(row), ": "); ok && name == "Content-Length" {
			fmt.Sscan(value, &length)
		}
	}
	if cap(l.body) < length {
		l.body = make([]byte, length)
	}
	_, err = io.ReadFull(l.in, l.body[:length])
	return b.String(), l.body[:length], err
}
