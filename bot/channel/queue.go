package channel

import "sync"

// Queues are work queues by key: work runs in order for each key, and different keys side by side. What one person does is answered in the order
// in which it was done, and nobody waits for another. A key, which may be the id of somebody's chat, is kept only while there is work for it.
type Queues struct {
	mu      sync.Mutex
	waiting map[string][]func()
	closed  bool
	running sync.WaitGroup
}

// NewQueues makes Queues with nothing in them.
func NewQueues() *Queues { return &Queues{waiting: map[string][]func(){}} }

// Add puts work behind what waits for the key. It reports false, and does nothing, once Finish was called.
func (q *Queues) Add(key string, work func()) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.closed {
		return false
	}
	if line, busy := q.waiting[key]; busy {
		q.waiting[key] = append(line, work)
		return true
	}
	q.waiting[key] = nil
	q.running.Add(1)
	go q.run(key, work)
	return true
}

// run works until nothing waits for the key.
func (q *Queues) run(key string, work func()) {
	defer q.running.Done()
	for work != nil {
		work()
		q.mu.Lock()
		if line := q.waiting[key]; len(line) > 0 {
			work, q.waiting[key] = line[0], line[1:]
		} else {
			work = nil
			delete(q.waiting, key)
		}
		q.mu.Unlock()
	}
}

// Waits reports whether something waits for the key behind what is worked on.
func (q *Queues) Waits(key string) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	return len(q.waiting[key]) > 0
}

// Finish takes no more work, and blocks until all that was taken is done.
func (q *Queues) Finish() {
	q.mu.Lock()
	q.closed = true
	q.mu.Unlock()
	q.running.Wait()
}
