package channel_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"motkraft/bot/channel"
)

// from is a pace that lets one key through from a time on, and all others at once.
func from(key string, when time.Time) channel.Pace {
	return func(k string) time.Duration {
		if k != key {
			return 0
		}
		return max(0, time.Until(when))
	}
}

func TestPaceIsOver(t *testing.T) {
	var none channel.Pace
	p := from("fast", time.Now().Add(time.Hour))
	if none.IsOver("fast") || !p.IsOver("fast") || p.IsOver("slow") {
		t.Error("of no pace and one for a key, the keys that are over it are not those that are")
	}
}

// A key that is too fast waits for its time and no longer; others do not wait, and none does where there is no pace.
func TestPaceAwaits(t *testing.T) {
	for name, c := range map[string]struct {
		key     string
		none    bool
		stopped bool
		takes   time.Duration
	}{
		"too fast":       {key: "fast", takes: 1100 * time.Millisecond},
		"somebody else":  {key: "slow"},
		"no pace":        {key: "fast", none: true},
		"after the stop": {key: "fast", stopped: true},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				if c.stopped {
					cancel()
				}
				began := time.Now()
				p := from("fast", began.Add(1100*time.Millisecond))
				if c.none {
					p = nil
				}
				if turn := p.Await(ctx, c.key, channel.NewQueues(0)); !turn || time.Since(began) != c.takes {
					t.Errorf("its turn: %v, after %v, expected %v", turn, time.Since(began), c.takes)
				}
			})
		})
	}
}

// Of a flood the last is answered, when its time has come; what another person does meanwhile is answered at once.
func TestPacePassesOverAFlood(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		p, q := from("fast", began.Add(time.Minute)), channel.NewQueues(0)
		answered := make(chan int, 10)
		for i := range 5 {
			q.Add("fast", func() {
				if p.Await(t.Context(), "fast", q) {
					answered <- i
				}
			}, nil)
		}
		other := make(chan time.Duration, 1)
		q.Add("slow", func() {
			p.Await(t.Context(), "slow", q)
			other <- time.Since(began)
		}, nil)
		if waited := <-other; waited != 0 {
			t.Errorf("somebody else waited for %v", waited)
		}
		q.Finish()
		if took := time.Since(began); took != time.Minute {
			t.Errorf("the last was answered after %v, expected a minute", took)
		}
		if last := <-answered; last != 4 || len(answered) > 0 {
			t.Errorf("the first answered is %d of 0 to 4, and %d more, expected the last alone", last, len(answered))
		}
	})
}
