package channel_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"motkraft/bot"
	"motkraft/bot/channel"
)

// told is a bot.Handler that keeps the failures it is told of.
type told struct {
	bot.Handler
	mu   sync.Mutex
	errs []error
}

func (h *told) Failed(_ context.Context, err error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.errs = append(h.errs, err)
}

func (h *told) of() []error {
	h.mu.Lock()
	defer h.mu.Unlock()
	return slices.Clone(h.errs)
}

func breaks() { panic("canary: what somebody typed") }

// A panic ends the work in which it is and nothing else. Its place is told, and not what it said.
func TestGuard(t *testing.T) {
	h := &told{}
	channel.Guard(t.Context(), h, breaks)
	done := false
	channel.Guard(t.Context(), h, func() { done = true })
	errs := h.of()
	if len(errs) != 1 || !done {
		t.Fatalf("told of %v, the next work was done: %v", errs, done)
	}
	if said := fmt.Sprintf("%v %+v %#v", errs[0], errs[0], errs[0]); strings.Contains(said, "canary") || !strings.Contains(said, "channel_test.breaks") {
		t.Errorf("told: %s, expected the place and not what it said", said)
	}
}
