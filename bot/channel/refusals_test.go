package channel_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"motkraft/bot/channel"
)

// A refusal ends nothing: it is told each time, tried again at pauses that grow to minutes, and known meanwhile. A temporary error in between is
// tried again as ever. An answer ends it, and so does a stop.
func TestPersist(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, began, tries := &told{}, time.Now(), 0
		var r channel.Refusals
		refusal := errors.New("refused")
		answer, err := channel.Persist(t.Context(), channel.Backoff{Longest: time.Second}, h, &r, func() (int, error) {
			tries++
			switch {
			case time.Since(began) > time.Hour:
				return 7, nil
			case tries%5 == 4:
				return 0, &channel.Temporary{What: "away"}
			}
			if tries > 1 != r.Refused() {
				t.Errorf("at try %d it is known as refused: %v", tries, r.Refused())
			}
			return 0, refusal
		})
		if answer != 7 || err != nil || r.Refused() {
			t.Errorf("it ended with %d, %v, refused: %v", answer, err, r.Refused())
		}
		if tries < 15 || tries > 40 {
			t.Errorf("%d tries in an hour", tries)
		}
		refusals := 0
		for _, e := range h.errs {
			if e == refusal {
				refusals++
			}
		}
		if refusals < 10 {
			t.Errorf("only %d refusals were told", refusals)
		}

		ctx, stop := context.WithTimeout(t.Context(), time.Hour)
		defer stop()
		if _, err := channel.Persist(ctx, channel.Backoff{}, h, &r, func() (int, error) { return 0, refusal }); err == nil || !r.Refused() {
			t.Errorf("at a stop: %v, refused: %v", err, r.Refused())
		}
	})
}
