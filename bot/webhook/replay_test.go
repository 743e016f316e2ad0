package webhook

import (
	"fmt"
	"runtime"
	"testing"
)

func (r *replays) expect(t *testing.T, id string, at, now int64, want verdict) {
	t.Helper()
	if got := r.add(id, at, now); got != want {
		t.Errorf("%s of second %d at %d: verdict %d, expected %d", id, at, now, got, want)
	}
}

func TestReplays(t *testing.T) {
	r := newReplays(1000)
	r.expect(t, "a", 1000, 1000, fresh)
	r.expect(t, "a", 1000, 1000, known)
	r.expect(t, "a", 1200, 1000, known)
	r.expect(t, "b", 1300, 1000, fresh) // a clock that is ahead
	r.expect(t, "c", 700, 1000, fresh)
	r.expect(t, "c", 700, 1000, known)
	r.expect(t, "d", 699, 1000, stale)
	r.expect(t, "a", 1000, 1300, known) // can still be believed
	r.expect(t, "a", 1000, 1301, stale)
	r.expect(t, "b", 1300, 1600, known)
	r.expect(t, "a", 1600, 1601, fresh) // remembered for ten minutes at most
	if len(r.hashes) != 1 || len(r.seconds) != 1 {
		t.Errorf("%d ids in %d seconds are remembered, expected the last one", len(r.hashes), len(r.seconds))
	}
}

// At the bound the window gets narrower; nothing that was taken is taken again, and what is sent now is always taken.
func TestReplaysAtTheBound(t *testing.T) {
	const most, perSecond = 100, 30
	r := newReplays(most)
	type taken struct {
		id string
		at int64
	}
	var all []taken
	for now := int64(1000); now < 1100; now++ {
		for i := range perSecond {
			id := fmt.Sprint(now, "-", i)
			r.expect(t, id, now, now, fresh)
			all = append(all, taken{id, now})
			if len(r.hashes) > most {
				t.Fatalf("%d ids are remembered, expected %d at most", len(r.hashes), most)
			}
		}
		for _, old := range all {
			if r.add(old.id, old.at, now) == fresh {
				t.Fatalf("%s of second %d is taken again at %d", old.id, old.at, now)
			}
		}
	}
	r.expect(t, "late", 1099-3, 1099, stale)
	r.expect(t, "hardly late", 1099-2, 1099, fresh)
}

// One second with more requests than are remembered: the rest of it is refused, and the next second goes on.
func TestReplaysWithinOneSecond(t *testing.T) {
	r := newReplays(10)
	for i := range 10 {
		r.expect(t, fmt.Sprint(i), 1000, 1000, fresh)
	}
	r.expect(t, "one too many", 1000, 1000, stale)
	r.expect(t, "0", 1000, 1000, stale)
	r.expect(t, "next", 1001, 1001, fresh)
}

// The memory is what the constant's comment says.
func TestReplaysMemory(t *testing.T) {
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	r := newReplays(maxReplays)
	for i := range int64(4 * maxReplays) {
		r.add(fmt.Sprint("msg_", i), i/2000, i/2000)
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	if grown := (int64(after.HeapAlloc) - int64(before.HeapAlloc)) >> 10; grown > 4<<10 {
		t.Errorf("%d ids take %d kB, expected 4 MB at most", len(r.hashes), grown)
	} else {
		t.Logf("%d ids take %d kB", len(r.hashes), grown)
	}
	runtime.KeepAlive(r)
}
