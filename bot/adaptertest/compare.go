package adaptertest

import (
	"fmt"
	"slices"
	"strings"

	"motkraft/bot"
)

// differences says where a screen is not the message whole: text, and labels, data, addresses and numbers in order. A button with a number may be
// missing, since most platforms have none; its number may not.
func differences(got Shown, want bot.Message) []string {
	var out []string
	if got.Text != want.Text {
		out = append(out, "text: "+parting(got.Text, want.Text))
	}
	copies := slices.ContainsFunc(got.Buttons, func(b Button) bool { return b.Copy != "" })
	var buttons []Button
	for _, b := range want.Buttons {
		if b.Phone == "" {
			buttons = append(buttons, Button{Label: b.Label, Data: b.Data, URL: b.URL})
			continue
		}
		if copies {
			buttons = append(buttons, Button{Label: b.Label, Copy: digits(b.Phone)})
		}
		if !hasNumber(got, b.Phone) {
			out = append(out, fmt.Sprintf("the number %s stands neither in the text nor in a copy button", b.Phone))
		}
	}
	if len(got.Buttons) != len(buttons) {
		out = append(out, fmt.Sprintf("%d buttons, expected %d", len(got.Buttons), len(buttons)))
	}
	for i := range min(len(got.Buttons), len(buttons)) {
		b := got.Buttons[i]
		b.Copy = digits(b.Copy)
		if b != buttons[i] {
			out = append(out, fmt.Sprintf("button %d: %+v, expected %+v", i, b, buttons[i]))
		}
	}
	return out
}

func hasNumber(s Shown, phone string) bool {
	national := phone
	if rest, ok := strings.CutPrefix(phone, "+46"); ok {
		national = "0" + rest // as it is read in Sweden
	}
	return strings.Contains(digits(s.Text), digits(phone)) || strings.Contains(digits(s.Text), digits(national)) ||
		slices.ContainsFunc(s.Buttons, func(b Button) bool { return digits(b.Copy) == digits(phone) })
}

// digits are what is left of a number however it is written for reading.
func digits(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, s)
}

// parting says where two texts part, since at the bounds nobody finds it by eye.
func parting(got, want string) string {
	g, w := []rune(got), []rune(want)
	n := 0
	for n < min(len(g), len(w)) && g[n] == w[n] {
		n++
	}
	return fmt.Sprintf("%d characters, expected %d; from number %d on %s, expected %s",
		len(g), len(w), n, short(string(g[n:])), short(string(w[n:])))
}

// short quotes texts, of long ones only the beginning.
func short(texts ...string) string {
	const most = 60
	quoted := make([]string, len(texts))
	for i, s := range texts {
		if r := []rune(s); len(r) > most {
			s = string(r[:most]) + "…"
		}
		quoted[i] = fmt.Sprintf("%q", s)
	}
	return "[" + strings.Join(quoted, " ") + "]"
}

// hears holds what the handler was told against what people did, in order. The hint may be another tag of the same language: "sv-SE" for
// "sv". With Text, Data is for the case to judge.
func (p *play) hears(want []bot.Update) {
	tb, got := p.tb, p.heard()
	tb.Helper()
	if len(got) != len(want) {
		tb.Errorf("the handler was told of %d updates, expected %d", len(got), len(want))
	}
	for i := range min(len(got), len(want)) {
		g, w := got[i], want[i] // #nosec G602 -- i is below both lengths
		if !p.stage.NoHint && language(g.Lang) != language(w.Lang) {
			tb.Errorf("update %d: hint %q, expected the language of %q", i, g.Lang, w.Lang)
		}
		if g.Text != w.Text {
			tb.Errorf("update %d: typed text: %s", i, parting(g.Text, w.Text))
		}
		if w.Text == "" && g.Data != w.Data {
			tb.Errorf("update %d: data %q, expected %q", i, g.Data, w.Data)
		}
		if g.Start != w.Start {
			tb.Errorf("update %d: start %q, expected %q", i, g.Start, w.Start)
		}
	}
}

// searchHints fails the case for each hint where the platform gives none.
func (p *play) searchHints() {
	p.tb.Helper()
	for i, u := range p.heard() {
		if p.stage.NoHint && u.Lang != "" {
			p.tb.Errorf("update %d: hint %q, expected none: the platform gives none", i, u.Lang)
		}
	}
}

// language is the first part of a language tag.
func language(hint string) string {
	first, _, _ := strings.Cut(strings.ReplaceAll(hint, "_", "-"), "-")
	return strings.ToLower(first)
}
