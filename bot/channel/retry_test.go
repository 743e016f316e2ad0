package channel_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"motkraft/bot/channel"
)

var (
	errFailed  = &channel.Temporary{Channel: "test", Call: "try", What: "the connection failed"}
	errWait    = &channel.Temporary{Channel: "test", Call: "try", What: "too many requests", After: 7 * time.Second}
	errRefused = errors.New("refused")
)

// script is a try that fails with each error in turn, and after them succeeds; its answer is the number of tries.
func script(errs ...error) func() (int, error) {
	n := 0
	return func() (int, error) {
		n++
		if n <= len(errs) {
			return n, errs[n-1]
		}
		return n, nil
	}
}

// forever is a try that always fails.
func forever(err error) func() (int, error) {
	n := 0
	return func() (int, error) {
		n++
		return n, err
	}
}

// Each pause is twice as long as the one before, up to the longest, give or take a half.
func TestBackoff(t *testing.T) {
	fresh := channel.Backoff{Longest: 3 * time.Second}
	used := fresh
	for round := range 50 {
		for i, want := range []time.Duration{250, 500, 1000, 2000, 3000, 3000, 3000} {
			want *= time.Millisecond
			if got := used.Next(); got < want/2 || got >= want*3/2 {
				t.Errorf("round %d: pause %d is %v, expected %v, give or take a half", round, i, got, want)
			}
		}
		used.Reset()
	}
	for range 7 {
		used.Next()
	}
	if got := fresh.Next(); got >= 375*time.Millisecond {
		t.Errorf("the pause of one that was not used is %v: it is that of its copy", got)
	}
	if short := (channel.Backoff{Longest: time.Millisecond}); short.Next() >= 3*time.Millisecond/2 {
		t.Error("the first pause is longer than the longest")
	}
}

// Of many who wait for the same server not all come back at the same time.
func TestBackoffHasJitter(t *testing.T) {
	seen := map[time.Duration]bool{}
	for range 50 {
		b := channel.Backoff{Longest: time.Second}
		seen[b.Next()] = true
	}
	if len(seen) < 10 {
		t.Errorf("50 pauses have %d lengths", len(seen))
	}
}

// TestCall: what is tried again, when, and what is given in the end.
func TestCall(t *testing.T) {
	const first = 250 * time.Millisecond
	for name, c := range map[string]struct {
		try         func() (int, error)
		deadline    time.Duration // 0: none
		cancelled   time.Duration // when ctx is done; 0: never
		tries       int
		err         error
		least, most time.Duration // that it takes
	}{
		"answered at once":              {try: script(), tries: 1},
		"temporary, then answered":      {try: script(errFailed, errFailed), tries: 3, least: 3 * first / 2, most: 9 * first / 2},
		"temporary, as a cause":         {try: script(fmt.Errorf("in it: %w", errFailed)), tries: 2, least: first / 2, most: 3 * first / 2},
		"refused":                       {try: forever(errRefused), tries: 1, err: errRefused},
		"temporary, then refused":       {try: script(errFailed, errRefused), tries: 2, err: errRefused, least: first / 2, most: 3 * first / 2},
		"told to wait":                  {try: script(errWait, errWait), tries: 3, least: 14 * time.Second, most: 14 * time.Second},
		"told to wait within the time":  {try: script(errWait), deadline: 8 * time.Second, tries: 2, least: 7 * time.Second, most: 7 * time.Second},
		"told to wait beyond the time":  {try: forever(errWait), deadline: 6 * time.Second, tries: 1, err: errWait},
		"told to wait, then beyond":     {try: forever(errWait), deadline: 10 * time.Second, tries: 2, err: errWait, least: 7 * time.Second, most: 7 * time.Second},
		"stopped while it waits":        {try: forever(errWait), cancelled: time.Second, tries: 1, err: errWait, least: time.Second, most: time.Second},
		"temporary until the time ends": {try: forever(errFailed), deadline: first / 4, tries: 1, err: errFailed},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				if c.deadline > 0 {
					ctx, cancel = context.WithTimeout(ctx, c.deadline)
					defer cancel()
				}
				if c.cancelled > 0 {
					time.AfterFunc(c.cancelled, cancel)
				}
				began := time.Now()
				tries, err := channel.Call(ctx, channel.Backoff{Longest: time.Minute}, c.try)
				if took := time.Since(began); took < c.least || took > c.most {
					t.Errorf("took %v, expected %v to %v", took, c.least, c.most)
				}
				if tries != c.tries || !errors.Is(err, c.err) {
					t.Errorf("%d tries, %v, expected %d, %v", tries, err, c.tries, c.err)
				}
			})
		})
	}
}

// TestInsist: it tells of the first trouble, once, and goes on until there is an answer, a refusal or a stop.
func TestInsist(t *testing.T) {
	for name, c := range map[string]struct {
		try     func() (int, error)
		stopped time.Duration // when ctx is done; 0: never
		tries   int           // 0: some
		err     error
		told    error // nil: nobody was told
	}{
		"answered at once":         {try: script(), tries: 1},
		"temporary, then answered": {try: script(errFailed, errWait, errFailed, errFailed), tries: 5, told: errFailed},
		"refused":                  {try: forever(errRefused), tries: 1, err: errRefused},
		"temporary, then refused":  {try: script(errWait, errRefused), tries: 2, err: errRefused, told: errWait},
		"stopped":                  {try: forever(errFailed), stopped: time.Hour, err: errFailed, told: errFailed},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx := t.Context()
				if c.stopped > 0 {
					var cancel context.CancelFunc
					ctx, cancel = context.WithTimeout(ctx, c.stopped) // a deadline is not foreseen: until then it goes on
					defer cancel()
				}
				h := &told{}
				began := time.Now()
				tries, err := channel.Insist(ctx, channel.Backoff{Longest: time.Minute}, h, c.try)
				if c.tries > 0 && tries != c.tries || !errors.Is(err, c.err) {
					t.Errorf("%d tries, %v, expected %d, %v", tries, err, c.tries, c.err)
				}
				if took := time.Since(began); took < c.stopped {
					t.Errorf("it gave up after %v", took)
				}
				switch errs := h.of(); {
				case c.told == nil && len(errs) > 0, c.told != nil && (len(errs) != 1 || !errors.Is(errs[0], c.told)):
					t.Errorf("told of %v, expected %v", errs, c.told)
				}
			})
		})
	}
}

// After a stop nobody is told that the platform could not be reached.
func TestInsistIsQuietAfterAStop(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	h := &told{}
	tries, err := channel.Insist(ctx, channel.Backoff{Longest: time.Minute}, h, func() (int, error) {
		cancel()
		return 1, errFailed
	})
	if tries != 1 || !errors.Is(err, errFailed) || len(h.of()) > 0 {
		t.Errorf("%d, %v, told of %v", tries, err, h.of())
	}
}

func TestSleep(t *testing.T) {
	for name, c := range map[string]struct {
		d, done time.Duration // done: when ctx is; 0: never, less: before
		slept   bool
		took    time.Duration
	}{
		"the time goes by":  {d: time.Second, slept: true, took: time.Second},
		"no time":           {d: 0, slept: true},
		"less than no time": {d: -1, slept: true},
		"done meanwhile":    {d: time.Hour, done: time.Second, took: time.Second},
		"done before":       {d: time.Hour, done: -1},
		"done, and no time": {d: 0, done: -1},
		"done after it":     {d: time.Second, done: time.Hour, slept: true, took: time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				if c.done < 0 {
					cancel()
				} else if c.done > 0 {
					defer time.AfterFunc(c.done, cancel).Stop()
				}
				began := time.Now()
				if slept, took := channel.Sleep(ctx, c.d), time.Since(began); slept != c.slept || took != c.took {
					t.Errorf("%v after %v, expected %v after %v", slept, took, c.slept, c.took)
				}
			})
		})
	}
}
