package bot

import (
	"fmt"
	"runtime"
	"strings"
)

// maxFrames is how much of the way to a panic is told.
const maxFrames = 32

// Fault is a panic that was recovered, as an error that may be logged: of which kind it was and which way led there. What the panic said is
// left out, since it may hold what somebody typed.
type Fault struct{ kind, way string }

// Recovered makes a Fault of what recover gave. It is called in the deferred function that recovers, where the way can still be seen.
func Recovered(p any) *Fault {
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
