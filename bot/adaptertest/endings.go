package adaptertest

import (
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"motkraft/bot"
)

// clears: after a message with Clear, its text is all that is left of the conversation, whatever was in it, or nothing at all where the
// stage says so. The conversation then goes on, or can be opened anew.
func clears(tb testing.TB, stage *Stage) {
	const clear, typedClear = "clearAll", "rensa samtalet"
	var mu sync.Mutex
	n := 0
	p := start(tb, stage, func(u bot.Update) bot.Message {
		mu.Lock()
		defer mu.Unlock()
		n++
		return bot.Message{
			Text:    fmt.Sprintf("Skärm nummer %d.", n),
			Lang:    "sv",
			Buttons: []bot.Button{way("Vidare", "clearOn"), way("Rensa", clear)},
			Clear:   u.Data == clear || u.Text == typedClear,
		}
	})
	by := []func(Person){func(person Person) { person.Press(1) }}
	if !stage.NoTyping {
		by = append(by, func(person Person) { person.Type(typedClear) })
	}
	for _, act := range by {
		person := p.join("sv")
		person.Arrive()
		person.Screen()
		person.Press(0)
		person.Screen()
		if !stage.NoTyping {
			person.Type("vad händer nu")
			person.Screen()
			person.Arrive() // may leave the older screen standing
			person.Screen()
		}
		act(person)
		if stage.Vanishes {
			p.seesOnly(person)
			person.Arrive()
			person.Screen()
			continue
		}
		last := person.Screen().Text
		if said := p.said(); last != said[len(said)-1] {
			tb.Errorf("text after the clearing: %s, expected %s", short(last), short(said[len(said)-1]))
		}
		p.seesOnly(person, last)
		person.Press(0)
		person.Screen()
	}
}

// seesOnly waits until nothing but the texts is left in the conversation. What a platform does not let a bot take away is not counted.
func (p *play) seesOnly(person Person, texts ...string) {
	p.tb.Helper()
	var left []string
	if !within(p.patience(), func() bool {
		left = person.Visible()
		if p.stage.KeepsTyped {
			left = slices.DeleteFunc(left, func(s string) bool {
				return slices.ContainsFunc(p.heard(), func(u bot.Update) bool { return u.Text == s })
			})
		}
		return slices.Equal(left, texts)
	}) {
		p.tb.Fatalf("left after the clearing: %s, expected only %s", short(left...), short(texts...))
	}
}

// stopsIdle: when nothing is in hand and it is told to stop, Run returns nil.
func stopsIdle(tb testing.TB, stage *Stage) {
	first := allKinds("Hej!")
	p := start(tb, stage, func(bot.Update) bot.Message { return first })
	p.arrive("sv", first)
	p.told = true
	p.cancel()
	p.returnsNil()
}

// returnsNil holds Run to its end, within the stage's grace.
func (p *play) returnsNil() {
	p.tb.Helper()
	switch {
	case !p.wait(p.stage.Grace):
		p.tb.Errorf("Run has not returned %v after it was told to stop", p.stage.Grace)
	case p.err != nil:
		p.tb.Errorf("Run returned an error after it was told to stop: %v", p.err)
	}
}

// How long the suite looks for what should not happen, and lets come what need not: a quick machine sees more, a slow one is not failed.
const (
	aWhile = 100 * time.Millisecond
	longer = 500 * time.Millisecond
)

// stopsInHand: whatever has reached the handler when the adapter is told to stop is answered before Run returns.
func stopsInHand(tb testing.TB, stage *Stage) {
	const persons = 3
	release := make(chan struct{})
	var once sync.Once
	free := func() { once.Do(func() { close(release) }) }
	var mu sync.Mutex
	arrived := 0
	held := func(data string) bot.Message {
		return bot.Message{Text: "Svaret på " + data + ".", Lang: "sv", Buttons: []bot.Button{way("Vidare", "handOn")}}
	}
	p := start(tb, stage, func(u bot.Update) bot.Message {
		if u.Data != "" {
			<-release
			return held(u.Data)
		}
		mu.Lock()
		defer mu.Unlock()
		arrived++
		return bot.Message{Text: "Hej!", Lang: "sv", Buttons: []bot.Button{way("Vidare", fmt.Sprintf("hand%d", arrived))}}
	})
	tb.Cleanup(free) // runs before the adapter is waited for

	people := map[string]Person{} // by the data that they press
	for n := range persons {
		person := p.join("sv")
		person.Arrive()
		person.Screen()
		people[fmt.Sprintf("hand%d", n+1)] = person
	}
	for _, person := range people {
		person.Press(0)
	}
	inHand := func() int { return len(p.heard()) - persons }
	if !within(p.patience(), func() bool { return inHand() > 0 }) {
		tb.Fatal("no press reached the handler")
	}
	within(longer, func() bool { return inHand() == persons }) // one at a time is allowed

	p.told = true
	p.cancel()
	if p.wait(longer) {
		tb.Error("Run returned with presses in hand")
	}
	free()
	p.returnsNil()
	for _, u := range p.heard()[persons:] {
		person, ok := people[u.Data]
		if !ok {
			tb.Errorf("data %q, which nobody pressed", u.Data)
		} else if !slices.Contains(person.Visible(), held(u.Data).Text) {
			tb.Errorf("the press of %s was in hand and is not answered; to be seen: %s", u.Data, short(person.Visible()...))
		}
	}
}
