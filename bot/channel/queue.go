package channel

import (
	"sync"
	"time"
)

// Queues are work queues by key: work runs in order for each key, and different keys side by side. What one person does is answered in the order
// in which it was done, and nobody waits for another. A key, which may be the id of somebody's chat, is kept only while there is work for it.
type Queues struct {
	most int // jobs that wait for one key; 0: any number

	mu      sync.Mutex
	lines   map[string]*line
	closed  bool
	running sync.WaitGroup
}

// line is the work for one key: what is worked on, and what waits behind it.
type line struct {
	now     job
	waiting []job
}

type job struct {
	work, drop func()
	came       time.Time
}

// NewQueues makes Queues with nothing in them. Behind what is worked on for a key at most so many jobs wait, the newest ones; 0: any number.
func NewQueues(most int) *Queues { return &Queues{most: most, lines: map[string]*line{}} }

// Add puts work behind what waits for the key. Where too much waits there, the oldest of it is dropped: its drop is called in the place of its work,
// where it has one. Add reports false, and does nothing, once Finish was called.
func (q *Queues) Add(key string, work, drop func()) bool {
	dropped, ok := q.add(key, job{work, drop, time.Now()})
	if dropped.drop != nil {
		dropped.drop()
	}
	return ok
}

func (q *Queues) add(key string, j job) (dropped job, ok bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.closed {
		return job{}, false
	}
	l, busy := q.lines[key]
	if !busy {
		q.lines[key] = &line{now: j}
		q.running.Add(1)
		go q.run(key, j)
		return job{}, true
	}
	if l.waiting = append(l.waiting, j); q.most > 0 && len(l.waiting) > q.most {
		dropped, l.waiting = l.waiting[0], l.waiting[1:]
	}
	return dropped, true
}

// run works until nothing waits for the key.
func (q *Queues) run(key string, j job) {
	defer q.running.Done()
	for more := true; more; {
		j.work()
		j, more = q.next(key)
	}
}

func (q *Queues) next(key string) (j job, more bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	l := q.lines[key]
	if len(l.waiting) == 0 {
		delete(q.lines, key)
		return job{}, false
	}
	l.now, l.waiting = l.waiting[0], l.waiting[1:]
	return l.now, true
}

// Waiting counts what waits for the key behind what is worked on.
func (q *Queues) Waiting(key string) int {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.lines[key] == nil {
		return 0
	}
	return len(q.lines[key].waiting)
}

// Oldest gives for how long the oldest job has been in hand, worked on or waiting; 0 where there is none.
func (q *Queues) Oldest() time.Duration {
	q.mu.Lock()
	defer q.mu.Unlock()
	var oldest time.Duration
	for _, l := range q.lines {
		oldest = max(oldest, time.Since(l.now.came))
	}
	return oldest
}

// Finish takes no more work, and blocks until all that was taken is done.
func (q *Queues) Finish() {
	q.mu.Lock()
	q.closed = true
	q.mu.Unlock()
	q.running.Wait()
}
