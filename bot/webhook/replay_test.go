package webhook

import (
	"fmt"
	"runtime"
	"testing"
	"testing/synctest"
	"time"
)

// body is what is sent under every id here.
var body = []byte("{}")

func (r *replays) expect(t *testing.T, id string, at, now int64, want verdict) {
	t.Helper()
	if got := r.add(id, body, at, now); got != want {
		t.Errorf("%s of second %d at %d: verdict %d, expected %d", id, at, now, got, want)
	}
}

func TestReplays(t *testing.T) {
	r := newReplays(1000)
	r.expect(t, "a", 1000, 1000, fresh)
	r.expect(t, "a", 1000, 1000, again)
	r.expect(t, "a", 1200, 1000, again)
	if got := r.add("a", []byte("{} "), 1000, 1000); got != other {
		t.Errorf("another body: verdict %d, expected %d", got, other)
	}
	r.expect(t, "b", 1300, 1000, fresh) // a clock that is ahead
	r.expect(t, "c", 700, 1000, fresh)
	r.expect(t, "c", 700, 1000, again)
	r.expect(t, "d", 699, 1000, stale)
	r.expect(t, "a", 1000, 1300, again) // can still be believed
	r.expect(t, "a", 1000, 1301, stale)
	r.expect(t, "b", 1300, 1600, again)
	r.expect(t, "a", 1600, 1601, fresh) // remembered for ten minutes at most
	if len(r.hashes) != 1 || len(r.seconds) != 1 {
		t.Errorf("%d ids in %d seconds are remembered, expected the last one", len(r.hashes), len(r.seconds))
	}
}

// A clock that jumps ahead and back, by however much, keeps nobody out.
func TestReplaysAfterTheClockWasSetBack(t *testing.T) {
	for _, jump := range []int64{60, 299, 3600, 365 * 86400} {
		r := newReplays(10)
		for i := range int64(20) { // past the bound, which raises the floor
			r.add(fmt.Sprint("ahead ", i), body, 1000+jump+i, 1000+jump+i)
		}
		r.expect(t, "back", 1001, 1001, fresh)
		r.expect(t, "back", 1001, 1001, again)
		if len(r.hashes) != 1 {
			t.Errorf("after a jump of %d s %d ids are remembered, expected 1", jump, len(r.hashes))
		}
	}
}

// What has run out is forgotten also where nothing more comes.
func TestReplaysForgetByThemselves(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newReplays(10)
		now := time.Now().Unix()
		r.expect(t, "a", now, now, fresh)
		r.expect(t, "ahead", now+300, now, fresh)
		left := func() int {
			synctest.Wait()
			r.mu.Lock()
			defer r.mu.Unlock()
			return len(r.hashes)
		}
		for _, c := range []struct{ after, left int }{{0, 2}, {300, 2}, {301, 1}, {600, 1}, {601, 0}} {
			time.Sleep(time.Until(time.Unix(now+int64(c.after), 0)))
			if n := left(); n != c.left {
				t.Errorf("after %d s %d are remembered, expected %d", c.after, n, c.left)
			}
		}
	})
}

// One caller's requests take no room from another's; in total there is no more than the bound.
func TestReplaysOfSecretsAreApart(t *testing.T) {
	keys, err := newKeys([]string{"whsec_Y2FuYXJ5LXNlY3JldC1vZi10aGlydHktdHdvLWJ5dGU=", "whsec_YW5vdGhlci1zZWNyZXQtb2YtdGhpcnR5LXR3by1ieXQ="})
	if err != nil {
		t.Fatal(err)
	}
	one, other := keys[0].replays, keys[1].replays
	if one.most+other.most > maxReplays {
		t.Errorf("together %d ids may be remembered, expected %d at most", one.most+other.most, maxReplays)
	}
	now := int64(1000)
	for i := range maxReplays {
		one.add(fmt.Sprint(i), body, now+200, now)
	}
	one.expect(t, "now", now, now, stale)
	other.expect(t, "now", now, now, fresh)
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
			if r.add(old.id, body, old.at, now) == fresh {
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
		r.add(fmt.Sprint("msg_", i), body, i/2000, i/2000)
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
