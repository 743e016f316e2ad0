package fault_test

import (
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"

	"motkraft/bot/fault"
)

func breaks() { panic("canary: what somebody typed") }

// holds looks that an error says where it was, and not what the panic said.
func holds(t *testing.T, err error) {
	t.Helper()
	said := fmt.Sprintf("%v %+v %#v", err, err, err)
	if strings.Contains(said, "canary") || !strings.Contains(said, "fault_test.breaks") {
		t.Errorf("said: %s, expected the place and not what it said", said)
	}
}

func TestTry(t *testing.T) {
	holds(t, fault.Try(func() error { breaks(); return nil }))
	want := errors.New("no panic")
	if err := fault.Try(func() error { return want }); err != want {
		t.Errorf("the error is %v, expected the work's own", err)
	}
	if err := fault.Try(func() error { return nil }); err != nil {
		t.Errorf("the error is %v, expected none", err)
	}
}

// A panic in one of many comes to who waits for them, once all have ended, and still says where it was.
func TestEach(t *testing.T) {
	var done atomic.Int64
	err := fault.Try(func() error {
		fault.Each(10, func(i int) {
			if i == 3 {
				breaks()
			}
			done.Add(1)
		})
		return nil
	})
	holds(t, err)
	if done.Load() != 9 {
		t.Errorf("%d others were done, expected 9", done.Load())
	}
	fault.Each(0, func(int) { breaks() })
}
