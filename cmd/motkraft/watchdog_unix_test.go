//go:build unix

package main

import (
	"bufio"
	"errors"
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

// pipe makes a pipe where a file is looked for: who opens it waits for somebody to write, as on a mount whose server is gone.
func pipe(t *testing.T, path string) {
	t.Helper()
	if err := syscall.Mkfifo(path, 0o600); err != nil {
		lacks(t, "system", "no pipe can be made here: "+err.Error())
	}
}

// hangsOn waits until somebody reads a pipe, and lets them wait for more.
func hangsOn(t *testing.T, path string) {
	t.Helper()
	until(t, "it hangs", func() bool {
		w, err := os.OpenFile(path, os.O_WRONLY|syscall.O_NONBLOCK, 0)
		if err == nil {
			t.Cleanup(func() { w.Close() })
		}
		return err == nil
	})
}

// launch starts "motkraft serve" and does not wait for it.
func launch(t *testing.T, log io.Writer, environ ...string) (cmd *exec.Cmd, ended chan error) {
	t.Helper()
	path, err := exec.LookPath("motkraft")
	if err != nil {
		t.Fatal(err)
	}
	cmd = exec.Command(path, "serve")
	cmd.Dir, cmd.Stderr = t.TempDir(), log
	cmd.Env = append(environ, "MOTKRAFT_ADDR=127.0.0.1:0", "MOTKRAFT_ADMIN_ADDR=127.0.0.1:0")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cmd.Process.Kill() })
	ended = make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	return cmd, ended
}

// givesUp waits for the end that is waited for by nobody else.
func givesUp(t *testing.T, ended chan error) {
	t.Helper()
	select {
	case err := <-ended:
		if exit := (*exec.ExitError)(nil); !errors.As(err, &exit) || exit.ExitCode() != exitContent {
			t.Errorf("it ended with %v, expected code %d", err, exitContent)
		}
	case <-time.After(time.Minute):
		t.Error("it does not end")
	}
}

// Whatever hangs, the program ends by itself after the signal.
func TestEndsWhateverHangs(t *testing.T) {
	t.Run("a pipe among the content", func(t *testing.T) { // refused unread; what a dead mount does is held by TestFolderThatHangs
		t.Parallel()
		folder := t.TempDir()
		if err := copyContent(filepath.Join("..", ".."), folder); err != nil {
			t.Fatal(err)
		}
		p := startProcess(t, t.TempDir(), "MOTKRAFT_CONTENT="+folder)
		pipe(t, filepath.Join(folder, "flows", "hangs.yaml"))
		until(t, "it is told of", func() bool { return strings.Contains(p.stderr.String(), "no regular file") })
		if got := status(t, p.public+"/"); got != 200 {
			t.Errorf("meanwhile the page gives %d", got)
		}
		p.signal(t, syscall.SIGTERM)
		if err := p.end(t); err != nil {
			t.Errorf("it ended with %v:\n%s", err, p.stderr)
		}
	})
	t.Run("a secret at the start", func(t *testing.T) {
		t.Parallel()
		path := filepath.Join(t.TempDir(), "key")
		pipe(t, path)
		cmd, ended := launch(t, io.Discard, "MOTKRAFT_KEY_FILE="+path)
		hangsOn(t, path)
		cmd.Process.Signal(syscall.SIGTERM)
		givesUp(t, ended)
	})
	t.Run("a log that nobody reads", func(t *testing.T) {
		t.Parallel()
		path := filepath.Join(t.TempDir(), "log")
		if err := syscall.Mkfifo(path, 0o600); err != nil {
			lacks(t, "system", "no pipe can be made here: "+err.Error())
		}
		open := func(how int) *os.File {
			f, err := os.OpenFile(path, how, 0)
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { f.Close() })
			return f
		}
		r := open(os.O_RDONLY | syscall.O_NONBLOCK)
		cmd, ended := launch(t, open(os.O_WRONLY))
		r.SetReadDeadline(time.Now().Add(time.Minute))
		for lines := bufio.NewScanner(r); lines.Scan() && !strings.Contains(lines.Text(), `"ready"`); {
		}
		ours := open(os.O_WRONLY | syscall.O_NONBLOCK) // the program's own waits
		ours.SetWriteDeadline(time.Now().Add(time.Second))
		for err := error(nil); err == nil; { // until it is full
			_, err = ours.Write(make([]byte, 1))
		}
		cmd.Process.Signal(syscall.SIGTERM)
		givesUp(t, ended)
	})
	t.Run("a platform", func(t *testing.T) {
		t.Parallel()
		tg := telegram.New(t, telegram.Options{})
		tg.Fail(func(c telegram.Call) *telegram.Fault {
			if c.Method == "sendMessage" {
				return &telegram.Fault{Kind: telegram.Hang}
			}
			return nil
		})
		p := startProcess(t, t.TempDir(), "MOTKRAFT_TELEGRAM_TOKEN="+tg.Token, "MOTKRAFT_TELEGRAM_API="+tg.URL)
		tg.Join("sv").Start("")
		tg.Wait("the answer to hang", func() bool { return tg.Calls("sendMessage") > 0 })
		p.signal(t, syscall.SIGTERM)
		if err := p.end(t); err != nil {
			t.Errorf("it ended with %v:\n%s", err, p.stderr)
		}
	})
}
