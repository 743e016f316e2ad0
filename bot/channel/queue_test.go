package channel_test

import (
	"slices"
	"sync"
	"testing"

	"motkraft/bot/channel"
)

// TestQueues: one key's work runs in order and never two at a time, while others' goes on; nothing is taken after the end.
func TestQueues(t *testing.T) {
	q := channel.NewQueues()
	hold, others := make(chan struct{}), make(chan struct{})
	var mu sync.Mutex
	var got []int
	for i := range 100 {
		q.Add("one", func() {
			<-hold
			mu.Lock()
			defer mu.Unlock()
			got = append(got, i)
		})
	}
	q.Add("two", func() { close(others) })
	<-others // although "one" is held up
	close(hold)
	q.Finish()
	if len(got) != 100 || !slices.IsSorted(got) {
		t.Errorf("the work ran in the order %v", got)
	}
	if q.Add("one", func() { t.Error("work was done after the end") }) {
		t.Error("work was taken after the end")
	}
}
