package adaptertest

import (
	"context"
	"errors"
	"time"

	"motkraft/bot"
)

// later is how the platform tells to wait.
type later struct{ wait time.Duration }

func (l *later) Error() string { return "fake: 429: too many requests" }

// errAway is what a call gets while the platform is away.
var errAway = errors.New("fake: the connection failed")

// retryAfter lets the next delivery to a person wait, and all that come too early.
func (f *platform) retryAfter(p Person) time.Duration {
	const wait = 250 * time.Millisecond
	f.mu.Lock()
	defer f.mu.Unlock()
	p.(*member).wait = wait
	return wait
}

func (f *platform) tooEarly() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.early
}

func (f *platform) goAway(away bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.away = away
}

func (f *platform) isAway() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.away
}

// waitsFor reports whether a person's next delivery is told to wait.
func (f *platform) waitsFor(m *member) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return m.wait > 0
}

// holdsUp says why no delivery to a person is taken now. The caller holds mu.
func (f *platform) holdsUp(m *member) error {
	now := time.Now()
	left := m.until.Sub(now)
	switch {
	case f.away:
		return errAway
	case left > 0:
		f.early++
		return &later{left}
	case m.wait > 0:
		left, m.wait = m.wait, 0
		m.until = now.Add(left)
		return &later{left}
	}
	return nil
}

// meet waits for the platform's first answer. It gives an error where the adapter goes away with it.
func (a *fake) meet(ctx context.Context) error {
	if a.fault == "reached before the answer" {
		a.met.Store(true)
	}
	for a.isAway() {
		if a.fault == "gone with the platform" {
			return errAway
		}
		if !sleep(ctx, pause) {
			return nil
		}
	}
	a.met.Store(a.fault != "never reached")
	return nil
}

// Reached reports whether the platform has answered.
func (a *fake) Reached() bool {
	switch a.fault {
	case "reached before Run":
		return true
	case "reached no more":
		return a.met.Load() && !a.isAway()
	}
	return a.met.Load()
}

// insist delivers until the platform takes or refuses it.
func (a *fake) insist(ctx context.Context, h bot.Handler, u act, in int, s Shown) error {
	if a.fault == "one wait holds up all" {
		a.one.Lock()
		defer a.one.Unlock()
	}
	ctx = context.WithoutCancel(ctx) // what is in hand is finished
	for {
		err := a.deliver(u, in, s)
		var wait *later
		switch {
		case errors.Is(err, errAway):
			sleep(ctx, pause)
		case !errors.As(err, &wait):
			return err
		case a.fault == "gives up on who has to wait":
			return nil
		case a.fault == "asks again at once":
			sleep(ctx, pause)
		default:
			if a.fault == "wait told as a failure" {
				h.Failed(ctx, err)
			}
			sleep(ctx, wait.wait)
		}
	}
}

// sleep reports whether the time went by before the context was done.
func sleep(ctx context.Context, d time.Duration) bool {
	select {
	case <-ctx.Done():
		return false
	case <-time.After(d):
		return true
	}
}
