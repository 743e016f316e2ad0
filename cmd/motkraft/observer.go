package main

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"motkraft/bot"
	"motkraft/bot/count"
	"motkraft/bot/fault"
)

// observer is what the program sees of itself: the metrics, the counts and which channels are up.
type observer struct {
	metrics *metrics
	counter *count.Counter // nil where nothing is counted
	store   count.Store    // of the counter
	log     *slog.Logger
	ready   atomic.Bool

	answered atomic.Bool // something was, since the last tidying

	mu       sync.Mutex
	began    time.Time // when the last channel was started
	channels map[string]*served
}

// served is a channel that was started.
type served struct {
	adapter bot.Adapter
	ended   atomic.Bool
	tell    func(error) // once, of a fault in what the adapter says of itself
}

// maxStarting is how long requests are kept away from a program whose channels are starting. It is ready after that all the same: that a
// platform is away must not keep people from the web.
const maxStarting = 10 * time.Second

// lastAdding is how long it may take at the end: with finishTimeout before it the program is gone in under 5 s.
const lastAdding = 700 * time.Millisecond

// The states of a channel.
const (
	stateStarting = "starting" // its platform was not reached yet
	stateUp       = "up"
	stateRefused  = "refused" // its platform refuses the bot, and is tried again; the log says why
	stateEnded    = "ended"   // the log says why
)

// state is asked for from everywhere, also from goroutines of the metrics' library: what is wrong in a channel must not end the others there.
func (s *served) state() string {
	state := stateEnded
	s.ask(func() { state = s.says() })
	return state
}

func (s *served) ask(what func()) {
	if err := fault.Try(func() error { what(); return nil }); err != nil {
		s.tell(err)
	}
}

func (s *served) says() string {
	if s.ended.Load() {
		return stateEnded
	}
	if r, ok := s.adapter.(bot.Refusable); ok && r.Refused() {
		return stateRefused
	}
	if r, ok := s.adapter.(bot.Reacher); ok && !r.Reached() {
		return stateStarting
	}
	return stateUp
}

// oldest is for how long the oldest update in hand has been so.
func (s *served) oldest() (age time.Duration) {
	if q, ok := s.adapter.(bot.Queued); ok {
		s.ask(func() { age = q.Oldest() })
	}
	return age
}

// lookEvery is how often it is looked whether every channel is refused.
const lookEvery = time.Second

// refused gives a channel that is closed once every channel's platform has refused the bot for so long without a break: then somebody has to do
// something, and a supervisor sees it best by the process's end. Nothing is closed for 0, and where there is no channel.
func (o *observer) refused(ctx context.Context, long time.Duration) <-chan struct{} {
	given := make(chan struct{})
	if long == 0 {
		return given
	}
	go contained(o.log, "the look-out for refusals", func() {
		if o.awaitRefused(ctx, long) {
			close(given)
		}
	})
	return given
}

// awaitRefused reports true once that is so, and false once ctx is done.
func (o *observer) awaitRefused(ctx context.Context, long time.Duration) bool {
	look := time.NewTicker(lookEvery)
	defer look.Stop()
	for since := time.Now(); ; {
		select {
		case <-ctx.Done():
			return false
		case <-look.C:
		}
		if !o.allRefused() {
			since = time.Now()
		} else if time.Since(since) >= long {
			return true
		}
	}
}

func (o *observer) allRefused() bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, s := range o.channels {
		if s.state() != stateRefused {
			return false
		}
	}
	return len(o.channels) > 0
}

// newObserver begins to look on. Without a store nothing is counted.
func newObserver(w *world, store count.Store, calendar count.Calendar) *observer {
	o := &observer{metrics: newMetrics(build()), log: w.log, channels: map[string]*served{}}
	if store == nil {
		return o
	}
	o.store = store
	o.counter = count.New(store, count.Options{Calendar: calendar, Channels: w.channels.counted(), Failed: func(err error) {
		o.metrics.uncounted.Inc()
		w.log.Warn("counts were not added", "error", err)
	}})
	return o
}

// offer tells of the groups that conversations can come to from now on.
func (o *observer) offer(groups []string) {
	if o.counter != nil {
		o.counter.Offer(groups...)
	}
}

// observe is told what became of each update.
func (o *observer) observe(channel string, of bot.Outcome) {
	o.answered.Store(true)
	o.metrics.observe(channel, of)
	if o.counter != nil && of.Group != "" {
		o.counter.Conversation(channel, of.Group)
	}
}

// page watches the page being fetched.
func (o *observer) page(page http.Handler) http.Handler {
	return fetches(page, func() {
		o.metrics.fetched.Inc()
		if o.counter != nil {
			o.counter.Fetched()
		}
	})
}

// channel watches a channel that starts. It gives the handler to serve it with, and what to call at its end.
func (o *observer) channel(a bot.Adapter, h bot.Handler) (watched bot.Handler, ended func()) {
	var once sync.Once
	s := &served{adapter: a, tell: func(err error) {
		once.Do(func() { o.log.Error("a channel cannot say how it is", "channel", a.Name(), "error", err) })
	}}
	o.mu.Lock()
	o.channels[a.Name()] = s
	o.began = time.Now()
	o.mu.Unlock()
	o.metrics.channel(a.Name(), func() bool { return s.state() == stateUp }, s.oldest)
	return o.metrics.watch(a.Name(), h), func() { s.ended.Store(true) }
}

// tidyEvery is how often what was freed is given back to the system, where anything was answered since: what people typed may still stand in it.
const tidyEvery = time.Minute

// tidy does so until ctx is done.
func (o *observer) tidy(ctx context.Context, giveBack func()) {
	look := time.NewTicker(tidyEvery)
	defer look.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-look.C:
			if o.answered.Swap(false) {
				giveBack()
			}
		}
	}
}

// count runs the counter, and gives a function that stops it, adds what is left and closes the store.
func (o *observer) count() (finish func()) {
	if o.counter == nil {
		return func() {}
	}
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		contained(o.log, "the counting", func() { o.counter.Run(ctx) })
	}()
	return func() {
		stop()
		ctx, cancel := context.WithTimeout(context.Background(), lastAdding)
		defer cancel()
		o.counter.Finish(ctx)
		select {
		case <-ended:
		case <-ctx.Done(): // nobody waits longer for a store that does not answer
		}
		if err := o.store.Close(); err != nil {
			o.log.Warn("the store of the counts was not closed", "error", err)
		}
	}
}

// readyz says whether requests may come, and which channels are up. A channel that is starting is waited for, up to a bound; one that is refused
// or has ended leaves the others be, and the program ready.
func (o *observer) readyz(rw http.ResponseWriter, _ *http.Request) {
	answer := struct {
		Ready    bool              `json:"ready"`
		Channels map[string]string `json:"channels"`
	}{o.ready.Load(), map[string]string{}}
	o.mu.Lock()
	patient := time.Since(o.began) < maxStarting
	for name, s := range o.channels {
		state := s.state()
		answer.Channels[name] = state
		if state == stateStarting && patient {
			answer.Ready = false
		}
	}
	o.mu.Unlock()
	rw.Header().Set("Content-Type", "application/json")
	if !answer.Ready {
		rw.WriteHeader(http.StatusServiceUnavailable)
	}
	_ = json.NewEncoder(rw).Encode(answer)
}
