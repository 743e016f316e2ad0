package adaptertest

import (
	"testing"
	"time"
)

// TestStageMustDoIt: a stage that has a function and does nothing in it does not pass for one that does.
func TestStageMustDoIt(t *testing.T) {
	for _, c := range []struct {
		name  string
		spoil func(*Stage)
		fails func(testing.TB, *Stage)
		says  string
	}{
		{"a room without acts", func(s *Stage) {
			s.Room = func(testing.TB, Person) Room { return Room{Seen: func() []Shown { return nil }} }
		}, keepsRoomsSilent, "nothing can be found in it"},
		{"a room that nobody sees", func(s *Stage) {
			s.Room = func(testing.TB, Person) Room { return Room{Type: func(string) {}} }
		}, keepsRoomsSilent, "nothing can be found in it"},
		{"no wait", func(s *Stage) {
			s.RetryAfter = func(Person) time.Duration { return time.Minute }
		}, retriesAfter, "has told nobody to wait"},
		{"no time to wait", func(s *Stage) {
			s.RetryAfter = func(Person) time.Duration { return 0 }
		}, retriesAfter, "has told nobody to wait"},
		{"not away", func(s *Stage) {
			s.Away = func(bool) {}
		}, isReached, "before the platform has answered"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r := observe(t, func(tb testing.TB) {
				stage := newStage(tb, able(), "")
				c.spoil(stage)
				c.fails(tb, stage)
			})
			if !r.Failed() || !r.hasSaid(c.says) {
				t.Errorf("failed is %v; it said %q, expected %q", r.Failed(), r.said, c.says)
			}
		})
	}
}
