package adaptertest

import (
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"motkraft/bot"
)

// newStage is a stage with a fake of the fault, on a platform as f says.
func newStage(tb testing.TB, f *platform, wrong fault) *Stage {
	a := &fake{platform: f, fault: wrong, freed: make(chan struct{}), languages: map[*member]string{}}
	f.inbox = make(chan act, 1000)
	if f.patience == 0 {
		f.patience = DefaultPatience
	}
	tb.Cleanup(func() { close(a.freed) })
	stage := &Stage{
		Adapter:    a,
		Join:       f.join,
		Refuse:     f.refuse,
		Canaries:   f.canaries,
		Grace:      DefaultPatience,
		NoHint:     f.noHint,
		KeepsTyped: f.keepsTyped,
		NoTyping:   f.noTyping,
		Vanishes:   f.vanishes,
		Unordered:  f.unordered,
	}
	if f.plain {
		stage.Adapter = struct{ bot.Adapter }{a}
	}
	if f.rooms {
		stage.Room = f.room
	}
	if f.waits {
		stage.RetryAfter, stage.Early = f.retryAfter, f.tooEarly
	}
	if f.goes {
		stage.Away = f.goAway
	}
	return stage
}

// able is a platform with all that a platform can have.
func able() *platform { return &platform{rooms: true, waits: true, goes: true} }

// TestFake: an adapter without a fault passes, whatever its platform can do.
func TestFake(t *testing.T) {
	for name, f := range map[string]func() *platform{
		"plain":     func() *platform { return &platform{} },
		"copies":    func() *platform { return &platform{copies: true} },
		"keeps":     func() *platform { return &platform{keepsTyped: true} },
		"no_typing": func() *platform { return &platform{noTyping: true} },
		"vanishes":  func() *platform { return &platform{noTyping: true, vanishes: true} },
		"unordered": func() *platform { return &platform{noTyping: true, unordered: true} },
		"no_hint":   func() *platform { return &platform{noHint: true} },
		"commands":  func() *platform { return &platform{rooms: true, noTyping: true} },
		"unasked":   func() *platform { return &platform{goes: true, plain: true} },
		"served":    func() *platform { return &platform{plain: true} },
		"able":      able,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			Run(t, func(tb testing.TB) *Stage { return newStage(tb, f(), "") })
		})
	}
}

// soon is how long a wait lasts where it is known to be in vain, and Grace where nobody listens.
const soon = 8 * time.Second

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
	{"hint lost", []string{"arrive", "press", "type", "data", "language"}, "expected the language of", false},
	{"hint made up", all(), "expected none", false},
	{"language remembered", []string{"language"}, "expected the language of", false},
	{"presses handled twice", []string{"press", "data", "many", "fast", "language"}, "reached the handler 2 times", false},
	{"answers mixed up", []string{"many", "stop_in_hand"}, "was in hand and is not answered", true},
	{"presses out of order", []string{"fast"}, "expected the last press's", true},
	{"deaf to stopping", []string{"stop", "stop_in_hand"}, "Run has not returned", true},
	{"stopping is an error", []string{"stop", "stop_in_hand"}, "returned an error after", false},
	{"presses in hand dropped", []string{"stop_in_hand"}, "is not answered", false},
	{"left before the answer", []string{"stop_in_hand"}, "with presses in hand", false},
	{"ended by itself", all(), "ended before it was told to", true},
	{"room answered openly", []string{"room"}, "others in the room can see", false},
	{"buttons in the room", []string{"room"}, "others in the room can see", false},
	{"typed text repeated in the room", []string{"room"}, "others in the room can see", false},
	{"person named in the room", []string{"room"}, "others in the room can see", false},
	{"room's words in an error", []string{"room"}, "holds the canary", false},
	{"press in the room answered openly", []string{"room"}, "others in the room can see", false},
	{"one wait holds up all", []string{"retry"}, "only after the one person who had to wait", false},
	{"gives up on who has to wait", []string{"retry"}, "no answer within", true},
	{"asks again at once", []string{"retry"}, "before the wait was over", false},
	{"wait told as a failure", []string{"retry"}, "on a platform that works", false},
	{"reached before the answer", []string{"reached"}, "before the platform has answered", false},
	{"reached before Run", []string{"reached"}, "before Run", false},
	{"never reached", []string{"reached"}, "after the platform came back", true},
	{"reached no more", []string{"reached"}, "is false again", false},
	{"gone with the platform", []string{"reached"}, "while the platform was away", false},
	{"gone with the platform later", []string{"reached"}, "while the platform was away", false},
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
	p := able()
	p.vanishes = f == "cleared text left"
	p.noHint = f == "hint made up"
	if hangs {
		p.patience = soon
	}
	stage := newStage(tb, p, f)
	if hangs {
		stage.Patience = soon
	}
	if f == "deaf to stopping" {
		stage.Grace = soon / 4
	}
	return stage
}
