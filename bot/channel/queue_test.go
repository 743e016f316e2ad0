package channel_test

import (
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"motkraft/bot/channel"
)

// TestQueues: one key's work runs in order and never two at a time, while others' goes on; nothing is taken after the end.
func TestQueues(t *testing.T) {
	q := channel.NewQueues(0)
	hold, others := make(chan struct{}), make(chan struct{})
	var mu sync.Mutex
	var got []int
	for i := range 100 {
		q.Add("one", func() {
			<-hold
			mu.Lock()
			defer mu.Unlock()
			got = append(got, i)
		}, nil)
	}
	q.Add("two", func() { close(others) }, nil)
	<-others // although "one" is held up
	close(hold)
	q.Finish()
	if len(got) != 100 || !slices.IsSorted(got) {
		t.Errorf("the work ran in the order %v", got)
	}
	if q.Add("one", func() { t.Error("work was done after the end") }, nil) {
		t.Error("work was taken after the end")
	}
}

// Of what waits for one key only the newest is kept; what goes is told, once, and is not done. The oldest job's age is that of what is worked on.
func TestQueuesKeepTheNewest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := channel.NewQueues(2)
		hold := make(chan struct{})
		var done, dropped []int
		for i := range 6 {
			q.Add("one", func() {
				<-hold
				done = append(done, i)
			}, func() { dropped = append(dropped, i) })
			time.Sleep(time.Second)
		}
		if got := q.Oldest(); got != 6*time.Second {
			t.Errorf("the oldest has been in hand for %v", got)
		}
		close(hold)
		q.Finish()
		if !slices.Equal(done, []int{0, 4, 5}) || !slices.Equal(dropped, []int{1, 2, 3}) {
			t.Errorf("done are %v, dropped %v", done, dropped)
		}
		if got := q.Oldest(); got != 0 {
			t.Errorf("with nothing in hand the oldest is %v old", got)
		}
	})
}
