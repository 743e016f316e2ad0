package adaptertest

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"motkraft/bot"
)

// retryRounds is how often the others are given the time of one wait to be answered in. Where everything stands still, none is enough; a slow
// machine would have to be held up for all of them.
const retryRounds = 8

// retriesAfter: when the platform tells to wait with the deliveries to one person, that person's answer comes afterwards, not before; others
// are answered meanwhile. Nothing has failed by that.
func retriesAfter(tb testing.TB, stage *Stage) {
	if stage.RetryAfter == nil {
		tb.Skip("the platform never tells to wait")
	}
	const others = 3
	screen := func(n int) bot.Message {
		return bot.Message{
			Text:    fmt.Sprintf("Skärm %d.", n),
			Lang:    "sv",
			Buttons: []bot.Button{way("Vidare", fmt.Sprintf("retry%d", n+1))},
		}
	}
	p := start(tb, stage, func(u bot.Update) bot.Message {
		var n int
		_, _ = fmt.Sscanf(u.Data, "retry%d", &n) // of an arrival: 0
		return screen(n)
	})

	arrival := p.join("sv")
	p.waits(arrival, arrival.Arrive, screen(0))

	held := p.arrive("sv", screen(0))
	var crowd []Person
	for range others {
		crowd = append(crowd, p.arrive("sv", screen(0)))
	}
	for round := 1; round <= retryRounds; round++ {
		meanwhile := false
		p.waits(held, func() {
			before := len(p.heard())
			held.Press(0)
			if !within(p.patience(), func() bool { return len(p.heard()) > before }) {
				tb.Fatal("the press did not reach the handler")
			}
			for _, person := range crowd {
				person.Press(0)
				p.sees(person, screen(round))
			}
			meanwhile = !slices.Contains(held.Visible(), screen(round).Text)
		}, screen(round))
		if meanwhile {
			return
		}
	}
	tb.Fatalf("in each of %d rounds the others were answered only after the one person who had to wait", retryRounds)
}

// waits lets a person act while the platform tells to wait, and holds the adapter to having waited. The answer has to come.
func (p *play) waits(person Person, act func(), want bot.Message) {
	p.tb.Helper()
	early := p.stage.Early()
	began := time.Now()
	wait := p.stage.RetryAfter(person)
	act()
	p.sees(person, want)
	switch took := time.Since(began); {
	case p.stage.Early() > early:
		p.tb.Fatalf("%d deliveries came before the wait was over", p.stage.Early()-early)
	case wait <= 0 || took < wait:
		p.tb.Fatalf("the answer came after %v, expected %v at least: the platform has told nobody to wait", took, wait)
	}
}
