package main

import (
	"context"
	"sync/atomic"
	"time"
)

// hangTimeout is after how long the end is no longer waited for: what is bounded is over by then, finishTimeout and lastAdding after the signal.
const hangTimeout = 4800 * time.Millisecond

// lastWord is how long it may take to say so. Nobody may be reading the log.
const lastWord = 100 * time.Millisecond

// watchdog ends the process in under 5 s after the signal to stop, whatever hangs: a file system with the content on it, a log that nobody reads,
// a fault of the program. It gives where to put for how long the drain puts that off.
func (w *world) watchdog() (drain *atomic.Int64) {
	drain = &atomic.Int64{}
	if w.exit == nil {
		return drain
	}
	context.AfterFunc(w.ctx, func() {
		time.Sleep(time.Duration(drain.Load()) + hangTimeout)
		go w.log.Error("something hangs: the end is not waited for any longer")
		time.Sleep(lastWord)
		w.exit(exitContent)
	})
	return drain
}
