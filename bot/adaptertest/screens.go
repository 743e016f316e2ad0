package adaptertest

import (
	"context"
	"strings"
	"sync/atomic"
	"testing"

	"motkraft/bot"
)

// Screens gives every distinct screen that can be come to by pressing, in each of the languages, as a handler says it now. Two screens that read
// alike are one, wherever their buttons lead: so a place that was said is followed to the screen after the question for it, and not all through
// the tree, which the core's own tests walk in every state.
func Screens(tb testing.TB, h bot.Handler, langs []string) []bot.Message {
	tb.Helper()
	var out []bot.Message
	seen := map[string]bool{}
	var queue []bot.Update
	for _, lang := range langs {
		queue = append(queue, bot.Update{Lang: lang})
	}
	for ; len(queue) > 0; queue = queue[1:] {
		m := h.Handle(context.Background(), queue[0])
		looks := looksOf(m)
		if seen[looks] {
			continue
		}
		seen[looks] = true
		out = append(out, m)
		for _, b := range m.Buttons {
			if b.Data != "" {
				queue = append(queue, bot.Update{Data: b.Data})
			}
		}
	}
	return out
}

// looksOf is all that is read on a screen.
func looksOf(m bot.Message) string {
	var b strings.Builder
	b.WriteString(m.Text)
	for _, button := range m.Buttons {
		b.WriteString("\x00" + button.Label + "\x00" + button.URL + button.Phone)
	}
	return b.String()
}

// EveryScreen shows each of the screens to a person, as a new message and as an edited one, and looks whether it came whole. It is for the
// screens of the content that ships; how a conversation is cleared is for the suite's own case.
func EveryScreen(tb testing.TB, stage *Stage, screens []bot.Message) {
	tb.Helper()
	if len(screens) < 2 {
		tb.Fatalf("%d screens, expected those of a conversation", len(screens))
	}
	screens = append([]bot.Message{}, screens...)
	for i := range screens {
		screens[i].Clear = false
	}
	var next atomic.Int64
	p := start(tb, stage, func(bot.Update) bot.Message { return screens[next.Load()] })
	person := p.arrive(screens[0].Lang, screens[0])
	for i, m := range screens {
		next.Store(int64(i))
		person.Arrive()
		p.sees(person, m)
		after := (i + 1) % len(screens)
		next.Store(int64(after))
		person.Press(ways(m) - 1)
		p.sees(person, screens[after])
	}
}
