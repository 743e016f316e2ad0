package webhook

import (
	"hash/maphash"
	"sync"
	"time"
)

// maxReplays is how many ids are remembered at most, shared out among the secrets: some 3 MB.
const maxReplays = 1 << 16

// setBack is by how many seconds the time may go back without the clock having been set: requests wait for one another.
const setBack = 5

// replays remembers the ids of one secret's requests for as long as their time can still be believed, whether others come or not. An id is kept
// as a hash under a seed that is made at random and never leaves the process, and beside it stands such a hash of the id with its body, which
// tells a request that is tried again from another one. The screen is made anew from the body, so nothing of an answer is kept.
//
// A request that is tried again does not prolong the memory: tried more than five minutes after it was first sent, it counts as another one.
//
// At the bound the oldest second is forgotten, and from then on requests of that second and of all before it count as stale: the window gets
// narrower, but nothing is taken twice. At 2,000 requests a second it is half a minute wide.
//
// The memory is this process's own. Where several stand behind one address, a request that was taken by one can be sent once to each of the
// others, where it is counted again. Beyond that it changes nothing: a request only asks for a screen. Nor where the clock is set back, with which the memory begins anew: what it
// held would else keep out what is sent now.
type replays struct {
	seed maphash.Seed
	most int

	mu      sync.Mutex
	hashes  map[uint64]uint64  // of the ids, and to each that of it with its body
	seconds map[int64][]uint64 // those of the ids, by the second at which each request says it was sent
	floor   int64              // what says an earlier second is stale
	swept   int64              // the second at which what had run out was last forgotten
	waking  bool               // forget will be called
}

func newReplays(most int) *replays {
	return &replays{seed: maphash.MakeSeed(), most: most, hashes: map[uint64]uint64{}, seconds: map[int64][]uint64{}}
}

// verdict is what is known of a request.
type verdict int

const (
	fresh verdict = iota
	again         // the same came before
	other         // another body came under its id
	stale
)

// add takes the id and the body of a request that says it was sent at a second.
func (r *replays) add(id string, body []byte, at, now int64) verdict {
	hash, whole := r.hash(id, body)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.sweep(now)
	if before, ok := r.hashes[hash]; ok {
		if before == whole {
			return again
		}
		return other
	}
	if at >= r.floor && len(r.hashes) >= r.most {
		r.raise(r.oldest() + 1)
	}
	if at < r.floor {
		return stale
	}
	r.hashes[hash] = whole
	r.seconds[at] = append(r.seconds[at], hash)
	r.wake(now)
	return fresh
}

// hash gives the hash of an id, and that of the id with its body.
func (r *replays) hash(id string, body []byte) (ofID, ofBoth uint64) {
	var h maphash.Hash
	h.SetSeed(r.seed)
	_, _ = h.WriteString(id)
	ofID = h.Sum64()
	_, _ = h.Write(body)
	return ofID, h.Sum64()
}

// sweep forgets what can no longer be believed.
func (r *replays) sweep(now int64) {
	switch {
	case now < r.swept-setBack:
		clear(r.hashes)
		clear(r.seconds)
		r.floor = 0
	case now <= r.swept:
		return
	}
	r.swept = now
	r.raise(now - int64(tolerance.Seconds()))
}

// wake sees to it that the oldest second is forgotten when it has run out.
func (r *replays) wake(now int64) {
	if r.waking || len(r.hashes) == 0 {
		return
	}
	r.waking = true
	left := time.Duration(r.oldest()-now+1) * time.Second
	time.AfterFunc(max(left+tolerance, time.Second), func() {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.waking = false
		now := time.Now().Unix()
		r.sweep(now)
		r.wake(now)
	})
}

// raise forgets what says an earlier second than the new floor.
func (r *replays) raise(floor int64) {
	if floor <= r.floor {
		return
	}
	r.floor = floor
	for second, hashes := range r.seconds {
		if second < floor {
			for _, hash := range hashes {
				delete(r.hashes, hash)
			}
			delete(r.seconds, second)
		}
	}
}

// oldest is the oldest second that is remembered.
func (r *replays) oldest() int64 {
	var oldest int64
	first := true
	for second := range r.seconds {
		if first || second < oldest {
			oldest, first = second, false
		}
	}
	return oldest
}
