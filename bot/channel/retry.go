package channel

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"

	"motkraft/bot"
)

// firstPause is before the second try.
const firstPause = 250 * time.Millisecond

// Backoff is an exponential backoff with jitter: each pause is twice as long as the one before, up to Longest, give or take a half. A copy
// of one that was not used yet begins anew.
type Backoff struct {
	Longest time.Duration

	pause time.Duration // the next one; 0: the first
}

// Next gives the pause before the next try, and doubles it.
func (b *Backoff) Next() time.Duration {
	pause := max(b.pause, min(firstPause, b.Longest))
	b.pause = min(2*pause, b.Longest)
	return pause/2 + rand.N(pause) // #nosec G404 -- jitter is no secret
}

// Reset begins anew.
func (b *Backoff) Reset() { b.pause = 0 }

// after gives how long to wait before the next try: as long as the server told us to, else the next pause. It reports false where err is nil
// or permanent.
func (b *Backoff) after(err error) (wait time.Duration, again bool) {
	var bad *Temporary
	if !errors.As(err, &bad) {
		return 0, false
	}
	pause := b.Next()
	if bad.After > 0 {
		return bad.After, true
	}
	return pause, true
}

// Call is the retry policy of what somebody waits for: it tries until there is an answer or a permanent error. Where ctx is done, or its
// deadline comes before the next try, it gives the last *Temporary; it never waits for a deadline in vain.
func Call[T any](ctx context.Context, b Backoff, try func() (T, error)) (T, error) {
	for {
		answer, err := try()
		if wait, again := b.after(err); !again || ends(ctx, wait) || !Sleep(ctx, wait) {
			return answer, err
		}
	}
}

// Insist is the retry policy of what a channel cannot be without: it tries until there is an answer or a permanent error, or until ctx is
// done: then it gives the last *Temporary. h is told of the first one, once, so that somebody knows while it goes on trying.
func Insist[T any](ctx context.Context, b Backoff, h bot.Handler, try func() (T, error)) (T, error) {
	for told := false; ; told = true {
		answer, err := try()
		wait, again := b.after(err)
		if !again {
			return answer, err
		}
		if !told && ctx.Err() == nil {
			h.Failed(ctx, err)
		}
		if !Sleep(ctx, wait) {
			return answer, err
		}
	}
}

// ends reports whether ctx's deadline comes before a wait is over.
func ends(ctx context.Context, wait time.Duration) bool {
	end, ok := ctx.Deadline()
	return ok && time.Until(end) < wait
}

// Sleep reports whether the time went by before ctx was done.
func Sleep(ctx context.Context, d time.Duration) bool {
	if d <= 0 {
		return ctx.Err() == nil
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}
