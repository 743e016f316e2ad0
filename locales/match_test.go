package locales_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"motkraft/locales"
)

// embedded loads the words that the program is built with.
func embedded(t testing.TB) *locales.Catalog {
	t.Helper()
	c, problems := locales.Load(locales.Embedded, "sv")
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	return c
}

func TestSwedishIsFirst(t *testing.T) {
	c := embedded(t)
	if got := c.Languages(); got[0] != "sv" || !slices.Contains(got, "en") || !slices.IsSorted(got[1:]) {
		t.Errorf("%q, expected sv, then the others by letter", got)
	}
	if !c.Speaks("sv") || !c.Speaks("en") || c.Speaks("") || c.Speaks("sv-SE") || c.Speaks("xx") {
		t.Error("speaks sv and en, and nothing that is no code of its own")
	}
}

// Which language is the default is the campaign's; without one to go by, the first by letter stands in.
func TestAnotherLanguageIsFirst(t *testing.T) {
	for first, want := range map[string]string{"sv": "sv", "en": "en", "": "en"} {
		c, problems := locales.Load(locales.Embedded, first)
		if len(problems) > 0 {
			t.Fatal(problems)
		}
		if c.Default() != want || c.Languages()[0] != want || c.Match("") != want || c.Match("\xff") != want {
			t.Errorf("with %q as default: default %s, first %s, no hint %s, unreadable %s, expected %s", first, c.Default(), c.Languages()[0], c.Match(""), c.Match("\xff"), want)
		}
		if c.Match("de") != locales.Other || c.Match("sv-SE") != "sv" {
			t.Errorf("with %q as default: German matches %s, Swedish %s", first, c.Match("de"), c.Match("sv-SE"))
		}
	}
}

// Both languages say the same things, but for the list of what may be the same in all, which the default one keeps. What each must say is
// asked by package bot.
func TestLanguagesHaveTheSameKeys(t *testing.T) {
	c := embedded(t)
	want := slices.DeleteFunc(c.Keys("sv"), func(key string) bool { return key == "check.same" })
	if len(want) == 0 {
		t.Fatal("no keys in Swedish")
	}
	for _, code := range c.Languages() {
		for _, key := range want {
			if !c.Has(code, key) {
				t.Errorf("%s: no message %q, Swedish has it at %s", code, key, c.Pos("sv", key))
			}
		}
		for _, key := range c.Keys(code) {
			if !c.Has("sv", key) {
				t.Errorf("%s: %q stands there, and not in Swedish", c.Pos(code, key), key)
			}
		}
	}
}

// The hints are what Telegram, Discord and browsers send, and what somebody may send instead.
func TestMatch(t *testing.T) {
	c := embedded(t)
	for hint, want := range map[string]string{
		"":      "sv",
		"sv":    "sv",
		"sv-SE": "sv",
		"sv_FI": "sv",
		"SV":    "sv",
		"en":    "en",
		"en-US": "en",
		"en_GB": "en",
		// Not spoken here: English, for neighbours too.
		"de": "en", "nb": "en", "no": "en", "da": "en", "fi": "en", "zh": "en", "zh-Hant-TW": "en", "ar": "en", "ro": "en",
		// Lists: the first that is spoken, by weight.
		"ro, en;q=0.8":                    "en",
		"ro, sv;q=0.8, en;q=0.5":          "sv",
		"de-DE,de;q=0.9,en;q=0.8":         "en",
		"fi, sv;q=0.5":                    "sv",
		"de, sv;q=0.5, en;q=0.9":          "en",
		"en-US,en;q=0.9,sv;q=0.8":         "en",
		"sv-SE,sv;q=0.9,en-US;q=0.8,en;q": "sv",
		// Unreadable: as if nothing was said.
		"%%%": "sv", "swedish please": "sv", "\x00": "sv", "xx": "sv", "🇸🇪": "sv", "sv;q=zero": "sv",
	} {
		if got := c.Match(hint); got != want {
			t.Errorf("%q matches %s, expected %s", hint, got, want)
		}
	}
}

// A hint comes from outside: one that is longer than any that browsers send is not read, so that it costs nothing.
func TestALongHintIsNotRead(t *testing.T) {
	c := embedded(t)
	const ordinary = "en-GB,en-US;q=0.9,en;q=0.8,ar-EG;q=0.7,ar;q=0.6,so;q=0.5,ti;q=0.4,fa-AF;q=0.3,uk;q=0.2,sv-SE;q=0.1"
	if got := c.Match(ordinary); got != "en" {
		t.Errorf("a browser with ten languages is answered in %s, expected en", got)
	}
	for _, hint := range []string{"en,", "en-", "_", "x", "å", "\x00"} {
		if got := c.Match("en," + strings.Repeat(hint, 1<<20)); got != "sv" {
			t.Errorf("a megabyte of %q matches %s, expected sv as for what cannot be read", hint, got)
		}
	}
}

// Adding a language is adding its file: nothing else names the languages.
func TestAThirdLanguageIsItsFile(t *testing.T) {
	dir := t.TempDir()
	for from, to := range map[string]string{"sv.yaml": "sv.yaml", "en.yaml": "en.yaml"} {
		copyWords(t, from, filepath.Join(dir, to), "")
	}
	const mark = "RO: "
	copyWords(t, "en.yaml", filepath.Join(dir, "ro.yaml"), mark)
	c, problems := locales.Load(os.DirFS(dir), "sv")
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	if got := c.Languages(); !slices.Equal(got, []string{"sv", "en", "ro"}) {
		t.Errorf("%q, expected sv, en, ro", got)
	}
	for hint, want := range map[string]string{"ro": "ro", "ro-RO": "ro", "ro_MD": "ro", "ro, en;q=0.8": "ro", "en, ro;q=0.8": "en", "": "sv", "de": "en", "sv-SE": "sv"} {
		if got := c.Match(hint); got != want {
			t.Errorf("%q matches %s, expected %s", hint, got, want)
		}
	}
	if !slices.Equal(c.Keys("ro"), c.Keys("en")) {
		t.Error("the third language has other keys than the one it was made from")
	}
	if got := c.Say("ro", "button.back"); got != mark+c.Say("en", "button.back") || got == mark {
		t.Errorf("it says %q, expected its own words", got)
	}
	if got := c.Pos("ro", "button.back").File; got != "locales/ro.yaml" {
		t.Errorf("its words stand in %s, expected locales/ro.yaml", got)
	}
}

// copyWords copies a language's file with a mark before each text that stands in quotes on its line.
func copyWords(t *testing.T, from, to, mark string) {
	t.Helper()
	data, err := locales.Embedded.ReadFile(from)
	if err != nil {
		t.Fatal(err)
	}
	text := strings.ReplaceAll(string(data), `: "`, `: "`+mark)
	if err := os.WriteFile(to, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}
