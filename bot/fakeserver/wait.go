package fakeserver

import (
	"maps"
	"slices"
	"strings"
	"time"
)

// Signal wakes those who wait for a change of one thing.
type Signal struct{ moved chan struct{} }

// NewSignal gives a signal that nobody waits for yet.
func NewSignal() Signal { return Signal{make(chan struct{})} }

// Wake wakes all who wait now. It needs the fake's lock.
func (s *Signal) Wake() {
	close(s.moved)
	s.moved = make(chan struct{})
}

// step is how often a condition is looked at where nothing moved here: it may hang on something else.
const step = 50 * time.Millisecond

// await waits until cond holds, looking when the signal wakes; false: it did not within Patience.
func (c *Core) await(signal *Signal, cond func() bool) bool {
	end := time.NewTimer(Patience)
	defer end.Stop()
	for {
		moved := Ask(c, func() chan struct{} { return signal.moved })
		if cond() {
			return true
		}
		select {
		case <-moved:
		case <-time.After(step):
		case <-end.C:
			return cond()
		}
	}
}

// See waits until cond holds for what a person sees; when it has not after Patience, the test fails with both. The signal is one that wakes
// whenever that changes; nil: any change. It may be called from any goroutine.
func See[M any](c *Core, signal *Signal, what string, sees func() []M, cond func([]M) bool) bool {
	c.TB.Helper()
	if signal == nil {
		signal = &c.moved
	}
	var last []M
	if c.await(signal, func() bool { last = sees(); return cond(last) }) {
		return true
	}
	c.TB.Errorf("waited %v for %s; what is seen is %+v", Patience, what, last)
	return false
}

// Holder finds the last of the messages that has what one looks for; where none has, the last of all. The zero value: there is none.
func Holder[M any](seen []M, has func(M) bool) (found M) {
	for _, m := range slices.Backward(seen) {
		if has(m) {
			return m
		}
	}
	if len(seen) > 0 {
		found = seen[len(seen)-1]
	}
	return found
}

// Nth finds the i-th, from 0, of the buttons that can be pressed; false: there are not so many.
func Nth[B any](buttons []B, i int, can func(B) bool) (found B, ok bool) {
	for _, b := range buttons {
		if !can(b) {
			continue
		}
		if i == 0 {
			return b, true
		}
		i--
	}
	return found, false
}

// Fill puts values in the place of names in a JSON text that a test wrote. Only those that stand there are made.
func Fill(text string, values map[string]func() any) string {
	for _, name := range slices.Sorted(maps.Keys(values)) {
		if strings.Contains(text, name) {
			text = strings.ReplaceAll(text, name, string(JSON(values[name]())))
		}
	}
	return text
}
