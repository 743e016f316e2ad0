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

	// maxCells is how many numbers wait in memory at most: two channels of twelve groups each, and the web, are 25 in each of the
	// periods that can be open at a time, of which there are two, seldom three.
	maxCells = 1000
)

// Counter counts in memory. What counts never waits for the store: an answer is neither delayed nor failed by it. What is in memory when
// a process is killed is lost: at most a day.
type Counter struct {
	store Store
	opts  Options

	mu      sync.Mutex
	waiting Counts    // counted since the batch was made
	groups  []string  // whose conversations are counted: all that were ever offered
	listed  time.Time // up to here every cell that there can be was put into a batch

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
	return &Counter{store: store, opts: opts, waiting: Counts{}, listed: opts.Now(), adding: make(chan struct{}, 1)}
}

// Offer tells of groups that conversations can come to from now on. It is called before the first of them, and again when there are others.
func (c *Counter) Offer(groups ...string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, g := range groups {
		if !slices.Contains(c.groups, g) && len(c.groups) < maxCells {
			c.groups = append(c.groups, g)
		}
	}
}

// Conversation counts one that came to a referral of the group, where the channel is one of those that are counted and the group was offered.
func (c *Counter) Conversation(channel, group string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if slices.Contains(c.opts.Channels, channel) && slices.Contains(c.groups, group) {
		c.count(Key{c.opts.Calendar.At(c.opts.Now()), channel, group}, 1)
	}
}

// Fetched counts that the screens of the web chat were fetched.
func (c *Counter) Fetched() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.count(Key{c.opts.Calendar.At(c.opts.Now()), Web, Fetched}, 1)
}

// count is called with mu held.
func (c *Counter) count(key Key, n int64) {
	if _, ok := c.waiting[key]; ok || len(c.waiting) < maxCells {
		c.waiting[key] += n
	}
}

// list counts nothing in every cell that there can be, for each period since the last time. So which cells a store has hangs on when the program
// ran and with which content, and never on whether anybody came: see Publish.
func (c *Counter) list(now time.Time) {
	for at := c.listed; ; at = at.Add(12 * time.Hour) { // periods are whole days
		if at.After(now) {
			at = now
		}
		p := c.opts.Calendar.At(at)
		c.count(Key{p, Web, Fetched}, 0)
		for _, channel := range c.opts.Channels {
			for _, group := range c.groups {
				c.count(Key{p, channel, group}, 0)
			}
		}
		if !at.Before(now) {
			break
		}
	}
	c.listed = now
}

// makeBatch makes one of all that was counted since the last.
func (c *Counter) makeBatch() {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := c.opts.Now()
	c.list(now)
	c.batch, c.since = Batch{ID: rand.Text(), Counts: c.waiting}, now
	c.waiting = Counts{}
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
		c.makeBatch()
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
	for key, n := range c.batch.Counts {
		if now.Before(key.Period.Ends().Add(late)) {
			continue
		}
		if n > 0 {
			c.opts.Failed(fmt.Errorf("counts of %s came too long after its end and are dropped", key.Period))
		}
		delete(c.batch.Counts, key)
	}
}
