package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	telegram "motkraft/bot/telegram/standin"
)

// process is the program as a process of its own, as people run it.
type process struct {
	cmd           *exec.Cmd
	public, admin string
	ended         chan error
	stderr        *buffer
}

// startProcess starts "motkraft serve" with nothing in its environment but this, in a folder, and waits until it is there.
func startProcess(t *testing.T, folder string, environ ...string) *process {
	t.Helper()
	path, err := exec.LookPath("motkraft") // TestMain puts it there
	if err != nil {
		t.Fatal(err)
	}
	p := &process{cmd: exec.Command(path, "serve"), ended: make(chan error, 1), stderr: &buffer{}}
	p.cmd.Dir = folder
	p.cmd.Env = append(environ, "PATH="+os.Getenv("PATH"), "MOTKRAFT_ADDR=127.0.0.1:0", "MOTKRAFT_ADMIN_ADDR=127.0.0.1:0")
	out, in, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	p.cmd.Stdout, p.cmd.Stderr = in, in
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	in.Close()
	t.Cleanup(func() { p.cmd.Process.Kill() })
	there := make(chan bool, 1)
	go func() {
		lines := bufio.NewReader(io.TeeReader(out, p.stderr))
		for {
			line, err := lines.ReadString('\n')
			var said struct{ Msg, Web, Admin string }
			if json.Unmarshal([]byte(line), &said) == nil && said.Msg == "ready" {
				p.public, p.admin = said.Web, said.Admin
				there <- true
			}
			if err != nil {
				break
			}
		}
		close(there)
		out.Close()
		p.ended <- p.cmd.Wait()
	}()
	if !<-there {
		t.Fatalf("it ended before it was ready:\n%s", p.stderr)
	}
	return p
}

func (p *process) signal(t *testing.T, s os.Signal) {
	t.Helper()
	if err := p.cmd.Process.Signal(s); err != nil {
		t.Fatal(err)
	}
}

// end waits for the end, for as long as nobody would.
func (p *process) end(t *testing.T) error {
	t.Helper()
	select {
	case err := <-p.ended:
		return err
	case <-time.After(time.Minute):
		t.Fatalf("it does not end:\n%s", p.stderr)
	}
	return nil
}

// The first signal begins the drain, the second ends it at once.
func TestSecondSignalEndsTheDrain(t *testing.T) {
	p := startProcess(t, t.TempDir(), "MOTKRAFT_DRAIN=1h")
	p.signal(t, os.Interrupt)
	until(t, "it drains", func() bool { return strings.Contains(p.stderr.String(), "stopping") })
	if got := status(t, p.public+"/"); got != 200 {
		t.Errorf("while it drains the page gives %d", got)
	}
	p.signal(t, os.Interrupt)
	if err := p.end(t); err == nil || !strings.Contains(err.Error(), "interrupt") {
		t.Errorf("it ended with %v, expected by the signal", err)
	}
}

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
	if err := cmd.Wait(); err == nil || !strings.Contains(err.Error(), "terminated") {
		t.Errorf("it ended with %v, expected by the second SIGTERM", err)
	}
}

// A program that ends by a signal which means trouble tells nobody of whom it was answering: no goroutine's arguments, no registers.
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
			p := startProcess(t, t.TempDir(), "MOTKRAFT_TELEGRAM_TOKEN="+tg.Token, "MOTKRAFT_TELEGRAM_API="+tg.URL)
			const people = 20
			var ids []int64
			for range people {
				who := tg.Join("sv")
				who.Start("")
				ids = append(ids, who.ID)
			}
			tg.Wait("all of them in hand", func() bool { return tg.Calls("sendMessage") >= people })
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
			if strings.Contains(said, "goroutine ") {
				t.Errorf("goroutines were told of:\n%.2000s", said)
			}
		})
	}
}
