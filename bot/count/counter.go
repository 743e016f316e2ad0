package count

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"
)

// Bounds of the counting.
const (
	// addEvery is how often counts are added to the store: were it more often, the store's changes would tell when somebody talked.
	addEvery = 24 * time.Hour

	// tryAgain is the pause after a failure.
	tryAgain = 10 * time.Minute

	// giveUp is for how long one batch is tried.
	giveUp = 6 * 24 * time.Hour

	// maxCells is how many numbers wait in memory at most: two channels of twelve groups each, and the web, in the periods that can be
	// open at a time, are a tenth of it.
	maxCells = 1000
)

// Counter counts in memory. What counts never waits for the store: an answer is neither delayed nor failed by it. What is in memory when
// a process is killed is lost: at most a day.
type Counter struct {
	store Store
	opts  Options

	mu      sync.Mutex
	waiting Counts // counted since the batch was made

	adding chan struct{} // held by whoever is at the store
	batch  Batch         // not added yet, or nobody knows; guarded by adding
	since  time.Time     // when it was made
}

// Options is what the world gives.
type Options struct {
	Now      func() time.Time // default time.Now
	Calendar Calendar         // the campaigns
	Channels []string         // those whose conversations are counted: on no other any is
	Failed   func(error)      // told when counts could not be added; the error holds no secret. Default: nobody
}

// New makes a Counter. Somebody has to call Run, and Finish in the end.
func New(store Store, opts Options) *Counter {
	if opts.Now == nil {
		opts.Now = time.Now
	}
	if opts.Failed == nil {
		opts.Failed = func(error) {}
	}
	return &Counter{store: store, opts: opts, waiting: Counts{}, adding: make(chan struct{}, 1)}
}

// Conversation counts one that came to a referral of the group, where the channel is one of those that are counted.
func (c *Counter) Conversation(channel, group string) {
	if slices.Contains(c.opts.Channels, channel) {
		c.count(channel, group)
	}
}

// Fetched counts that the screens of the web chat were fetched.
func (c *Counter) Fetched() { c.count(Web, Fetched) }

func (c *Counter) count(channel, group string) {
	key := Key{c.opts.Calendar.At(c.opts.Now()), channel, group}
	c.mu.Lock()
	defer c.mu.Unlock()
	if _, ok := c.waiting[key]; ok || len(c.waiting) < maxCells {
		c.waiting[key]++
	}
}

// Run adds what was counted once a day until ctx is done. It begins with adding nothing, so that a store that is not there is told of at
// once and not a day later.
func (c *Counter) Run(ctx context.Context) {
	due := time.Now().Add(addEvery)
	for {
		var err error
		if now := time.Now(); now.Before(due) { // however often it was away until then
			err = c.store.Add(ctx, Batch{})
		} else if err = c.add(ctx); err == nil {
			due = now.Add(addEvery)
		}
		pause := tryAgain
		if err == nil {
			pause = time.Until(due)
		} else if ctx.Err() == nil {
			c.opts.Failed(err)
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(pause):
		}
	}
}

// Finish adds what is left, for the last time, and takes no longer than ctx lets it.
func (c *Counter) Finish(ctx context.Context) {
	err := c.add(ctx)
	if err == nil {
		err = c.add(ctx) // what was counted while an older batch was tried
	}
	if err != nil {
		c.opts.Failed(fmt.Errorf("what was counted since the last adding may be lost: %w", err))
	}
}

// add tries to add the batch that is left from the last time, else one of all that was counted since.
func (c *Counter) add(ctx context.Context) error {
	select {
	case c.adding <- struct{}{}:
		defer func() { <-c.adding }()
	case <-ctx.Done():
		return errors.New("the store of the counts does not answer")
	}
	if len(c.batch.Counts) == 0 {
		c.mu.Lock()
		c.batch, c.since = Batch{ID: rand.Text(), Counts: c.waiting}, c.opts.Now()
		c.waiting = Counts{}
		c.mu.Unlock()
	}
	c.dropLate()
	if len(c.batch.Counts) == 0 {
		return nil
	}
	if err := c.store.Add(ctx, c.batch); err != nil {
		return err
	}
	c.batch = Batch{}
	return nil
}

// dropLate takes out of the batch what may be published already, and all of it once it was tried for too long.
func (c *Counter) dropLate() {
	now := c.opts.Now()
	if now.Sub(c.since) >= giveUp {
		c.opts.Failed(errors.New("the store of the counts was away for too long: what was counted before that is dropped"))
		c.batch = Batch{}
	}
	for key := range c.batch.Counts {
		if !now.Before(key.Period.Ends().Add(late)) {
			c.opts.Failed(fmt.Errorf("counts of %s came too long after its end and are dropped", key.Period))
			delete(c.batch.Counts, key)
		}
	}
}
