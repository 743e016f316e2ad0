package adaptertest

import (
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"motkraft/bot"
)

// answersMany: of a crowd that acts at the same time, each sees their own screens only, in order, none lost and none twice.
func answersMany(tb testing.TB, stage *Stage) {
	const persons, steps = 100, 5
	data := func(who, step int) string { return fmt.Sprintf("many%dx%d", who, step) }
	screen := func(who, step int) bot.Message {
		return bot.Message{
			Text:    fmt.Sprintf("Samtal %d, skärm %d.", who, step),
			Lang:    "sv",
			Buttons: []bot.Button{way("Vidare", data(who, step+1))},
		}
	}
	var arrived atomic.Int64
	p := start(tb, stage, func(u bot.Update) bot.Message {
		var who, step int
		if u.Data == "" {
			who = int(arrived.Add(1))
		} else if _, err := fmt.Sscanf(u.Data, "many%dx%d", &who, &step); err != nil {
			return bot.Message{Text: "Vilse.", Lang: "sv", Buttons: []bot.Button{way("Vidare", u.Data)}}
		}
		return screen(who, step)
	})

	var mu sync.Mutex
	seen := map[int]bool{} // the conversations that somebody is in
	var crowd sync.WaitGroup
	for n := range persons {
		person := p.join([]string{"sv", "en-US"}[n%2])
		crowd.Go(func() { // a Screen that fails ends this goroutine
			person.Arrive()
			var who, step int
			first := person.Screen()
			if _, err := fmt.Sscanf(first.Text, "Samtal %d, skärm %d.", &who, &step); err != nil || step != 0 {
				tb.Errorf("first screen %s, expected a conversation's first", short(first.Text))
				return
			}
			mu.Lock()
			if seen[who] {
				tb.Errorf("two persons see conversation %d", who)
			}
			seen[who] = true
			mu.Unlock()
			for step := 1; step <= steps; step++ {
				person.Press(0)
				p.sees(person, screen(who, step))
			}
		})
	}
	crowd.Wait()

	times := map[string]int{}
	for _, u := range p.heard() {
		times[u.Data]++
	}
	if times[""] != persons {
		tb.Errorf("the handler was told of %d arrivals, expected %d", times[""], persons)
	}
	for who := 1; who <= persons; who++ {
		for step := 1; step <= steps; step++ {
			if n := times[data(who, step)]; n != 1 {
				tb.Errorf("press %s reached the handler %d times, expected once", data(who, step), n)
			}
		}
	}
}

// The data of the two buttons that a person in a hurry presses.
const fastOne, fastTwo = "fastOne", "fastTwo"

// answersFast: when one person presses without waiting for the answer, the presses are handled in order, and the screen in the end is the last
// press's. A button pressed twice may count once.
func answersFast(tb testing.TB, stage *Stage) {
	if stage.Unordered {
		answersSideBySide(tb, stage)
		return
	}
	var round atomic.Int64
	screen := func(round int64, data string) bot.Message {
		return bot.Message{
			Text:    fmt.Sprintf("Varv %d, svar på %s.", round, data),
			Lang:    "sv",
			Buttons: []bot.Button{way("Ett", fastOne), way("Två", fastTwo)},
		}
	}
	var twos atomic.Int64
	p := start(tb, stage, func(u bot.Update) bot.Message {
		now := round.Load()
		switch u.Data {
		case fastOne: // gives the second press the time to overtake, which it must not use
			if within(aWhile, func() bool { return twos.Load() == now }) {
				time.Sleep(aWhile / 4)
			}
		case fastTwo:
			twos.Add(1)
		}
		return screen(now, u.Data)
	})
	person := p.arrive("sv", screen(0, ""))

	var want []string
	for i, presses := range [][]int{{0, 1}, {0, 0, 1}} { // a second answer that equals the first is no failure
		now := round.Add(1)
		for _, b := range presses {
			person.Press(b)
		}
		isLast := func() bool { return person.Screen().Text == screen(now, fastTwo).Text }
		if !within(p.patience(), isLast) || within(longer, func() bool { return !isLast() }) {
			tb.Fatalf("round %d: in the end the screen is %s, expected the last press's", i+1, short(person.Screen().Text))
		}
		p.sees(person, screen(now, fastTwo))
		p.seesOne(person, screen(now, fastTwo).Text)
		want = append(want, fastOne, fastTwo)
	}
	var got []string
	for _, u := range p.heard()[1:] {
		got = append(got, u.Data)
	}
	if n := len(got); n > len(want)+1 {
		tb.Errorf("%d presses reached the handler, expected %d at most", n, len(want)+1)
	}
	if !slices.Equal(slices.Compact(got), want) {
		tb.Errorf("the presses reached the handler as %q, expected %q", got, want)
	}
}

// answersSideBySide: where nobody can tell which of two presses was first, each is handled once, and one screen is left, which is one of
// theirs.
func answersSideBySide(tb testing.TB, stage *Stage) {
	screen := func(data string) bot.Message {
		return bot.Message{Text: "Svar på " + data + ".", Lang: "sv", Buttons: []bot.Button{way("Ett", fastOne), way("Två", fastTwo)}}
	}
	p := start(tb, stage, func(u bot.Update) bot.Message { return screen(u.Data) })
	person := p.arrive("sv", screen(""))
	person.Press(0)
	person.Press(1)
	left := func() bool {
		seen := person.Visible()
		return len(seen) == 1 && (seen[0] == screen(fastOne).Text || seen[0] == screen(fastTwo).Text)
	}
	if !within(p.patience(), func() bool { return len(p.heard()) >= 3 && left() }) || within(longer, func() bool { return !left() }) {
		tb.Fatalf("after two presses at once %s is shown, expected one of the answers", short(person.Visible()...))
	}
	var got []string
	for _, u := range p.heard()[1:] {
		got = append(got, u.Data)
	}
	slices.Sort(got)
	if !slices.Equal(got, []string{fastOne, fastTwo}) {
		tb.Errorf("the presses reached the handler as %q, expected each once", got)
	}
}
