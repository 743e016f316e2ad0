package bot

import (
	"slices"
	"strings"

	"motkraft/flows"
	"motkraft/locales"
)

// hearing is intent recognition: it understands what somebody types. It looks for phrases that editors wrote (the ".typed" messages), in every language, and
// for names of places. It is made for finding the way to help, not for talking: acute words win over everything, wherever they stand in a
// text and whatever stands around them, so that "I don't want to die any more" leads to acute help as "I want to die" does.
//
// A phrase's words must come in order, with at most two other words between one and the next. A word that ends in * matches every
// ending. A word of six letters or more also matches with one letter wrong, missing, added or swapped with its neighbour. A line that
// begins with a hyphen is an exception: where it stands in a text ("-nobody forces me"), those words are passed over, and only those.
//
// The words of the standing buttons ("back", "clear") come last, and count only when they are nearly all that was typed: whoever asks how
// to delete pictures of them does not ask for the conversation to be cleared.
type hearing struct {
	places   *flows.Places
	langs    []string
	targets  []target
	commands []command
	leads    map[string]bool // words before a place's name, such as "in"
}

// target is an intent: a node and the phrases that lead to it.
type target struct {
	node    flows.ID
	phrases map[string][]phrase // by language
	not     []phrase            // exceptions, of all languages
}

// command is words that do what a standing button does.
type command struct {
	phrases []phrase
	heard   heard
}

type phrase []pattern

// pattern is one word of a phrase.
type pattern struct {
	fold   string
	prefix bool
}

// heard is a recognized intent: what was understood.
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
	maxHeard    = 4096 // characters of a text that are looked at: as many as the platforms let one type
	maxGap      = 2    // words between two words of a phrase
	maxBeside   = 3    // words that may stand beside a command of several words
	minMisspelt = 6    // letters of a word that may be misspelt
)

func newHearing(set *flows.Set, catalog *locales.Catalog) *hearing {
	h := &hearing{places: set.Places, langs: catalog.Languages(), leads: map[string]bool{}}
	for _, t := range set.Typed {
		to := target{node: t.To, phrases: map[string][]phrase{}}
		for _, lang := range h.langs {
			for _, line := range catalog.Lines(lang, string(t.To)+typed) {
				if exception, ok := strings.CutPrefix(line, "-"); ok {
					to.not = append(to.not, parsePhrase(exception))
				} else {
					to.phrases[lang] = append(to.phrases[lang], parsePhrase(line))
				}
			}
		}
		h.targets = append(h.targets, to)
	}
	for _, lang := range h.langs {
		for _, line := range catalog.Lines(lang, keyLeads) {
			for _, w := range flows.Words(line) {
				h.leads[w.Fold] = true
			}
		}
		h.command(catalog, lang, keyLanguage, heard{what: aLanguage, lang: lang})
		h.command(catalog, lang, keyStart, heard{what: aRestart})
		h.command(catalog, lang, keyBack, heard{what: aBack})
		h.command(catalog, lang, keyClear, heard{what: aClear})
	}
	return h
}

func (h *hearing) command(catalog *locales.Catalog, lang, key string, does heard) {
	c := command{heard: does}
	for _, line := range catalog.Lines(lang, key+typed) {
		c.phrases = append(c.phrases, parsePhrase(line))
	}
	h.commands = append(h.commands, c)
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
	place := h.place(words)
	langs := append([]string{lang}, slices.DeleteFunc(slices.Clone(h.langs), func(l string) bool { return l == lang })...)
	for _, t := range h.targets {
		rest := t.without(words)
		for _, l := range langs {
			if !slices.ContainsFunc(t.phrases[l], func(p phrase) bool { return p.in(rest) }) {
				continue
			}
			out := heard{what: aNode, node: t.node, place: place}
			if l != lang {
				out.lang = l
			}
			return out
		}
	}
	for _, c := range h.commands {
		// "Change language" stands in every language's list and means another one than the person's.
		if c.heard.lang != lang && slices.ContainsFunc(c.phrases, func(p phrase) bool { return p.commands(words) }) {
			return c.heard
		}
	}
	if place != 0 {
		return heard{what: aPlace, place: place}
	}
	return heard{}
}

func (h *hearing) place(words []flows.Word) flows.Place {
	if at, ok := h.places.Named(words); ok {
		return at
	}
	if at, ok := h.places.Within(words, h.leads); ok {
		return at
	}
	at, _ := h.places.Like(words)
	return at
}

// without gives the words with the target's exceptions blotted out.
func (t *target) without(words []flows.Word) []flows.Word {
	for _, p := range t.not {
		from, to := p.find(words)
		if to == 0 {
			continue
		}
		words = slices.Clone(words)
		clear(words[from:to])
	}
	return words
}

// commands reports whether the words are the phrase's command.
func (p phrase) commands(words []flows.Word) bool {
	beside := maxBeside
	if len(p) == 1 {
		beside = 0
	}
	return len(words) <= len(p)+beside && p.in(words)
}

// in reports whether the phrase stands in the words.
func (p phrase) in(words []flows.Word) bool {
	_, to := p.find(words)
	return to > 0
}

// find gives where the phrase first stands in the words: from its first word up to and without the one after its last. To is 0 where it
// does not.
func (p phrase) find(words []flows.Word) (from, to int) {
	if len(p) == 0 {
		return 0, 0
	}
	for i := range words {
		if !p[0].matches(words[i].Fold) {
			continue
		}
		if rest, ok := p[1:].follows(words[i+1:]); ok {
			return i, i + 1 + rest
		}
	}
	return 0, 0
}

// follows reports whether the rest of a phrase goes on in the words that come next, and how many of them it takes.
func (p phrase) follows(words []flows.Word) (taken int, ok bool) {
	if len(p) == 0 {
		return 0, true
	}
	for i := range min(len(words), maxGap+1) {
		if !p[0].matches(words[i].Fold) {
			continue
		}
		if rest, ok := p[1:].follows(words[i+1:]); ok {
			return i + 1 + rest, true
		}
	}
	return 0, false
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
		return flows.Misspelt(a, b)
	}
	for n := len(a) - 1; n <= len(a)+1; n++ {
		if n <= len(b) && flows.Misspelt(a, b[:n]) {
			return true
		}
	}
	return false
}
