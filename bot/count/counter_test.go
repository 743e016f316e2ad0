package count

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// memory is a store whose every step a test decides.
type memory struct {
	mu    sync.Mutex
	added []Counts // what each adding brought, without what was never counted
	fail  error
	hang  bool // until the context is done
}

func (m *memory) Add(ctx context.Context, b Batch) error {
	if m.hang {
		<-ctx.Done()
		return ctx.Err()
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if added := nonzero(b.Counts); m.fail == nil && len(added) > 0 {
		m.added = append(m.added, added)
	}
	return m.fail
}

// nonzero leaves out the cells that are only listed.
func nonzero(c Counts) Counts {
	out := maps.Clone(c)
	maps.DeleteFunc(out, func(_ Key, n int64) bool { return n == 0 })
	return out
}

func (m *memory) Read(context.Context) (Kept, error) { return Kept{}, nil }
func (m *memory) Close() error                       { return nil }

func (m *memory) set(fail error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.fail = fail
}

func (m *memory) all() []Counts {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.added
}

// told collects what a Counter tells.
type told struct {
	mu     sync.Mutex
	errors []string
}

func (e *told) failed(err error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.errors = append(e.errors, err.Error())
}

// all gives what was told so far.
func (e *told) all() []string {
	e.mu.Lock()
	defer e.mu.Unlock()
	return slices.Clone(e.errors)
}

func stockholm(t *testing.T, s string) time.Time {
	t.Helper()
	at, err := time.ParseInLocation("2006-01-02 15:04", s, zone())
	if err != nil {
		t.Fatal(err)
	}
	return at
}

// run starts a Counter inside a bubble of synctest, whose clock is its own, and gives what stops it.
func run(t *testing.T, s Store, e *told) (c *Counter, stop func()) {
	t.Helper()
	c = New(s, Options{Channels: counted, Failed: e.failed})
	c.Offer("buy", "sell", "acute")
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() {
		c.Run(ctx)
		close(ended)
	}()
	synctest.Wait()
	return c, func() {
		cancel()
		<-ended
	}
}

func TestAddsOnceADayAndAtTheEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, e := &memory{}, &told{}
		c, stop := run(t, s, e)
		half := Calendar(nil).At(time.Now())
		key := func(channel, group string) Key { return Key{half, channel, group} }
		c.Conversation(telegram, "buy")
		c.Conversation(telegram, "buy")
		c.Conversation("discord", "buy")
		c.Conversation(Web, "buy")
		c.Fetched()
		time.Sleep(addEvery - time.Second)
		if len(s.all()) != 0 {
			t.Error("something was added before the day was over")
		}
		time.Sleep(2 * time.Second)
		synctest.Wait()
		if got := s.all(); len(got) != 1 || !maps.Equal(got[0], Counts{key(telegram, "buy"): 2, key(Web, Fetched): 1}) {
			t.Errorf("added %v", got)
		}
		c.Conversation(webhook, "acute")
		stop()
		c.Finish(t.Context())
		if got := s.all(); len(got) != 2 || !maps.Equal(got[1], Counts{key(webhook, "acute"): 1}) {
			t.Errorf("at the end %v", got)
		}
		if len(e.all()) != 0 {
			t.Errorf("told %q", e.all())
		}
	})
}

// While the store is away counts wait, in memory that does not grow with them, and are added when it is back.
func TestCountsWaitForTheStore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, e := &memory{fail: errors.New("away")}, &told{}
		c, stop := run(t, s, e)
		if len(e.all()) != 1 {
			t.Errorf("at the start %q was told, expected that the store is away", e.all())
		}
		for range 100_000 {
			c.Conversation(telegram, "buy")
		}
		c.mu.Lock()
		if len(c.waiting) != 1 {
			t.Errorf("%d numbers wait, expected one", len(c.waiting))
		}
		c.mu.Unlock()
		time.Sleep(addEvery + time.Minute)
		c.Conversation(telegram, "buy")
		s.set(nil)
		time.Sleep(2 * tryAgain)
		synctest.Wait()
		s.set(errors.New("away again"))
		stop()
		c.Finish(t.Context())
		got := s.all()
		if len(got) != 1 || len(got[0]) != 1 {
			t.Fatalf("added %v", got)
		}
		for _, n := range got[0] {
			if n != 100_000 {
				t.Errorf("%d were added", n)
			}
		}
		if last := e.all()[len(e.all())-1]; !strings.Contains(last, "may be lost") {
			t.Errorf("in the end %q was told", last)
		}
	})
}

// That the store was away at the start makes nothing be added before the day is over.
func TestStoreThatComesLateIsAddedToOnceADay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, e := &memory{fail: errors.New("away")}, &told{}
		c, stop := run(t, s, e)
		defer stop()
		c.Conversation(telegram, "buy")
		s.set(nil)
		time.Sleep(addEvery - time.Second)
		synctest.Wait()
		if got := s.all(); len(got) != 0 || len(e.all()) != 1 {
			t.Errorf("before the day was over %v was added, told %q", got, e.all())
		}
		time.Sleep(2 * time.Second)
		synctest.Wait()
		if got := s.all(); len(got) != 1 {
			t.Errorf("after the day %v was added", got)
		}
	})
}

func TestWaitingIsBounded(t *testing.T) {
	now := stockholm(t, "2026-01-01 12:00")
	c := New(&memory{}, Options{Channels: counted, Now: func() time.Time { return now }})
	c.Offer("buy")
	for range 5 * maxCells {
		now = now.AddDate(0, 6, 0)
		c.Conversation(telegram, "buy")
	}
	if len(c.waiting) != maxCells {
		t.Errorf("%d numbers wait, expected at most %d", len(c.waiting), maxCells)
	}
}

// What comes so late that its period may be published, and what was tried for too long, is dropped, and that is told.
func TestLateCountsAreDropped(t *testing.T) {
	now := stockholm(t, "2026-06-30 23:59")
	e := &told{}
	s := &memory{fail: errors.New("away")}
	c := New(s, Options{Channels: counted, Now: func() time.Time { return now }, Failed: e.failed})
	c.Offer("buy", "sell")
	c.Conversation(telegram, "buy")
	now = now.Add(2 * time.Minute)
	c.Conversation(telegram, "buy")
	if err := c.add(t.Context()); err == nil {
		t.Fatal("added")
	}
	now = Period("2026-H1").Ends().Add(late)
	s.set(nil)
	if err := c.add(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := s.all(); len(got) != 1 || !maps.Equal(got[0], Counts{{"2026-H2", telegram, "buy"}: 1}) {
		t.Errorf("added %v", got)
	}
	if len(e.all()) != 1 || !strings.Contains(e.all()[0], "2026-H1") {
		t.Errorf("told %q", e.all())
	}
	if late >= published {
		t.Error("counts may come after their period was published")
	}

	s.set(errors.New("away"))
	c.Conversation(telegram, "buy")
	c.add(t.Context())
	now = now.Add(giveUp)
	c.Conversation(telegram, "sell")
	s.set(nil)
	c.add(t.Context())
	if len(s.all()) != 1 || len(e.all()) != 2 {
		t.Errorf("what was tried for too long: added %v, told %q", s.all(), e.all())
	}
	c.Finish(t.Context())
	if got := s.all(); len(got) != 2 || !maps.Equal(got[1], Counts{{"2026-H2", telegram, "sell"}: 1}) {
		t.Errorf("added %v", got)
	}
}

// Which cells a store has does not hang on whether anybody came: each period in which a Counter ran has all, though it was the shortest one and
// the store was away in it.
func TestCellsTellOfNobody(t *testing.T) {
	calendar, err := ParseCalendar("2026-05-01,2026-06-06") // between them one day of a half-year
	if err != nil {
		t.Fatal(err)
	}
	var lists []Counts
	for _, people := range []int{0, 1, 30} {
		s := mustOpen(t, t.TempDir()+"/counts.json")
		now := stockholm(t, "2026-06-04 23:00")
		c := New(s, Options{Channels: counted, Calendar: calendar, Now: func() time.Time { return now }})
		c.Offer("buy", "sell")
		for range people {
			c.Conversation(telegram, "buy")
			c.Conversation(telegram, "unheard") // was never offered
		}
		c.Fetched()
		now = stockholm(t, "2026-06-06 00:30")
		c.Offer("buy", "young")
		if err := c.add(t.Context()); err != nil {
			t.Fatal(err)
		}
		got := read(t, s).Counts
		if n := got[Key{"2026-05-01", telegram, "buy"}]; n != int64(people) {
			t.Errorf("%d conversations were counted as %d", people, n)
		}
		for key := range got {
			got[key] = 0
		}
		lists = append(lists, got)
	}
	if want := 3 * (1 + 2*3); len(lists[0]) != want {
		t.Errorf("%d cells, expected %d:\n%v", len(lists[0]), want, lists[0])
	}
	for _, l := range lists[1:] {
		if !maps.Equal(l, lists[0]) {
			t.Errorf("with people there are the cells %v, without %v", l, lists[0])
		}
	}
}

// A store that hangs keeps nobody: counting goes on at once, and the end comes when its context is done.
func TestHangingStoreKeepsNobody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, e := &memory{hang: true}, &told{}
		c, stop := run(t, s, e)
		began := time.Now()
		c.Conversation(telegram, "buy")
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		c.Finish(ctx)
		if took := time.Since(began); took > time.Second {
			t.Errorf("the end took %v", took)
		}
		stop()
		if len(e.all()) == 0 {
			t.Error("nothing was told")
		}
	})
}
