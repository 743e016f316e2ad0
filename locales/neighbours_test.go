package locales_test

import (
	"testing"
	"testing/fstest"

	"motkraft/locales"
)

// Whoever asks for a language gets it where there is one, by whichever of its names; then one that they understand as CLDR has it; English where
// there is neither.
func TestNeighbouringLanguages(t *testing.T) {
	for _, c := range []struct {
		spoken []string
		want   map[string]string // by hint
	}{
		{[]string{"sv", "en", "no", "da"}, map[string]string{
			"nb-NO,nb;q=0.9": "no", "nn": "no", "no": "no", "nb": "no", "da-DK": "da", "sv-FI": "sv", "en-GB": "en", "is": "en", "pt-BR": "en",
		}},
		{[]string{"sv", "en", "nb", "da"}, map[string]string{"no": "nb", "nn-NO": "nb", "nb": "nb", "da": "da"}},
		{[]string{"sv", "en", "da"}, map[string]string{"nb": "da", "da": "da", "no": "da"}},
		{[]string{"sv", "en", "fa", "ku", "sr", "zh"}, map[string]string{
			"prs-AF": "fa", "fa-AF": "fa", "ckb": "ku", "kmr": "ku", "sr-Latn": "sr", "hr": "sr", "bs": "sr", "sh": "sr", "zh-TW": "zh", "zh-Hant": "zh", "zh-CN": "zh",
		}},
		{[]string{"sv", "en", "sr", "hr"}, map[string]string{"hr": "hr", "sr": "sr", "bs-BA": "hr"}},
		{[]string{"sv", "en", "tl"}, map[string]string{"fil-PH": "tl", "tl": "tl"}},
	} {
		words := fstest.MapFS{}
		for _, code := range c.spoken {
			words[code+".yaml"] = &fstest.MapFile{Data: []byte("hello: hello " + code + "\n")}
		}
		catalog, problems := locales.Load(words, "sv")
		if len(problems) > 0 {
			t.Fatal(problems)
		}
		for hint, want := range c.want {
			if got := catalog.Match(hint); got != want {
				t.Errorf("of %v, %q gets %q, expected %q", c.spoken, hint, got, want)
			}
		}
	}
}
