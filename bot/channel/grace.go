package channel

import (
	"context"
	"time"
)

// StopTimeout is the grace period at a stop: how long what is in hand may take after the signal. The whole program has 5 s.
const StopTimeout = 3500 * time.Millisecond

// Grace gives a context for the grace period at a stop: the one that answers are made under. It holds ctx's values but not its deadline,
// and ends StopTimeout after ctx was done. The caller calls cancel, which ends it at once, when nothing is in hand any more.
func Grace(ctx context.Context) (hand context.Context, cancel context.CancelFunc) {
	hand, cut := context.WithCancel(context.WithoutCancel(ctx))
	stop := context.AfterFunc(ctx, func() { time.AfterFunc(StopTimeout, cut) })
	return hand, func() {
		stop()
		cut()
	}
}
