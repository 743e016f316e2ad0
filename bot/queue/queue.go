// Package queue runs work in order where it belongs together, and side by side where it does not.
//
// Start at Queues. Adapters use it so that what one person does is answered in the order in which it was done, and so that what is in hand
// is finished before the program ends.
package queue

import "sync"

// Queues runs work in order for each key, and different keys side by side. A key, which may be the id of somebody's chat, is kept only while
// there is work for it.
type Queues[K comparable] struct {
	mu      sync.Mutex
	waiting map[K][]func()
	closed  bool
	running sync.WaitGroup
}

// New makes Queues with nothing in them.
func New[K comparable]() *Queues[K] { return &Queues[K]{waiting: map[K][]func(){}} }

// Add puts work behind what waits for the key. It reports false, and does nothing, once Finish was called.
func (q *Queues[K]) Add(key K, work func()) bool {
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
func (q *Queues[K]) run(key K, work func()) {
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
func (q *Queues[K]) Waits(key K) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	return len(q.waiting[key]) > 0
}

// Finish takes no more work, and blocks until all that was taken is done.
func (q *Queues[K]) Finish() {
	q.mu.Lock()
	q.closed = true
	q.mu.Unlock()
	q.running.Wait()
}
