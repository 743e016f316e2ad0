package main

import (
	"context"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"motkraft/bot"
)

// Memory is given back within a minute after something was answered, and not where nothing was.
func TestTidiesAfterAnswers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, _ := newWorld(t.Context())
		o := newObserver(w, nil, nil)
		ctx, stop := context.WithCancel(t.Context())
		defer stop()
		var times atomic.Int64
		go o.tidy(ctx, func() { times.Add(1) })
		time.Sleep(10 * time.Minute)
		if n := times.Load(); n != 0 {
			t.Errorf("given back %d times although nothing was answered", n)
		}
		for range 100 {
			o.observe("telegram", bot.Outcome{})
		}
		time.Sleep(tidyEvery + time.Second)
		if n := times.Load(); n != 1 {
			t.Errorf("given back %d times, expected once", n)
		}
	})
}
