// Package fault keeps a fault of the program to where it is. A panic that nobody recovers ends the process, and with it every conversation there is;
// it can be recovered only in the goroutine in which it is.
//
// Where a goroutine works for a channel, package channel's Guard is what to use; it tells the channel's handler.
package fault

import (
	"fmt"
	"runtime"
	"strings"
	"sync"
)

// maxFrames is how much of the way to a panic is told.
const maxFrames = 32

// Fault is a panic that was recovered, as an error that may be logged: of which kind it was and which way led there. What the panic said is
// left out, since it may hold what somebody typed.
type Fault struct{ kind, way string }

// Recovered makes a Fault of what recover gave. It is called in the deferred function that recovers, where the way can still be seen. What was a Fault
// before stays that one.
func Recovered(p any) *Fault {
	if before, ok := p.(*Fault); ok {
		return before
	}
	var callers [maxFrames]uintptr
	frames := runtime.CallersFrames(callers[:runtime.Callers(2, callers[:])])
	var way []string
	for more := true; more; {
		var f runtime.Frame
		if f, more = frames.Next(); !strings.HasPrefix(f.Function, "runtime.") {
			way = append(way, fmt.Sprintf("%s:%d", f.Function, f.Line))
		}
	}
	return &Fault{fmt.Sprintf("%T", p), strings.Join(way, " < ")}
}

func (f *Fault) Error() string {
	return "a fault of the program, please report it: " + f.kind + " in " + f.way
}

// Try does work, and makes an error of a panic in it.
func Try(work func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = Recovered(p)
		}
	}()
	return work()
}

// Each calls do for each number below n, side by side, and waits for all of them. A panic in one of them becomes the caller's, who may recover it.
func Each(n int, do func(i int)) {
	var all sync.WaitGroup
	errs := make([]error, n)
	for i := range n {
		all.Go(func() {
			errs[i] = Try(func() error { do(i); return nil })
		})
	}
	all.Wait()
	for _, err := range errs {
		if err != nil {
			panic(err)
		}
	}
}
