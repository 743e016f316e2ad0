// Package adaptertest is what every adapter must do, as a suite that each calls once, with a stand-in of its platform:
//
//	func TestConformance(t *testing.T) {
//		adaptertest.Run(t, func(tb testing.TB) *adaptertest.Stage { ... })
//	}
//
// Start at Stage: it is all that a platform's tests write. The package's example is the smallest one, with its adapter and its platform. The
// cases are listed in cases; each gets a stage of its own, runs the adapter with a scripted bot.Handler, and acts as people do: arrives,
// presses, types, looks.
//
// # What is asserted
//
// Screens come whole, new and edited, up to every bound (arrive, press, type, data, bounds), in the language that the buttons say, with the
// platform's hint or with none (language). What is to be cleared goes (clear). A refused answer is told of without anything private (refusal);
// one that has to wait comes later, and costs nobody else anything (retry). A stop loses nothing (stop, stop_in_hand). A crowd and a person in
// a hurry are answered right (many, fast). Where others read along, they read nothing of it (room). Reached is false until the platform has
// answered once, then true for good (reached).
//
// Every case, not only the one about refusals, also holds the adapter to this: no error that Failed or Run gives holds a canary, nothing
// fails on a platform that works, Run does not end before it is told to, and no hint is made up where the platform gives none.
//
// What a platform does not have is left out by a field of Stage (NoTyping, a nil Room, a nil RetryAfter, a nil Away), and its cases are skipped
// by name, so that it shows in the test's output what was not looked at.
//
// # Why
//
// The privacy promise is asserted here and not in each adapter's own tests, so that no adapter can forget it. The suite itself is tried
// with planted faults (planted_test.go): each must fail just the cases that are there to find it.
//
// What is not asserted: speed (all waits end on a condition, with a bound that only a hang reaches), how buttons are laid out in rows, what
// becomes of an act while the platform is away, how often an adapter tries again then, a limit that is for all people at once, whether the
// handler is told what is said in a room, and a stop while the adapter is still starting. Where these matter, they differ by platform, and that
// platform's tests hold them.
package adaptertest

import (
	"testing"
	"time"

	"motkraft/bot"
)

// Stage is one adapter on one stand-in platform, fresh for each case. Adapter, Join, Refuse, Canaries and Grace are required; what it means that
// another field is not set stands with it. The stage ends what it started by tb.Cleanup; the suite has told Run to stop before that.
type Stage struct {
	// Adapter is run once, by the suite.
	Adapter bot.Adapter

	// Join gives a new person on the platform, with a language hint that the platform sends with whatever they do ("sv", "en-US"; a
	// platform that knows only "sv-SE" sends that). With NoHint, lang is empty. The person's ids, names and everything that they can be
	// known by hold canaries: strings that must not turn up in any error.
	Join func(tb testing.TB, lang string) Person

	// Refuse makes the platform answer the next n deliveries (sends and edits, whoever they are for) with a refusal that cannot be
	// ridden out (such as Telegram's 400), whose description holds the canaries. It replaces what is left of an earlier call, so
	// that Refuse(0) ends it.
	Refuse func(n int)

	// Canaries are all secrets and personal strings in play (token, ids, names, interaction tokens) that no error may hold, of at
	// least minCanary bytes each, so that none turns up by chance. It is called last, when all have joined and acted.
	Canaries func() []string

	// Grace is within what time Run must return after its context is done: a bound against hanging, generous.
	Grace time.Duration

	// NoHint is true where the platform says nothing of anybody's language. Then Update.Lang must be empty, whatever is done. A
	// platform that says it of some people only has a stage for each.
	NoHint bool

	// KeepsTyped is true where the platform does not let a bot take away what a person typed.
	KeepsTyped bool

	// NoTyping is true where people cannot type to the bot (Discord). There, too, each arrival is a conversation of its own, and
	// clearing one does not reach into another.
	NoTyping bool

	// Vanishes is true where clearing takes away all of the conversation, its own last text too.
	Vanishes bool

	// Unordered is true where the platform carries what one person does side by side, each on a connection of its own, so that nobody can
	// tell what was first. No harm is in it: a button says where it leads, whatever was pressed before.
	Unordered bool

	// Room brings a person into a room where others read along; nil where nobody can meet the bot in one.
	Room func(tb testing.TB, p Person) Room

	// RetryAfter makes the platform answer the next delivery to this one person (a send or an edit) with how long to wait before trying
	// again (429 with Retry-After), and so each that comes before that time is over, counted from the first. Everybody else is answered as
	// ever. It gives the time, which should be short, and long enough for a few others to be answered in: a second. nil where the
	// platform never tells to wait.
	RetryAfter func(p Person) time.Duration

	// Early counts the deliveries so far that came though the platform had told to wait with them. Required with RetryAfter.
	Early func() int

	// Away makes the platform answer nothing until Away(false): neither calls nor connections. It is also called before Run. Nobody acts
	// while it is away. nil where there is nothing that could be away.
	Away func(away bool)

	// Patience bounds each wait of the suite's own: after it, what has not come is taken for a hang. It is no demand for speed; the stage's
	// Person bounds its waits itself. Default DefaultPatience.
	Patience time.Duration
}

// Person is one person on the platform, as far as they can act and see.
//
// Arrive, Press and Type do not wait for the answer. They may be called as soon as Run has been started: where the platform would lose what
// comes before the adapter is there, or is there again after the platform was away, they wait for it. One person acts from one goroutine at a
// time; different persons act at the same time. What cannot be done fails tb at once.
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

// Shown is a screen as the platform holds it, without what the platform cannot show. Where a platform has marks that an adapter must
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
	{"language", changesLanguage},
	{"room", keepsRoomsSilent},
	{"retry", retriesAfter},
	{"reached", isReached},
}

// Run plays every case as a subtest of t, each on a fresh stage.
func Run(t *testing.T, stage func(tb testing.TB) *Stage) {
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) { c.run(t, stage(t)) })
	}
}
