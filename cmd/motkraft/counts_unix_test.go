//go:build unix

package main

import (
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/gofrs/flock"
)

// A lock of the counts that somebody else holds for ever, and a file system that hangs, delay no start, no answer and no end without a bound.
func TestHeldCountsKeepNobody(t *testing.T) {
	for name, hold := range map[string]func(t *testing.T, path string){
		"a held lock": func(t *testing.T, path string) {
			lock := flock.New(path + ".lock")
			if err := lock.Lock(); err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { lock.Close() })
		},
		"a file system that hangs": func(t *testing.T, path string) {
			if err := syscall.Mkfifo(path+".lock", 0o600); err != nil { // a system call that does not end
				lacks(t, "system", "no pipe can be made here: "+err.Error())
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "counts.json")
			hold(t, path)
			began := time.Now()
			p := startProcess(t, t.TempDir(), "MOTKRAFT_COUNTS="+path)
			t.Logf("ready after %v", time.Since(began))
			if got := status(t, p.public+"/screens.en.json"); got != 200 {
				t.Errorf("the page gives %d", got)
			}
			until(t, "word of the counts", func() bool { return strings.Contains(p.stderr.String(), "counts were not added") })
			began = time.Now()
			p.signal(t, syscall.SIGTERM)
			if err := p.end(t); err != nil {
				t.Errorf("it ended with %v:\n%s", err, p.stderr)
			}
			t.Logf("ended after %v", time.Since(began))
			if !strings.Contains(p.stderr.String(), "may be lost") {
				t.Errorf("what is lost was not told:\n%s", p.stderr)
			}
		})
	}
}
