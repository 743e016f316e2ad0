package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"strings"
	"testing"
	"time"
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

// The first signal begins the drain, the second ends it at once, also where whoever started the program lets it ignore Ctrl-C.
func TestSecondSignalEndsTheDrain(t *testing.T) {
	for _, ignored := range []bool{false, true} {
		if ignored {
			signal.Ignore(os.Interrupt)
			defer signal.Reset(os.Interrupt)
		}
		p := startProcess(t, t.TempDir(), "MOTKRAFT_DRAIN=1h")
		p.signal(t, os.Interrupt)
		until(t, "it drains", func() bool { return strings.Contains(p.stderr.String(), "stopping") })
		if got := status(t, p.public+"/"); got != 200 {
			t.Errorf("while it drains the page gives %d", got)
		}
		p.signal(t, os.Interrupt)
		if code := exitCode(p.end(t)); code != exitContent {
			t.Errorf("ignored at the start %v: it ended with %d, expected %d", ignored, code, exitContent)
		}
	}
}

// exitCode is what a process ended with, -1 by a signal.
func exitCode(err error) int {
	if failed, ok := errors.AsType[*exec.ExitError](err); ok {
		return failed.ExitCode()
	}
	return exitOK
}
