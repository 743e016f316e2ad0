package adaptertest

import (
	"testing"

	"motkraft/bot"
)

// isReached: Reached says so no sooner than the platform has answered, and from then on for good. Meanwhile Run goes on: a platform that is away
// comes back, at the start and later, and people are answered then.
func isReached(tb testing.TB, stage *Stage) {
	r, tells := stage.Adapter.(bot.Reacher)
	if !tells && stage.Away == nil {
		tb.Skip("nothing here can be away, and the adapter counts as reached as soon as it runs")
	}
	reached := func() bool { return !tells || r.Reached() }
	if tells && reached() {
		tb.Error("Reached is true before Run")
	}
	away := func(bool) {}
	if stage.Away != nil {
		away = stage.Away
	}
	screen := func(data string) bot.Message {
		return bot.Message{Text: "Här: " + data + ".", Lang: "sv", Buttons: []bot.Button{way("Vidare", "reachedPress")}}
	}

	away(true)
	p := start(tb, stage, func(u bot.Update) bot.Message { return screen(u.Data) })
	p.refusing = true // that the platform is away may be told of
	p.sitsOut(func() bool { return tells && reached() }, "Reached is true before the platform has answered")
	away(false)
	if !within(p.patience(), reached) {
		tb.Fatalf("Reached is false %v after the platform came back", p.patience())
	}
	person := p.arrive("sv", screen(""))

	away(true)
	p.sitsOut(func() bool { return !reached() }, "Reached is false again")
	away(false)
	person.Press(0)
	p.sees(person, screen("reachedPress"))
	if !reached() {
		tb.Fatal("Reached is false again")
	}
}

// sitsOut looks for a while, where the platform can be away, at what must not happen meanwhile.
func (p *play) sitsOut(wrong func() bool, says string) {
	p.tb.Helper()
	switch {
	case p.stage.Away == nil || !within(longer, func() bool { return p.hasEnded() || wrong() }):
	case p.hasEnded():
		p.tb.Fatalf("Run ended while the platform was away: %v", p.err)
	default:
		p.tb.Fatal(says)
	}
}
