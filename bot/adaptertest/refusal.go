package adaptertest

import (
	"testing"

	"motkraft/bot"
)

// refusals is more deliveries than any adapter tries for one answer, for all ways of trying it.
const refusals = 1000

// reportsRefusal: when the platform refuses an answer, Failed is told, without anything private; the next act is answered again. What
// stands in the errors is searched at the end of this case as of every case.
func reportsRefusal(tb testing.TB, stage *Stage) {
	screen := func(u bot.Update) bot.Message {
		return bot.Message{
			Text:    "Svar på " + u.Data + u.Text + ".",
			Lang:    "sv",
			Buttons: []bot.Button{way("Vidare", "refusedPress")},
		}
	}
	p := start(tb, stage, screen)
	p.refusing = true

	press := p.arrive("sv", screen(bot.Update{}))
	p.refuses("a press", func() { press.Press(0) })
	press.Press(0)
	p.comesToSee(press, screen(bot.Update{Data: "refusedPress"}))

	arrival := p.join("en-US")
	p.refuses("an arrival", arrival.Arrive)
	arrival.Arrive()
	p.comesToSee(arrival, screen(bot.Update{}))

	if stage.NoTyping {
		return
	}
	const text = "hemlig kanariefågel"
	typing := p.arrive("sv", screen(bot.Update{}))
	p.refuses("a typed text", func() { typing.Type(text) })
	typing.Type(text)
	p.comesToSee(typing, screen(bot.Update{Text: text}))
}

// refuses lets a person act while the platform takes no answer, until Failed has been told.
func (p *play) refuses(what string, act func()) {
	p.tb.Helper()
	before := len(p.failures())
	p.stage.Refuse(refusals)
	act()
	told := within(p.patience(), func() bool { return len(p.failures()) > before })
	p.stage.Refuse(0)
	if !told {
		p.tb.Fatalf("the platform refused the answer to %s, and Failed was not told", what)
	}
}
