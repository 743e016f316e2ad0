package channel

import (
	"context"

	"motkraft/bot"
	"motkraft/bot/fault"
)

// Guard is the recover middleware: it does work, and tells h of a panic in it, so that a fault of ours ends no more than the one answer in
// which it shows. What the panic said is left out, since it may hold what somebody typed.
//
// It guards the goroutine that calls it: one that work starts needs its own.
func Guard(ctx context.Context, h bot.Handler, work func()) {
	defer func() {
		if p := recover(); p != nil {
			h.Failed(ctx, fault.Recovered(p))
		}
	}()
	work()
}
