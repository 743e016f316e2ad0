package adaptertest

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"motkraft/bot"
)

// way is a button that leads somewhere.
func way(label, data string) bot.Button {
	return bot.Button{Label: label, Data: data, Kind: bot.Option}
}

// allKinds is a screen with every kind of button, as a referral has it: the number stands in the text too.
func allKinds(text string) bot.Message {
	return bot.Message{
		Text: text + "\n\nRing 031-390 06 00, dygnet runt.\nDu får vara anonym.",
		Lang: "sv",
		Buttons: []bot.Button{
			{Label: "Ring 031-390 06 00", Phone: "0313900600", Kind: bot.Contact},
			{Label: "Webbplats", URL: "https://example.org/hj%C3%A4lp?a=1&b=2#c", Kind: bot.Contact},
			way("Jag vill sluta", "allStop"),
			way("Något annat", "allOther"),
			{Label: "Akut hjälp", Data: "allAcute", Kind: bot.Standing},
			{Label: "In English", Data: "allEnglish", Kind: bot.Standing},
		},
	}
}

// counting answers the n-th update, from 0, with the n-th screen, so that what is wrong with an update does not show as a wrong screen.
func counting(screen func(n int) bot.Message) func(bot.Update) bot.Message {
	var n atomic.Int64
	return func(bot.Update) bot.Message { return screen(int(n.Add(1)) - 1) }
}

var adapterName = regexp.MustCompile(`^[a-z]+$`)

// arrives: whoever opens the conversation gets the first screen whole, in the language of the platform's hint.
func arrives(tb testing.TB, stage *Stage) {
	first := allKinds("Hej! Vad gäller det?")
	p := start(tb, stage, func(bot.Update) bot.Message { return first })
	if name := stage.Adapter.Name(); !adapterName.MatchString(name) {
		tb.Errorf("name %q, expected one word in lower case", name)
	}
	for _, lang := range []string{"sv", "en-US"} {
		p.seesOne(p.arrive(lang, first), first.Text)
	}
	p.hears([]bot.Update{{Lang: "sv"}, {Lang: "en-US"}})
}

// presses: the data of the pressed button arrives, and the answer stands in the place of the screen that had it.
func presses(tb testing.TB, stage *Stage) {
	screen := func(n int) bot.Message { return allKinds(fmt.Sprintf("Skärm %d.", n)) }
	p := start(tb, stage, counting(screen))
	person := p.arrive("sv", screen(0))
	want := []bot.Update{{Lang: "sv"}}
	for i, data := range []string{"allStop", "allOther", "allAcute", "allEnglish"} {
		person.Press(i)
		p.sees(person, screen(i+1))
		p.seesOne(person, screen(i+1).Text)
		want = append(want, bot.Update{Data: data, Lang: "sv"})
	}
	p.hears(want)
}

// types: what is typed arrives to the letter, is answered, and is gone from the conversation.
func types(tb testing.TB, stage *Stage) {
	if stage.NoTyping {
		tb.Skip("people cannot type here")
	}
	typed := []string{
		"jag vill sluta",
		"rad ett\nrad två\n\nrad fyra",
		"Åmål, Örebro, Älvsjö: blåbärsgröt",
		"🧡 👩‍👩‍👧 🇸🇪 👍🏽",
		"<b>&amp;</b> *stjärna* _streck_ [länk](https://example.org)",
		strings.TrimSpace(strings.Repeat("på tok för lång ", 125)) + "!", // 2000 characters
	}
	screen := func(n int) bot.Message {
		return bot.Message{
			Text:    fmt.Sprintf("Svar nummer %d.", n),
			Lang:    "sv",
			Buttons: []bot.Button{way("Vidare", "typeOn")},
			Here:    fmt.Sprintf("typeHere%d", n),
		}
	}
	p := start(tb, stage, counting(screen))
	person := p.arrive("sv", screen(0))
	want := []bot.Update{{Lang: "sv"}}
	for i, text := range typed {
		person.Type(text)
		p.sees(person, screen(i+1))
		p.seesOne(person, screen(i+1).Text)
		if !stage.KeepsTyped && !within(p.patience(), func() bool { return !slices.Contains(person.Visible(), text) }) {
			tb.Fatalf("what was typed is still to be seen: %s", short(text))
		}
		want = append(want, bot.Update{Text: text, Lang: "sv"})
	}
	p.hears(want)
	heard := p.heard()
	for i := 1; i < min(len(heard), len(want)); i++ {
		here := screen(i - 1).Here
		if data := heard[i].Data; data != "" && data != here {
			tb.Errorf("update %d: typed on the screen %q, expected the last one's %q or none", i, data, here)
		}
	}
}

// alphabet is base64url's.
const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"

// fullData is data at the bound, with every character of the alphabet, another for each n.
func fullData(n int) string {
	n %= len(alphabet)
	return alphabet[n:] + alphabet[:n]
}

// keepsData: sealed data comes back as it went out, whichever characters it begins or ends with.
func keepsData(tb testing.TB, stage *Stage) {
	var buttons []bot.Button
	for _, n := range []int{0, 1, 26, 52, 61, 62, 63} {
		buttons = append(buttons, way(fmt.Sprintf("Knapp %d", n), fullData(n)))
	}
	screen := func(n int) bot.Message {
		return bot.Message{Text: fmt.Sprintf("Skärm %d.", n), Lang: "sv", Buttons: buttons}
	}
	p := start(tb, stage, counting(screen))
	person := p.arrive("sv", screen(0))
	want := []bot.Update{{Lang: "sv"}}
	for range 2 {
		for i, b := range buttons {
			person.Press(i)
			p.sees(person, screen(len(want)))
			want = append(want, bot.Update{Data: b.Data, Lang: "sv"})
		}
	}
	p.hears(want)
}
