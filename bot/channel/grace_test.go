package channel_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"motkraft/bot/channel"
)

type key struct{}

// What is in hand goes on after a stop for as long as the grace period is, and no longer.
func TestGrace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, stop := context.WithTimeout(context.WithValue(t.Context(), key{}, "kept"), time.Hour)
		defer stop()
		hand, cancel := channel.Grace(ctx)
		defer cancel()
		if _, has := hand.Deadline(); has || hand.Value(key{}) != "kept" {
			t.Error("the deadline was taken over, or the values were not")
		}
		time.Sleep(10 * channel.StopTimeout)
		synctest.Wait()
		if hand.Err() != nil {
			t.Error("it ended without a stop")
		}
		stop()
		stopped := time.Now()
		time.Sleep(channel.StopTimeout - time.Millisecond)
		synctest.Wait()
		if hand.Err() != nil {
			t.Error("it ended before the grace period was over")
		}
		<-hand.Done()
		if took := time.Since(stopped); took != channel.StopTimeout {
			t.Errorf("it ended %v after the stop, expected %v", took, channel.StopTimeout)
		}
	})
}

// Where nothing is in hand any more, cancel ends the grace period at once.
func TestGraceIsCancelled(t *testing.T) {
	for name, stopped := range map[string]bool{"before a stop": false, "after a stop": true} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, stop := context.WithCancel(t.Context())
				defer stop()
				hand, cancel := channel.Grace(ctx)
				if stopped {
					stop()
					synctest.Wait()
				}
				cancel()
				if hand.Err() == nil {
					t.Error("it goes on")
				}
			})
		})
	}
}
