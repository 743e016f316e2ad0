package locales_test

import (
	"slices"
	"sync"
	"testing"

	"motkraft/locales"
)

// words loads testdata/good.
func words(t *testing.T) *locales.Catalog {
	t.Helper()
	c, problems := locales.Load(good(t), "sv")
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	return c
}

func TestSayAndHas(t *testing.T) {
	c := words(t)
	for _, w := range []struct{ code, key, want string }{
		{"sv", "start/welcome", "Hej.\n\nVad gäller det?"},
		{"en", "start/welcome", "Hello."},
		{"sv", "place.typed", "i\n\n  från"}, // no blank line at the end
		// Nobody is shown the text of a language that they did not choose, or a key in place of its text.
		{"sv", "start/nothing", ""},
		{"ro", "start/welcome", ""},
		{"", "start/welcome", ""},
	} {
		if got := c.Say(w.code, w.key); got != w.want {
			t.Errorf("%s %s: %q, expected %q", w.code, w.key, got, w.want)
		}
		if got := c.Has(w.code, w.key); got != (w.want != "") {
			t.Errorf("%s %s: has is %t", w.code, w.key, got)
		}
	}
}

func TestLinesAreWithoutBlankOnes(t *testing.T) {
	c := words(t)
	if got := c.Lines("sv", "place.typed"); !slices.Equal(got, []string{"i", "från"}) {
		t.Errorf("%q, expected i and från", got)
	}
	if got := c.Lines("sv", "nothing"); len(got) > 0 {
		t.Errorf("%q, expected nothing", got)
	}
}

func TestPositionsAreOfTheText(t *testing.T) {
	c := words(t)
	for _, w := range []struct{ code, key, want string }{
		{"sv", "start/welcome", "locales/sv.yaml:2:16"},
		{"en", "button.call", "locales/en.yaml:2:14"},
		{"en", "nothing", "locales/en.yaml:1:1"},
		{"ro", "start/welcome", "locales/ro.yaml:1:1"},
	} {
		if got := c.Pos(w.code, w.key).String(); got != w.want {
			t.Errorf("%s %s stands at %s, expected %s", w.code, w.key, got, w.want)
		}
	}
	if got := c.Keys("en"); !slices.Equal(got, []string{"button.call", "hours", "place.typed", "start/welcome"}) {
		t.Errorf("%q, expected the keys by letter", got)
	}
}

func TestPhrasesAreFilledIn(t *testing.T) {
	c := words(t)
	for _, w := range []struct {
		key    string
		fill   []string
		want   string
		blanks []string
	}{
		{"button.call", []string{"Number", "112"}, "Ring 112", []string{"Number"}},
		{"button.call", nil, "Ring ", []string{"Number"}},
		{"button.call", []string{"Other", "112"}, "Ring ", []string{"Number"}},
		{"button.call", []string{"Number"}, "Ring ", []string{"Number"}},
		// What is filled in is text: braces in it are no blanks.
		{"button.call", []string{"Number", "{{.Number}}"}, "Ring {{.Number}}", []string{"Number"}},
		{"hours", []string{"Time", "09", "Day", "må"}, "må 09–09", []string{"Day", "Time", "Time"}},
		{"start/welcome", []string{"Number", "112"}, "Hej.\n\nVad gäller det?", nil},
		{"nothing", []string{"Number", "112"}, "", nil},
	} {
		p := c.Phrase("sv", w.key)
		if got := p.Fill(w.fill...); got != w.want {
			t.Errorf("%s with %q: %q, expected %q", w.key, w.fill, got, w.want)
		}
		if got := p.Blanks(); !slices.Equal(got, w.blanks) {
			t.Errorf("%s has the blanks %q, expected %q", w.key, got, w.blanks)
		}
		if got := len(p.Parts()); got != 2*len(w.blanks)+1 {
			t.Errorf("%s has %d parts, expected text, blank, text and so on", w.key, got)
		}
	}
}

// No message of the program has a blank that nothing could fill, and none holds the character that parts them.
func TestEveryPhraseOfTheProgramHasWholeParts(t *testing.T) {
	c := embedded(t)
	for _, code := range c.Languages() {
		for _, key := range c.Keys(code) {
			p := c.Phrase(code, key)
			if len(p.Parts())%2 != 1 || slices.Contains(p.Blanks(), "") {
				t.Errorf("%s: %q has the parts %q", c.Pos(code, key), key, p.Parts())
			}
		}
	}
}

// A catalog is read by many at once. It is the race detector that would object.
func TestManyReadAtOnce(t *testing.T) {
	c := embedded(t)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for _, key := range c.Keys("sv") {
				c.Say("sv", key)
				c.Phrase("en", key).Fill("Number", "112")
			}
			c.Match("ro, sv;q=0.8")
		})
	}
	wg.Wait()
}
