package web_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"motkraft/bot"
	"motkraft/flows"
)

// The conversations that people read in testdata/chats of package bot are the same in the browser.
func TestChatsInBrowser(t *testing.T) {
	names, err := filepath.Glob("../testdata/chats/*.txt")
	if err != nil || len(names) < 8 {
		t.Fatalf("%d conversations, expected at least 8", len(names))
	}
	s := newSite(t, nil)
	p := open(t, s, "/", "sv")
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		head, lines, _ := strings.Cut(string(data), "\n")
		var lang, day, hour string
		if _, err := fmt.Sscan(head, &lang, &day, &hour); err != nil {
			t.Fatalf("%s begins with %q", name, head)
		}
		s.at(stockholm(day + " " + hour))
		steps := []step{{State: &state{Lang: lang, Node: flows.Welcome, Trail: []flows.ID{}}}}
		screen, here := s.bot.Handle(t.Context(), bot.Update{Lang: lang}), ""
		want := []walked{asWalked(screen)}
		for line := range strings.Lines(lines) {
			line = strings.TrimSuffix(line, "\n")
			if text, ok := strings.CutPrefix(line, ">> "); ok {
				steps = append(steps, step{Text: text})
				screen = s.bot.Handle(t.Context(), bot.Update{Text: text, Data: here, Lang: lang})
				here = screen.Here
			} else if label, ok := strings.CutPrefix(line, "> "); ok {
				i := slices.IndexFunc(screen.Buttons, func(b bot.Button) bool { return b.Label == label && b.Data != "" })
				if i < 0 {
					t.Fatalf("%s: no button %q", name, label)
				}
				steps = append(steps, step{Button: i})
				here = screen.Buttons[i].Data
				screen = s.bot.Handle(t.Context(), bot.Update{Data: here})
			} else {
				continue
			}
			want = append(want, asWalked(screen))
		}
		if len(steps) < 3 {
			t.Errorf("%s has %d steps", name, len(steps))
		}
		t.Run(filepath.Base(name), func(t *testing.T) { agree(&tab{T: t, ctx: p.ctx}, s, s.now(), steps, want) })
	}
}
