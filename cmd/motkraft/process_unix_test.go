//go:build unix

package main

import (
	"context"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// SIGHUP ends nothing, however early it comes and however late.
func TestHangupEndsNothing(t *testing.T) {
	fifo := filepath.Join(t.TempDir(), "key")
	if err := syscall.Mkfifo(fifo, 0o600); err != nil {
		lacks(t, "system", "no pipe can be made here: "+err.Error())
	}
	path, err := exec.LookPath("motkraft")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, path, "serve")
	cmd.Env = []string{"MOTKRAFT_ADDR=127.0.0.1:0", "MOTKRAFT_ADMIN_ADDR=127.0.0.1:0", "MOTKRAFT_DRAIN=1h", "MOTKRAFT_KEY_FILE=" + fifo}
	log := &buffer{}
	cmd.Stderr = log
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	key, err := os.OpenFile(fifo, os.O_WRONLY, 0) // until the program reads its settings
	if err != nil {
		t.Fatal(err)
	}
	cmd.Process.Signal(syscall.SIGHUP)
	io.WriteString(key, "Y2FuYXJ5LWtleS1vZi10aGlydHktdHdvLWJ5dGVzISE=")
	key.Close()
	logged := func(line string) func() bool { return func() bool { return strings.Contains(log.String(), line) } }
	until(t, "it is ready", logged(`"ready"`))
	until(t, "it has heard the signal", logged("there is nothing to read again"))
	cmd.Process.Signal(syscall.SIGTERM)
	until(t, "it drains", logged("stopping"))
	cmd.Process.Signal(syscall.SIGHUP)
	cmd.Process.Signal(syscall.SIGTERM)
	if code := exitCode(cmd.Wait()); code != exitContent {
		t.Errorf("it ended with %d, expected %d by the second SIGTERM", code, exitContent)
	}
}

// A program that ends by a signal which means trouble tells nobody of whom it was answering: no goroutine's arguments, no registers. People of every
// channel of the list are in hand then, with what they can be known by.
func TestCrashTellsOfNobody(t *testing.T) {
	for _, s := range []syscall.Signal{syscall.SIGQUIT, syscall.SIGABRT, syscall.SIGSEGV, syscall.SIGBUS} {
		t.Run(s.String(), func(t *testing.T) {
			t.Parallel()
			actors := acted(t, channels())
			p := startProcess(t, t.TempDir(), environOf(actors, false)...)
			crowd := &people{t: t, r: &running{public: p.public, admin: p.admin, log: p.stderr}, data: canaries{}}
			const each = 20
			for _, a := range actors {
				a.meet(p.public, false)
				a.hold(crowd, each)
			}
			p.signal(t, s)
			p.end(t)
			said := withoutAddresses(crowd.r)
			if len(crowd.ids) == 0 || len(crowd.data) == 0 {
				t.Fatal("nobody was in hand")
			}
			for _, id := range crowd.ids {
				if strings.Contains(said, id) {
					t.Fatalf("the id %s of somebody in hand stands in the trace:\n%.2000s", id, said)
				}
			}
			for _, a := range actors {
				crowd.data.add(a.known()...)
			}
			for _, hit := range crowd.data.hits(said) {
				t.Errorf("%q stands in the trace:\n%.2000s", hit, said)
			}
			if strings.Contains(said, "goroutine ") {
				t.Errorf("goroutines were told of:\n%.2000s", said)
			}
		})
	}
}
