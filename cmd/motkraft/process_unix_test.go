//go:build unix

package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	discord "motkraft/bot/discord/standin"
	telegram "motkraft/bot/telegram/standin"
)

// SIGHUP ends nothing, however early it comes and however late.
func TestHangupEndsNothing(t *testing.T) {
	fifo := filepath.Join(t.TempDir(), "key")
	if err := syscall.Mkfifo(fifo, 0o600); err != nil {
		t.Skipf("no pipe can be made here: %v", err)
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

// A program that ends by a signal which means trouble tells nobody of whom it was answering: no goroutine's arguments, no registers. People of both
// platforms are in hand, whose answers hang; of the other channels nobody is known by anything but a connection.
func TestCrashTellsOfNobody(t *testing.T) {
	for _, s := range []syscall.Signal{syscall.SIGQUIT, syscall.SIGABRT, syscall.SIGSEGV, syscall.SIGBUS} {
		t.Run(s.String(), func(t *testing.T) {
			t.Parallel()
			tg := telegram.New(t, telegram.Options{})
			tg.Fail(func(c telegram.Call) *telegram.Fault {
				if c.Method == "sendMessage" {
					return &telegram.Fault{Kind: telegram.Hang}
				}
				return nil
			})
			dc := discord.New(t, discord.Options{})
			dc.Fail(func(c discord.Call) *discord.Fault {
				if c.Route == "POST callback" {
					return &discord.Fault{Kind: discord.Hang}
				}
				return nil
			})
			p := startProcess(t, t.TempDir(), "MOTKRAFT_TELEGRAM_TOKEN="+tg.Token, "MOTKRAFT_TELEGRAM_API="+tg.URL, "MOTKRAFT_DISCORD_TOKEN="+dc.Token, "MOTKRAFT_DISCORD_API="+dc.API)
			dc.Gateway().WaitReady()
			const people = 20
			var ids []uint64
			for range people {
				who := tg.Join("sv")
				who.Start("")
				ids = append(ids, uint64(who.ID))
				other := dc.Join("sv-SE")
				other.Command("support", nil)
				id, err := strconv.ParseUint(other.ID, 10, 64)
				if err != nil {
					t.Fatal(err)
				}
				ids = append(ids, id)
			}
			tg.Wait("all of them in hand", func() bool { return tg.Calls("sendMessage") >= people })
			dc.Wait("all of them in hand", func() bool { return dc.Calls("POST callback") >= people })
			p.signal(t, s)
			p.end(t)
			said := p.stderr.String()
			for _, id := range ids {
				for _, form := range []string{fmt.Sprint(id), fmt.Sprintf("%x", id)} {
					if strings.Contains(said, form) {
						t.Fatalf("the id %d of somebody in hand stands in the trace as %s:\n%.2000s", id, form, said)
					}
				}
			}
			for _, canary := range append(dc.Canaries(), tg.Canaries()...) {
				if strings.Contains(said, canary) {
					t.Errorf("%q stands in the trace:\n%.2000s", canary, said)
				}
			}
			if strings.Contains(said, "goroutine ") {
				t.Errorf("goroutines were told of:\n%.2000s", said)
			}
		})
	}
}
