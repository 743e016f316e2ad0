package bot

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

var update = flag.Bool("update", false, "write what was said into testdata/chats")

// TestChats plays the conversations in testdata/chats and compares every screen. They are there to be read, by a social worker too, as
// people would meet them; -update writes them anew after a change of the words.
//
// A file begins with the language and the time; "> label" presses a button, ">> text" types. Everything else is what the bot says.
func TestChats(t *testing.T) {
	names, err := filepath.Glob("testdata/chats/*.txt")
	const enough = 24
	if err != nil || len(names) < enough {
		t.Fatalf("%d conversations in testdata/chats, expected at least %d", len(names), enough)
	}
	for _, who := range []string{"acute", "buyer", "exposed", "controlled", "young", "worried", "counterforce", "work"} {
		for _, lang := range []string{"sv", "en"} {
			if found, _ := filepath.Glob("testdata/chats/" + who + "-*." + lang + ".txt"); len(found) == 0 {
				t.Errorf("no conversation of %s in %q, expected one", who, lang)
			}
		}
	}
	set, catalog := embedded(t)
	var now time.Time
	b, err := New(set, catalog, Options{Sealer: testSealer(t, key(1)), Now: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txt"), func(t *testing.T) {
			data, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			head, lines, _ := strings.Cut(string(data), "\n")
			var lang, day, hour string
			if _, err := fmt.Sscan(head, &lang, &day, &hour); err != nil {
				t.Fatalf("the first line is %q, expected such as sv 2026-11-23 10:00", head)
			}
			if now, err = time.ParseInLocation("2006-01-02 15:04", day+" "+hour, sweden); err != nil {
				t.Fatal(err)
			}
			got := head + "\n" + play(t, b, lang, lines)
			if *update {
				if err := os.WriteFile(name, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if got != string(data) {
				t.Errorf("said:\n%s\nexpected what stands in %s; -update writes it", got, name)
			}
		})
	}
}

// play gives the whole conversation for the steps in lines.
func play(t *testing.T, b *Bot, lang, lines string) string {
	t.Helper()
	m := b.Handle(t.Context(), Update{Lang: lang})
	here := ""
	var out strings.Builder
	out.WriteString(transcript(m))
	for line := range strings.Lines(lines) {
		line = strings.TrimSuffix(line, "\n")
		text, typed := strings.CutPrefix(line, ">> ")
		label, pressed := strings.CutPrefix(line, "> ")
		switch {
		case typed:
			m = b.Handle(t.Context(), Update{Text: text, Data: here, Lang: lang})
			here = m.Here
		case pressed:
			for _, button := range m.Buttons {
				if button.Label == label {
					here = button.Data
				}
			}
			m = press(t, b, m, label)
		default:
			continue
		}
		out.WriteString("\n" + line + "\n" + transcript(m))
	}
	return out.String()
}

// transcript is a message as a reader sees it: the text set in, the buttons in brackets.
func transcript(m Message) string {
	var b strings.Builder
	for line := range strings.Lines(m.Text + "\n") {
		b.WriteString(strings.TrimRight("    "+line, " \n") + "\n")
	}
	b.WriteString("\n")
	for _, button := range m.Buttons {
		switch {
		case button.Phone != "":
			fmt.Fprintf(&b, "    [%s → tel:%s]\n", button.Label, button.Phone)
		case button.URL != "":
			fmt.Fprintf(&b, "    [%s → %s]\n", button.Label, button.URL)
		default:
			fmt.Fprintf(&b, "    [%s]\n", button.Label)
		}
	}
	return b.String()
}
