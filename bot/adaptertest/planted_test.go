package adaptertest

import (
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// newStage is a stage with a fake of the fault, on a platform as f says.
func newStage(tb testing.TB, f *platform, wrong fault) *Stage {
	a := &fake{platform: f, fault: wrong, freed: make(chan struct{})}
	f.inbox = make(chan act, 1000)
	if f.patience == 0 {
		f.patience = defaultPatience
	}
	tb.Cleanup(func() { close(a.freed) })
	return &Stage{
		Adapter:    a,
		Join:       f.join,
		Refuse:     f.refuse,
		Canaries:   f.canaries,
		Grace:      defaultPatience,
		KeepsTyped: f.keepsTyped,
		NoTyping:   f.noTyping,
		Vanishes:   f.vanishes,
		Unordered:  f.unordered,
	}
}

// TestFake: an adapter without a fault passes, whatever its platform can do.
func TestFake(t *testing.T) {
	for name, f := range map[string]func() *platform{
		"plain":     func() *platform { return &platform{} },
		"copies":    func() *platform { return &platform{copies: true} },
		"keeps":     func() *platform { return &platform{keepsTyped: true} },
		"no_typing": func() *platform { return &platform{noTyping: true} },
		"vanishes":  func() *platform { return &platform{noTyping: true, vanishes: true} },
		"unordered": func() *platform { return &platform{noTyping: true, unordered: true} },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			Run(t, func(tb testing.TB) *Stage { return newStage(tb, f(), "") })
		})
	}
}

// soon is how long a wait lasts where it is known to be in vain, and Grace where nobody listens.
const soon = 2 * time.Second

// planted are the faults, the cases that must find each, and what these say. hangs: the fault is found by waiting in vain.
var planted = []struct {
	fault fault
	finds []string
	says  string
	hangs bool
}{
	{"token in an error", []string{"refusal"}, "holds the canary", false},
	{"id in a wrapped error", []string{"refusal"}, "holds the canary", false},
	{"platform's error beside ours", []string{"refusal"}, "holds the canary", false},
	{"refusal kept quiet", []string{"refusal"}, "Failed was not told", true},
	{"sulking", []string{"refusal"}, "no answer within", true},
	{"last button lost", all(), "buttons, expected", false},
	{"last button of a full screen lost", []string{"bounds"}, "19 buttons, expected 20", false},
	{"number lost", []string{"arrive", "press", "bounds", "stop"}, "stands neither in the text", false},
	{"text cut on edit", []string{"bounds"}, "1000 characters, expected 1500", false},
	{"HTML escaped", []string{"bounds"}, "&lt;b&gt;", false},
	{"data re-encoded", []string{"data"}, "data \"", false},
	{"typed text trimmed to a line", []string{"type"}, "typed text", false},
	{"typed text kept", []string{"type"}, "still to be seen", true},
	{"clear ignored", []string{"clear"}, "left after the clearing", true},
	{"cleared text left", []string{"clear"}, "left after the clearing", true},
	{"sent anew", []string{"press", "type", "bounds", "fast"}, "screens left in the conversation", true},
	{"hint lost", []string{"arrive", "press", "type", "data"}, "expected the language of", false},
	{"presses handled twice", []string{"press", "data", "many", "fast"}, "reached the handler 2 times", false},
	{"answers mixed up", []string{"many", "stop_in_hand"}, "was in hand and is not answered", true},
	{"presses out of order", []string{"fast"}, "expected the last press's", false},
	{"deaf to stopping", []string{"stop", "stop_in_hand"}, "Run has not returned", true},
	{"stopping is an error", []string{"stop", "stop_in_hand"}, "returned an error after", false},
	{"presses in hand dropped", []string{"stop_in_hand"}, "is not answered", false},
	{"left before the answer", []string{"stop_in_hand"}, "with presses in hand", false},
	{"ended by itself", all(), "ended before it was told to", true},
}

func all() []string {
	var names []string
	for _, c := range cases {
		names = append(names, c.name)
	}
	return names
}

// TestPlanted: each fault fails the cases that are there to find it, and no other.
func TestPlanted(t *testing.T) {
	for _, f := range planted {
		t.Run(string(f.fault), func(t *testing.T) {
			t.Parallel()
			var said atomic.Bool
			var all sync.WaitGroup
			for _, c := range cases {
				all.Go(func() {
					must := slices.Contains(f.finds, c.name)
					r := observe(t, func(tb testing.TB) { c.run(tb, faulty(tb, f.fault, f.hangs && must)) })
					if r.Failed() != must {
						t.Errorf("%s: failed is %v, expected %v; it said %q", c.name, r.Failed(), must, r.said)
					}
					if r.hasSaid(f.says) {
						said.Store(true)
					}
				})
			}
			all.Wait()
			if !said.Load() {
				t.Errorf("no case said %q", f.says)
			}
		})
	}
}

// faulty is a stage with the fault. Where the case is to hang on it, it does not hang long.
func faulty(tb testing.TB, f fault, hangs bool) *Stage {
	p := &platform{vanishes: f == "cleared text left"}
	if hangs {
		p.patience = soon
	}
	stage := newStage(tb, p, f)
	if hangs {
		stage.patience = soon
	}
	if f == "deaf to stopping" {
		stage.Grace = soon / 4
	}
	return stage
}
