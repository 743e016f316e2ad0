// Package adaptertest is what every adapter must do, as a suite that each calls once, with a stand-in of its platform:
//
//	func TestConformance(t *testing.T) {
//		adaptertest.Run(t, func(tb testing.TB) *adaptertest.Stage { ... })
//	}
//
// Start at Stage: it is all that a platform's tests write. The cases are listed in cases; each gets a stage of its own, runs the
// adapter with a scripted bot.Handler, and acts as people do: arrives, presses, types, looks.
//
// Every case, not only the one about refusals, also holds the adapter to this: no error that Failed or Run gives holds a canary, nothing
// fails on a platform that works, and Run does not end before it is told to.
//
// # Why
//
// The privacy promise is asserted here and not in each adapter's own tests, so that no adapter can forget it. The suite itself is tried
// with planted faults (planted_test.go): each must fail just the cases that are there to find it.
//
// What is not asserted: speed (all waits end on a condition, with a bound that only a hang reaches), how buttons are laid out in rows, what an
// adapter does about a platform that is slow or away for a while, and a stop while the adapter is still starting. Where these matter, they
// differ by platform, and that platform's tests hold them.
package adaptertest

import (
	"testing"
	"time"

	"motkraft/bot"
)

// Stage is one adapter on one stand-in platform, fresh for each case. All fields without a default are required. The stage ends what it
// started by tb.Cleanup; the suite has told Run to stop before that.
type Stage struct {
	// Adapter is run once, by the suite.
	Adapter bot.Adapter

	// Join gives a new person on the platform, with a language hint that the platform sends with whatever they do ("sv", "en-US"; a
	// platform that knows only "sv-SE" sends that). The person's ids, names and everything that they can be known by hold canaries:
	// strings that must not turn up in any error.
	Join func(tb testing.TB, lang string) Person

	// Refuse makes the platform answer the next n deliveries (sends and edits, whoever they are for) with a refusal that can not be
	// ridden out (such as Telegram's 400), whose description holds the canaries. It replaces what is left of an earlier call, so
	// that Refuse(0) ends it.
	Refuse func(n int)

	// Canaries are all secrets and personal strings in play (token, ids, names, interaction tokens) that no error may hold, of at
	// least minCanary bytes each, so that none turns up by chance. It is called last, when all have joined and acted.
	Canaries func() []string

	// Grace is within what time Run must return after its context is done: a bound against hanging, generous.
	Grace time.Duration

	// KeepsTyped is true where the platform does not let a bot take away what a person typed.
	KeepsTyped bool

	// NoTyping is true where people can not type to the bot (Discord). There, too, each arrival is a conversation of its own, and
	// clearing one does not reach into another.
	NoTyping bool

	// Vanishes is true where clearing takes away all of the conversation, its own last text too.
	Vanishes bool

	// Unordered is true where the platform carries what one person does side by side, each on a connection of its own, so that nobody can
	// tell what was first. No harm is in it: a button says where it leads, whatever was pressed before.
	Unordered bool

	// patience bounds each wait of the suite's own; default defaultPatience.
	patience time.Duration
}

// Person is one person on the platform, as far as they can act and see.
//
// Arrive, Press and Type do not wait for the answer. They may be called as soon as Run has been started: where the platform would lose what
// comes before the adapter is there, they wait for it. One person acts from one goroutine at a time; different persons act at the same
// time. What can not be done fails tb at once.
type Person interface {
	// Arrive opens the conversation (Telegram: /start). One may arrive again in the middle of it.
	Arrive()

	// Press presses the i-th button, from 0, of those on the newest screen now shown that have Data.
	Press(i int)

	// Type sends a text.
	Type(text string)

	// Screen waits until the platform shows an answer that came after the last act, and gives the newest screen now shown. It fails tb
	// after a generous bound. When it is called again without an act between, it does not wait.
	Screen() Shown

	// Visible gives every text now in the conversation: the bot's screens and the person's own messages, in order. It does not wait.
	Visible() []string
}

// Shown is a screen as the platform holds it, without what the platform can not show. Where a platform has marks that an adapter must
// escape, Text is what the person reads.
type Shown struct {
	Text    string
	Buttons []Button
}

// Button is one button as the platform holds it. It has one of Data, URL and Copy.
type Button struct {
	Label string
	Data  string // as the handler gave it
	URL   string
	Copy  string // a number in a copy button, where the platform has these
}

// testCase is one thing that every adapter must do.
type testCase struct {
	name string
	run  func(tb testing.TB, stage *Stage)
}

var cases = []testCase{
	{"arrive", arrives},
	{"press", presses},
	{"type", types},
	{"data", keepsData},
	{"bounds", carriesBounds},
	{"clear", clears},
	{"refusal", reportsRefusal},
	{"stop", stopsIdle},
	{"stop_in_hand", stopsInHand},
	{"many", answersMany},
	{"fast", answersFast},
}

// Run plays every case as a subtest of t, each on a fresh stage.
func Run(t *testing.T, stage func(tb testing.TB) *Stage) {
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) { c.run(t, stage(t)) })
	}
}
