package adaptertest

import (
	"errors"
	"fmt"
	"net/url"
	"testing"
	"unicode/utf16"

	"motkraft/bot"
)

func units(s string) int { return len(utf16.Encode([]rune(s))) }

// printed keeps a canary in a field that only %#v and %+v show.
type printed struct{ Chat string }

func (printed) Error() string { return "refused" }

// TestFindCanary: wherever a canary hides, it is found; an error without it is not blamed.
func TestFindCanary(t *testing.T) {
	plain := errors.New("chat 90817263540 of Åsa Fågel is gone")
	address := &url.Error{Op: "Post", URL: "https://api.example/bot" + url.PathEscape(token), Err: errors.New("refused")}
	for _, c := range []struct {
		name   string
		err    error
		canary string
		want   bool
	}{
		{"text", plain, "90817263540", true},
		{"another case", plain, "åsa FÅGEL", true},
		{"wrapped twice", fmt.Errorf("b: %w", &discreet{&discreet{plain}}), "90817263540", true},
		{"joined", errors.Join(errors.New("a"), &discreet{plain}), "90817263540", true},
		{"field", printed{"90817263540"}, "90817263540", true},
		{"escaped in an address", address, token, true},
		{"quoted", fmt.Errorf("text %q", "rad ett\nrad två"), "rad ett\nrad två", true},
		{"quoted in ASCII", fmt.Errorf("text %+q", "Fågelsdotter"), "Fågelsdotter", true},
		{"none", &discreet{errors.New("400")}, "90817263540", false},
		{"no error", nil, "90817263540", false},
	} {
		if where, got := findCanary(c.err, c.canary); got != c.want {
			t.Errorf("%s: found is %v (%s), expected %v", c.name, got, where, c.want)
		}
	}
}

// TestStageMustBeWhole: a stage with which nothing could be found fails every case.
func TestStageMustBeWhole(t *testing.T) {
	for name, spoil := range map[string]func(*Stage){
		"no canaries":    func(s *Stage) { s.Canaries = func() []string { return nil } },
		"a short canary": func(s *Stage) { s.Canaries = func() []string { return []string{"Bo"} } },
		"no Refuse":      func(s *Stage) { s.Refuse = nil },
		"no Grace":       func(s *Stage) { s.Grace = 0 },
		"no Early":       func(s *Stage) { s.Early = nil },
	} {
		for _, c := range cases {
			t.Run(name+"/"+c.name, func(t *testing.T) {
				t.Parallel()
				if !observe(t, func(tb testing.TB) {
					stage := newStage(tb, able(), "")
					spoil(stage)
					c.run(tb, stage)
				}).Failed() {
					t.Error("passed")
				}
			})
		}
	}
}

// TestDifferences: what a platform cannot show is let go, whatever else is missing or moved is not.
func TestDifferences(t *testing.T) {
	want := bot.Message{Text: "Ring 031-390 06 00.", Buttons: []bot.Button{
		{Label: "Ring", Phone: "0313900600"},
		{Label: "Läs", URL: "https://example.org"},
		{Label: "Vidare", Data: "on"},
	}}
	number := Button{Label: "Ring", Copy: "031-390 06 00"}
	link := Button{Label: "Läs", URL: "https://example.org"}
	on := Button{Label: "Vidare", Data: "on"}
	for _, c := range []struct {
		name string
		got  Shown
		same bool
	}{
		{"no button for the number", Shown{want.Text, []Button{link, on}}, true},
		{"a copy button", Shown{want.Text, []Button{number, link, on}}, true},
		{"the copy button moved", Shown{want.Text, []Button{link, number, on}}, false},
		{"another number to copy", Shown{want.Text, []Button{{Label: "Ring", Copy: "112"}, link, on}}, false},
		{"two buttons swapped", Shown{want.Text, []Button{on, link}}, false},
		{"a button lost", Shown{want.Text, []Button{link}}, false},
		{"a button more", Shown{want.Text, []Button{link, on, on}}, false},
		{"another label", Shown{want.Text, []Button{link, {Label: "vidare", Data: "on"}}}, false},
		{"text trimmed", Shown{"Ring 031-390 06 00", []Button{link, on}}, false},
		{"number lost", Shown{"Ring.", []Button{link, on}}, false},
	} {
		if found := differences(c.got, want); (len(found) == 0) != c.same {
			t.Errorf("%s: differences %q, expected none is %v", c.name, found, c.same)
		}
	}
}

// TestBounds: the suite's largest messages are at the bounds, neither over nor under.
func TestBounds(t *testing.T) {
	for _, pattern := range []string{"ascii ", "åäö ", "🧡👩‍👩‍👧🇸🇪"} {
		m := largest("Text: ", pattern)
		if n := units(m.Text); n != bot.MaxText {
			t.Errorf("%q: text of %d units, expected %d", pattern, n, bot.MaxText)
		}
		if len(m.Buttons) != bot.MaxButtons {
			t.Errorf("%q: %d buttons, expected %d", pattern, len(m.Buttons), bot.MaxButtons)
		}
		for _, b := range m.Buttons {
			if units(b.Label) != bot.MaxLabel || len(b.Data) != bot.MaxData {
				t.Errorf("%q: button %+v, expected %d units and %d bytes", pattern, b, bot.MaxLabel, bot.MaxData)
			}
		}
	}
}
