package bot

import (
	"slices"

	"motkraft/bot/problem"
	"motkraft/locales"
)

// How much longer or shorter than in the default language a text may be. Under lengthFrom characters one word more decides.
const (
	maxRatio   = 2
	lengthFrom = 20
)

const (
	ruleUntranslated problem.Rule = "untranslated"
	ruleLength       problem.Rule = "length-ratio"
	ruleNumbers      problem.Rule = "numbers"
)

// checkTranslation holds a language's messages against those of the default one. That both have the same keys and blanks is looked at with each
// by itself; choices and contacts are the tree's and the directory's, so no language has its own. But a number written out in a text is.
func checkTranslation(lang string, needs []need, catalog *locales.Catalog, problems *problem.List) {
	if lang == catalog.Default() {
		return
	}
	same := catalog.Lines(catalog.Default(), keySame)
	for _, n := range needs {
		if n.typed || n.list || n.lines > 0 || !catalog.Has(lang, n.key) || !catalog.Has(catalog.Default(), n.key) {
			continue
		}
		ours, theirs := catalog.Phrase(lang, n.key).Fill(), catalog.Phrase(catalog.Default(), n.key).Fill()
		pos, other := catalog.Pos(lang, n.key), catalog.Pos(catalog.Default(), n.key)
		if ours == theirs && !slices.Contains(same, n.key) {
			problems.Add(pos, ruleUntranslated, "%q is the same as at %s, expected it translated, or its key in %q there", n.key, other, keySame)
		}
		if a, b := utf16Len(ours), utf16Len(theirs); max(a, b) >= lengthFrom && (a > maxRatio*b || b > maxRatio*a) {
			problems.Add(pos, ruleLength, "%q has %d characters and %d at %s, expected at most %d times as many", n.key, a, b, other, maxRatio)
		}
		if a, b := numbersOf(ours), numbersOf(theirs); !slices.Equal(a, b) {
			problems.Add(pos, ruleNumbers, "%q has the numbers %q and %q at %s, expected the same", n.key, a, b, other)
		}
	}
	for _, key := range same {
		if !catalog.Has(catalog.Default(), key) {
			problems.Add(catalog.Pos(catalog.Default(), keySame), ruleList, "%q has the key %q, which no message has, expected one that has", keySame, key)
		}
	}
}

// numbersOf gives a text's numbers without what parts their thousands, sorted, each once.
func numbersOf(text string) []string {
	var out []string
	for _, found := range number.FindAllString(text, -1) {
		out = append(out, digitsOf(found))
	}
	slices.Sort(out)
	return slices.Compact(out)
}
