package adaptertest

import (
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
)

// record is a testing.TB on which a case may fail without failing the test: it keeps what is said. What it does not override goes to the
// test's own.
type record struct {
	testing.TB

	mu       sync.Mutex
	said     []string
	failed   bool
	skipped  bool
	cleanups []func()
}

// observe runs a case and its cleanups, and gives what came of it. Fatal ends whichever goroutine called it, as it does on a testing.T.
func observe(t *testing.T, run func(tb testing.TB)) *record {
	r := &record{TB: t}
	apart(func() { run(r) })
	for {
		r.mu.Lock()
		n := len(r.cleanups)
		if n == 0 {
			r.mu.Unlock()
			return r
		}
		last := r.cleanups[n-1]
		r.cleanups = r.cleanups[:n-1]
		r.mu.Unlock()
		apart(last)
	}
}

// apart runs f to its end or its Goexit.
func apart(f func()) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		f()
	}()
	<-done
}

func (r *record) hasSaid(what string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.ContainsFunc(r.said, func(s string) bool { return strings.Contains(s, what) })
}

func (r *record) note(fails bool, s string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.said = append(r.said, s)
	r.failed = r.failed || fails
}

func (r *record) Helper()                        {}
func (r *record) Log(args ...any)                { r.note(false, fmt.Sprintln(args...)) }
func (r *record) Logf(format string, a ...any)   { r.note(false, fmt.Sprintf(format, a...)) }
func (r *record) Error(args ...any)              { r.note(true, fmt.Sprintln(args...)) }
func (r *record) Errorf(format string, a ...any) { r.note(true, fmt.Sprintf(format, a...)) }
func (r *record) Fail()                          { r.note(true, "Fail") }

func (r *record) FailNow() {
	r.Fail()
	runtime.Goexit()
}

func (r *record) Fatal(args ...any) {
	r.Error(args...)
	runtime.Goexit()
}

func (r *record) Fatalf(format string, a ...any) {
	r.Errorf(format, a...)
	runtime.Goexit()
}

func (r *record) Failed() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.failed
}

func (r *record) SkipNow() {
	r.mu.Lock()
	r.skipped = true
	r.mu.Unlock()
	runtime.Goexit()
}

func (r *record) Skip(args ...any) {
	r.Log(args...)
	r.SkipNow()
}

func (r *record) Skipf(format string, a ...any) {
	r.Logf(format, a...)
	r.SkipNow()
}

func (r *record) Skipped() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.skipped
}

func (r *record) Cleanup(f func()) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.cleanups = append(r.cleanups, f)
}
