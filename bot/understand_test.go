package bot

import (
	"context"
	"os"
	"strconv"
	"strings"
	"testing"

	"motkraft/flows"
)

// doors are the names in testdata/typed.tsv for the nodes that typed words lead to.
var doors = map[string]flows.ID{
	"dying": "acute/dying", "danger": "acute/help", "assault": "acute/assault", "afraid": "acute/afraid", "harm": "acute/harm",
	"buy": "buy/start", "sell": "sell/start", "controlled": "controlled/start", "young": "young/start", "worried": "worried/start",
	"counter": "counter/start", "work": "work/place", "advice": "work/advice", "caught": "buy/caught", "before": "buy/before", "basics": "sell/basics",
	"near-buy": "buy/referral", "near-sell": "sell/near", "minor": "buy/minor", "blackmail": "acute/blackmail",
	"about": "start/about", "clear": flows.Cleared,
}

// TestTypedTable types every line of testdata/typed.tsv at a question and looks at the screen that comes. The table says what people
// mean; where it and the words part, it is the words in the locales that are mended.
func TestTypedTable(t *testing.T) {
	b := newBot(t)
	data, err := os.ReadFile("testdata/typed.tsv")
	if err != nil {
		t.Fatal(err)
	}
	lines := 0
	for i, line := range strings.Split(strings.TrimSpace(string(data)), "\n") {
		if strings.HasPrefix(line, "#") {
			continue
		}
		fields := strings.Split(line, "\t")
		if len(fields) != 3 {
			t.Fatalf("line %d has %d columns, expected language, text, meaning", i+1, len(fields))
		}
		lines++
		if got := typedAt(t, b, fields[0], fields[1]); got != fields[2] {
			t.Errorf("line %d: %q is %s, expected %s", i+1, fields[1], got, fields[2])
		}
	}
	if lines < 150 {
		t.Errorf("%d lines, expected at least 150", lines)
	}
}

// typedAt types a text at a question and names what came in the table's words.
func typedAt(t *testing.T, b *Bot, lang, text string) string {
	t.Helper()
	here := State{Node: flows.ID("counter/trip").Ref(), Trail: [4]flows.Ref{flows.ID("counter/figures").Ref()}}.in(lang)
	m := b.Handle(context.Background(), Update{Data: b.opts.Sealer.Seal(here), Text: text, Lang: lang})
	st, id := where(t, b, m)
	w := b.render.langs[st.Lang]
	place := ""
	if st.Place != 0 {
		place = code(st.Place)
	}
	for name, node := range doors {
		if id == node {
			if place != "" {
				return name + "+" + place
			}
			return name
		}
	}
	switch {
	case id == "counter/trip" && place != "":
		return "place:" + place
	case id == "counter/trip":
		return "lang"
	case id == "counter/figures":
		return "back"
	case id == flows.Welcome && strings.HasPrefix(m.Text, w.say(keyStrayed)):
		return "strayed"
	case id == flows.Welcome:
		return "start"
	}
	return string(id)
}

func code(at flows.Place) string {
	if at.IsCounty() {
		return strconv.Itoa(100 + int(at))[1:]
	}
	return strconv.Itoa(10000 + int(at))[1:]
}

// What is acute is heard in any language and any case, also in the middle of a long text, and a denial is heard as the word itself.
func TestAcuteWinsAnywhere(t *testing.T) {
	b := newBot(t)
	long := strings.Repeat("jag köper sex i Malmö och ", 40)
	for _, text := range []string{
		"självmord", "SJÄLVMORD", "sjalvmord", "suicide", "I want to kill myself", "jag vill inte dö längre, jag vill ha hjälp",
		"köper sex och vill dö", long + "vill dö",
	} {
		for _, lang := range []string{"sv", "en"} {
			if got := typedAt(t, b, lang, text); !strings.HasPrefix(got, "dying") {
				t.Errorf("%.40q in %s is %s", text, lang, got)
			}
		}
	}
	// At the very end of the longest text that the platforms let one type.
	const end = " vill dö"
	if got := typedAt(t, b, "sv", strings.Repeat("å ", (4096-len([]rune(end)))/2)+end[1:]); got != "dying" {
		t.Errorf("the end of a long text is %s", got)
	}
	for _, text := range []string{"112", "ring 112", "call 112"} {
		if got := typedAt(t, b, "en", text); got != "danger" {
			t.Errorf("%q is %s", text, got)
		}
	}
}

// An exception takes away its own words and nothing else; a command is not heard in a sentence about something else.
func TestExceptionsAndCommandsAreNarrow(t *testing.T) {
	b := newBot(t)
	for _, c := range []struct{ lang, text, want string }{
		{"sv", "ingen tvingar mig, jag säljer sex", "sell"},
		{"sv", "ingen tvingar mig men han tar alla mina pengar", "controlled"},
		{"en", "nobody forces me but he took my passport", "controlled"},
		{"en", "my friend took my passport", "controlled"},
		{"sv", "jag är 14 och min katt är död", "young"},
		{"sv", "jag är 15, när jag var 12 sålde jag bilder", "young"},
		{"en", "i am 15, when i was 12 i sold sex", "young"},
		{"en", "delete everything", "clear"},
		{"en", "can you make him delete everything he has of me", "strayed"},
	} {
		if got := typedAt(t, b, c.lang, c.text); got != c.want {
			t.Errorf("%q is %s, expected %s", c.text, got, c.want)
		}
	}
}

// What is typed is never said back: no screen holds any of it.
func TestNothingIsEchoed(t *testing.T) {
	b := newBot(t)
	for _, canary := range []string{"xyzzy-canary", "jag köper sex xyzzy-canary", "xyzzy-canary Malmö", "/start xyzzy-canary"} {
		m := b.Handle(context.Background(), Update{Text: canary, Lang: "sv"})
		if strings.Contains(m.Text, "xyzzy") {
			t.Errorf("%q is said back:\n%s", canary, m.Text)
		}
	}
}

// Any text gets a screen, in a time that does not grow with it.
func FuzzTyped(f *testing.F) {
	for _, text := range []string{"", " ", "\x00", "\xff\xfe", "112", "/", "@", "å̊̊̊", "🫥", strings.Repeat("a ", 3000), "'''", "ÅÄÖ åäö"} {
		f.Add(text)
	}
	b := newBot(f)
	f.Fuzz(func(t *testing.T, text string) {
		m := b.Handle(context.Background(), Update{Text: text})
		if m.Text == "" || len(m.Buttons) == 0 || text != "" && len(m.Here) != MaxData {
			t.Errorf("%q got no whole screen", text)
		}
	})
}
