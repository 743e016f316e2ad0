package bot

import (
	"slices"
	"strings"

	"motkraft/flows"
	"motkraft/locales"
)

// hearing understands what somebody types. It looks for phrases that editors wrote (the ".typed" messages), in every language, and
// for names of places. It is made for finding the way to help, not for talking: acute words win over everything, wherever they stand in a
// text and whatever stands around them, so that "I don't want to die any more" leads to acute help as "I want to die" does.
//
// A phrase's words must come in order, with at most two other words between one and the next. A word that ends in * matches every
// ending. A word of six letters or more also matches with one letter wrong, missing, added or swapped with its neighbour.
type hearing struct {
	places   *flows.Places
	langs    []string
	targets  []target
	commands []command
	leads    map[string]bool // words before a place's name, such as "in"
}

// target is a node and the phrases that lead to it.
type target struct {
	node    flows.ID
	phrases map[string][]phrase // by language
}

// command is a text that, whole, does what a standing button does.
type command struct {
	texts map[string]bool // folded words, one blank between them
	heard heard
}

type phrase []pattern

// pattern is one word of a phrase.
type pattern struct {
	fold   string
	prefix bool
}

// heard is what was understood.
type heard struct {
	what  what
	node  flows.ID
	place flows.Place // beside a node too; 0: none was named
	lang  string      // the language to go on in; empty: as before
}

type what int

const (
	aNothing what = iota
	aNode
	aPlace
	aLanguage
	aRestart
	aBack
	aClear
)

const (
	maxHeard    = 2000 // characters of a text that are looked at; what is acute stands before that
	maxGap      = 2    // words between two words of a phrase
	minMisspelt = 6    // letters of a word that may be misspelt
)

func newHearing(set *flows.Set, catalog *locales.Catalog) *hearing {
	h := &hearing{places: set.Places, langs: catalog.Languages(), leads: map[string]bool{}}
	for _, t := range set.Typed {
		to := target{node: t.To, phrases: map[string][]phrase{}}
		for _, lang := range h.langs {
			for _, line := range catalog.Lines(lang, string(t.To)+typed) {
				to.phrases[lang] = append(to.phrases[lang], parsePhrase(line))
			}
		}
		h.targets = append(h.targets, to)
	}
	for _, lang := range h.langs {
		for _, line := range catalog.Lines(lang, keyLeads) {
			h.leads[plain(flows.Words(line))] = true
		}
		h.command(catalog, lang, keyLanguage, heard{what: aLanguage, lang: lang})
		h.command(catalog, lang, keyStart, heard{what: aRestart})
		h.command(catalog, lang, keyBack, heard{what: aBack})
		h.command(catalog, lang, keyClear, heard{what: aClear})
	}
	return h
}

func (h *hearing) command(catalog *locales.Catalog, lang, key string, does heard) {
	c := command{texts: map[string]bool{}, heard: does}
	for _, line := range catalog.Lines(lang, key+typed) {
		c.texts[plain(flows.Words(line))] = true
	}
	h.commands = append(h.commands, c)
}

// plain puts words together again without diacritics.
func plain(words []flows.Word) string {
	folds := make([]string, len(words))
	for i, w := range words {
		folds[i] = w.Fold
	}
	return strings.Join(folds, " ")
}

func parsePhrase(line string) phrase {
	var p phrase
	for field := range strings.FieldsSeq(line) {
		prefix := strings.HasSuffix(field, "*")
		for _, w := range flows.Words(field) {
			p = append(p, pattern{fold: w.Fold, prefix: prefix})
		}
	}
	return p
}

// hear understands a text. The person's own language is tried first; a phrase of another one changes to it.
func (h *hearing) hear(text, lang string) heard {
	if r := []rune(text); len(r) > maxHeard {
		text = string(r[:maxHeard])
	}
	words := flows.Words(text)
	whole := plain(words)
	langs := append([]string{lang}, slices.DeleteFunc(slices.Clone(h.langs), func(l string) bool { return l == lang })...)
	for _, c := range h.commands {
		if c.texts[whole] {
			return c.heard
		}
	}
	place, named := h.places.Named(words)
	if !named {
		place, _ = h.places.Within(words, h.leads)
	}
	for _, t := range h.targets {
		for _, l := range langs {
			if slices.ContainsFunc(t.phrases[l], func(p phrase) bool { return p.in(words) }) {
				out := heard{what: aNode, node: t.node, place: place}
				if l != lang {
					out.lang = l
				}
				return out
			}
		}
	}
	if place != 0 {
		return heard{what: aPlace, place: place}
	}
	return heard{}
}

// in reports whether the phrase stands in the words.
func (p phrase) in(words []flows.Word) bool {
	if len(p) == 0 {
		return false
	}
	for i := range words {
		if p[0].matches(words[i].Fold) && p[1:].follows(words[i+1:]) {
			return true
		}
	}
	return false
}

// follows reports whether the rest of a phrase goes on in the words that come next.
func (p phrase) follows(words []flows.Word) bool {
	if len(p) == 0 {
		return true
	}
	for i := range min(len(words), maxGap+1) {
		if p[0].matches(words[i].Fold) && p[1:].follows(words[i+1:]) {
			return true
		}
	}
	return false
}

func (p pattern) matches(word string) bool {
	if word == p.fold || p.prefix && strings.HasPrefix(word, p.fold) {
		return true
	}
	a, b := []rune(p.fold), []rune(word)
	if len(a) < minMisspelt || len(b) == 0 || a[0] != b[0] {
		return false
	}
	if !p.prefix {
		return misspelt(a, b)
	}
	for n := len(a) - 1; n <= len(a)+1; n++ {
		if n <= len(b) && misspelt(a, b[:n]) {
			return true
		}
	}
	return false
}

// misspelt reports whether two words differ by at most one letter that is wrong, missing, added or swapped with its neighbour.
func misspelt(a, b []rune) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	i := 0
	for i < len(a) && a[i] == b[i] {
		i++
	}
	switch len(b) - len(a) {
	case 0:
		return i == len(a) || slices.Equal(a[i+1:], b[i+1:]) ||
			i+1 < len(a) && a[i] == b[i+1] && a[i+1] == b[i] && slices.Equal(a[i+2:], b[i+2:])
	case 1:
		return slices.Equal(a[i:], b[i+1:])
	}
	return false
}
