package telegram

import "sync"

// queues runs work in order for each key, and different keys side by side. A key is kept only while there is work for it.
type queues struct {
	mu      sync.Mutex
	waiting map[int64][]func()
	closed  bool
	running sync.WaitGroup
}

func newQueues() *queues { return &queues{waiting: map[int64][]func(){}} }

// add puts work behind what waits for the key. It reports false, and does nothing, once finish was called.
func (q *queues) add(key int64, work func()) bool {
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
func (q *queues) run(key int64, work func()) {
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

// finish takes no more work, and blocks until all that was taken is done.
func (q *queues) finish() {
	q.mu.Lock()
	q.closed = true
	q.mu.Unlock()
	q.running.Wait()
}
