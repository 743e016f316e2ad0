package bot

import (
	"slices"
	"strings"
	"testing"

	"motkraft/flows"
)

// Schedules are said as they are written, in each language.
func TestPlan(t *testing.T) {
	b := newBot(t)
	for written, want := range map[string][2]string{
		"mon-fri 09-16:30":                   {"måndag–fredag 09:00–16:30", "Monday–Friday 09:00–16:30"},
		"wed 12-14":                          {"onsdag 12:00–14:00", "Wednesday 12:00–14:00"},
		"daily 21-06":                        {"alla dagar 21:00–06:00", "every day 21:00–06:00"},
		"mon-sun 10-24":                      {"måndag–söndag 10:00–24:00", "Monday–Sunday 10:00–24:00"},
		"mon+wed 08:30-20, holidays 10-14":   {"måndag, onsdag 08:30–20:00, helgdagar 10:00–14:00", "Monday, Wednesday 08:30–20:00, public holidays 10:00–14:00"},
		"sat-mon 10-12":                      {"måndag, lördag–söndag 10:00–12:00", "Monday, Saturday–Sunday 10:00–12:00"},
		"tue-thu+sun 20-04, fri 23:30-00:30": {"tisdag–torsdag, söndag 20:00–04:00, fredag 23:30–00:30", "Tuesday–Thursday, Sunday 20:00–04:00, Friday 23:30–00:30"},
		"always":                             {"", ""},
	} {
		h, err := b.set.Campaign.ParseHours(written)
		if err != nil {
			t.Fatal(err)
		}
		for i, lang := range []string{"sv", "en"} {
			if got := b.render.langs[State{}.in(lang).Lang].plan(h); got != want[i] {
				t.Errorf("%s in %s is %q, expected %q", written, lang, got, want[i])
			}
		}
	}
	if got := b.render.langs[b.engine.codes[0]].plan(flows.Hours{}); got != "" {
		t.Errorf("unknown hours are %q", got)
	}
}

// A book holds for each audience everybody who helps it, acute help first, and every phrase that may be typed.
func TestDraw(t *testing.T) {
	b := newBot(t)
	for _, book := range b.Draw(b.opts.Now(), 1, nil) {
		w := b.render.langs[State{}.in(book.Lang).Lang]
		if first := book.Groups[0]; first.Title != w.say("service.for-acute") || !strings.HasPrefix(first.Services[0].Name, "112") {
			t.Errorf("%s: the first group is %q and begins with %q", book.Lang, first.Title, first.Services[0].Name)
		}
		for _, s := range b.set.Services {
			for audience := range s.Helps {
				title := w.say(keyAudience(audience))
				if !slices.ContainsFunc(book.Groups, func(g Group) bool {
					return g.Title == title && slices.ContainsFunc(g.Services, func(c Card) bool { return c.Name == s.Name })
				}) {
					t.Errorf("%s: %s is not listed for %q", book.Lang, s.ID, audience)
				}
			}
		}
		for i, to := range b.set.Typed {
			node := book.Typed.Nodes[i]
			lines := b.catalog.Lines(book.Lang, string(to.To)+typed)
			if node.Node != to.To || len(node.Phrases)+len(node.Not) != len(lines) || len(lines) == 0 {
				t.Errorf("%s: %d phrases and %d exceptions lead to %s, expected %d together to %s", book.Lang, len(node.Phrases), len(node.Not), node.Node, len(lines), to.To)
			}
		}
	}
}
