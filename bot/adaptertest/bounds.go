package adaptertest

import (
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"unicode/utf16"

	"motkraft/bot"
)

// marks is what one markup or another would eat, or a careless adapter escape.
const marks = "<b>&_*[](~`"

// carriesBounds: the largest and the smallest messages go through whole, as a new message and as an edited one, and so does text that looks
// like markup.
func carriesBounds(tb testing.TB, stage *Stage) {
	messages := []bot.Message{
		largest("ASCII: ", "there is help, day and night. "),
		largest("Svenska: ", "även på nätter får du råd hos oss, så är det. "),
		largest("Emoji: ", "🧡👩‍👩‍👧🇸🇪👍🏽"),
		withContacts(largest("Kontakter: 031-390 06 00\n", "ring när du vill. ")),
		{Text: "a", Lang: "sv", Buttons: []bot.Button{way("b", "c")}},
		{
			Text: marks + "\n<b>fet</b> & <i>lutad</i> &amp; &lt;br/&gt; \"citat\" 'citat'\n" +
				"*fet* **fet** _lutad_ __streck__ ~~borta~~ `kod` ```block``` ||dold|| \\*\n" +
				"[länk](https://example.org/a_b) # rubrik\n> citat\n- punkt\n1. punkt\n%s %d {{.}} ${x}\n" + marks,
			Lang:    "sv",
			Buttons: []bot.Button{way(marks, "marks"), way("*a* [b](c) &amp; \"d\"", "marks2")},
		},
	}
	var next atomic.Int64 // the one that the handler answers with
	p := start(tb, stage, func(bot.Update) bot.Message { return messages[next.Load()] })
	for i, m := range messages {
		next.Store(int64(i))
		person := p.arrive("sv", m)
		for step := 1; step <= len(messages); step++ {
			after := (i + step) % len(messages)
			next.Store(int64(after))
			person.Press(ways(m) - 1)
			m = messages[after]
			p.sees(person, m)
			p.seesOne(person, m.Text)
		}
	}
}

// largest is a message at every bound, its buttons of all kinds, in such numbers that each kind ends in the middle of a row.
func largest(head, pattern string) bot.Message {
	m := bot.Message{Text: filled(head, pattern+"\n", bot.MaxText), Lang: "sv"}
	for i := range bot.MaxButtons {
		kind := bot.Contact
		switch {
		case i >= 12:
			kind = bot.Standing
		case i >= 6:
			kind = bot.Option
		}
		m.Buttons = append(m.Buttons, bot.Button{
			Label: filled(fmt.Sprintf("%d. ", i+1), pattern, bot.MaxLabel),
			Data:  fullData(i)[:bot.MaxData],
			Kind:  kind,
		})
	}
	return m
}

// withContacts makes addresses and numbers of the first buttons.
func withContacts(m bot.Message) bot.Message {
	for i := range 6 {
		b := &m.Buttons[i]
		b.Data = ""
		if i%2 == 0 {
			b.Phone = "0313900600"
		} else {
			b.URL = fmt.Sprintf("https://example.org/%d?a=1&b=2", i)
		}
	}
	return m
}

// filled repeats the pattern after the head up to just n UTF-16 units. It ends in no white space, which a platform may trim.
func filled(head, pattern string, n int) string {
	var b strings.Builder
	left := n - 1
	for _, r := range head + strings.Repeat(pattern, n) {
		size := utf16.RuneLen(r)
		if size > left {
			break
		}
		b.WriteRune(r)
		left -= size
	}
	b.WriteString(strings.Repeat("x", left+1))
	return b.String()
}

// ways counts the buttons that can be pressed.
func ways(m bot.Message) int {
	n := 0
	for _, b := range m.Buttons {
		if b.Data != "" {
			n++
		}
	}
	return n
}
