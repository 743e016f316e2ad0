package channel

import (
	"context"
	"errors"
	"sync/atomic"
	"time"

	"motkraft/bot"
)

// LongestRefused is the longest pause between two tries at what a platform refuses and a channel cannot be without. A refusal may pass:
// platforms give such in outages of their own, and a token is put right by somebody. So nothing but a stop ends a channel.
const LongestRefused = 5 * time.Minute

// Refusals knows whether the platform refuses the bot at the moment. An adapter embeds it, so that it can be asked (bot.Refusable).
type Refusals struct{ now atomic.Bool }

// Refused reports whether the platform refuses the bot at the moment. The adapter goes on trying.
func (r *Refusals) Refused() bool { return r.now.Load() }

// Are says whether it does.
func (r *Refusals) Are(refused bool) { r.now.Store(refused) }

// Persist is Insist for what nothing but a stop may end: a permanent error, too, is tried again, at pauses that grow to minutes. h is told
// of each, and r meanwhile. Its error says that ctx is done.
func Persist[T any](ctx context.Context, b Backoff, h bot.Handler, r *Refusals, try func() (T, error)) (T, error) {
	refused := Backoff{Longest: LongestRefused}
	for {
		answer, err := Insist(ctx, b, h, try)
		if err == nil {
			r.Are(false)
			return answer, nil
		}
		var bad *Temporary
		if ctx.Err() != nil || errors.As(err, &bad) { // Insist gives a temporary error only at the end
			return answer, err
		}
		r.Are(true)
		h.Failed(ctx, err)
		if !Sleep(ctx, refused.Next()) {
			return answer, err
		}
	}
}
