// Package locales holds every word the bot says, in every language it speaks: one flat YAML file a language, read with go-i18n.
//
// Start at Load, which reads a folder into a Catalog. Say gives a message, Phrase one with blanks to fill in, Match the language for
// a person's hint. It knows no flow and no person: which keys there must be is asked by package bot.
//
// Adding a language is adding its file: ro.yaml with every key of sv.yaml.
//
// # Why
//
// Every message is rendered once, when the catalog is made: a press then only looks it up. A message that is missing is asked for
// with Has and is a problem at start-up; nobody is ever shown the text of a language that they did not choose.
package locales

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"golang.org/x/text/language"

	"motkraft/bot/problem"
)

// Catalog is all words. It does not change after Load and is safe for concurrent use.
type Catalog struct {
	meant   []string // the code of each of the matcher's tags
	codes   []string // two letters each; the default first, then by letter
	matcher language.Matcher
	words   map[string]map[string]message // by code, by key
}

// message is one message of one language.
type message struct {
	text string
	pos  problem.Pos
}

// Other is the language for those whose own is not spoken here. It is no campaign's: English is the one that most of them know.
const Other = "en"

// maxHint is how long a hint may be, in bytes: several times what browsers send. Matching a megabyte of languages takes a quarter of a
// second, so a longer one is not read.
const maxHint = 1000

// Default gives the code of the language for whoever says nothing about theirs.
func (c *Catalog) Default() string { return c.codes[0] }

// Languages gives the codes of all languages, two letters each: the default first, then by letter.
func (c *Catalog) Languages() []string { return c.codes }

// Speaks reports whether there is a language with this code.
func (c *Catalog) Speaks(code string) bool { return c.words[code] != nil }

// stands are languages that one file stands for beside its own: what CLDR has as one macrolanguage, or as understood by nearly all who ask for it.
// The matcher alone takes "nb" for Danish where the file is called "no". A language with a file of its own keeps it.
var stands = map[string][]string{
	"no": {"nb", "nn"},
	"nb": {"no", "nn"},
	"nn": {"no", "nb"},
	"fa": {"prs"},
	"ku": {"ckb", "kmr"},
	"sr": {"sr-Latn", "hr", "bs", "sh"},
	"hr": {"sr", "sr-Latn", "bs", "sh"},
	"bs": {"sr", "sr-Latn", "hr", "sh"},
	"tl": {"fil"},
	"zh": {"zh-Hant"},
}

// match makes the matcher: of each language, and of those that it stands for.
func (c *Catalog) match() {
	var tags []language.Tag
	add := func(name, code string) {
		tags, c.meant = append(tags, language.Make(name)), append(c.meant, code)
	}
	for _, code := range c.codes {
		add(code, code)
	}
	for _, code := range c.codes {
		for _, other := range stands[code] {
			if !slices.Contains(c.codes, other) {
				add(other, code)
			}
		}
	}
	c.matcher = language.NewMatcher(tags)
}

// Match gives the language for a hint such as "sv", "en-GB" or "ro, en;q=0.8", as platforms and browsers send it. No hint, or one
// that cannot be read, gives the default; a language that is not spoken here gives English.
func (c *Catalog) Match(hint string) string {
	if len(hint) > maxHint {
		return c.codes[0]
	}
	tags, _, err := language.ParseAcceptLanguage(strings.ReplaceAll(hint, "_", "-"))
	if err != nil || len(tags) == 0 {
		return c.codes[0]
	}
	if _, i, sure := c.matcher.Match(tags...); sure > language.No {
		return c.meant[i]
	}
	if c.Speaks(Other) {
		return Other
	}
	return c.codes[0]
}

// Has reports whether a language has a message.
func (c *Catalog) Has(code, key string) bool {
	_, ok := c.words[code][key]
	return ok
}

// Say gives a message; "" where there is none.
func (c *Catalog) Say(code, key string) string { return c.words[code][key].text }

// Lines gives a message's lines without blank ones: the form of a list of typed phrases.
func (c *Catalog) Lines(code, key string) []string {
	var out []string
	for line := range strings.Lines(c.Say(code, key)) {
		if line = strings.TrimSpace(line); line != "" {
			out = append(out, line)
		}
	}
	return out
}

// Pos says where a message stands; where there is none, the beginning of the language's file.
func (c *Catalog) Pos(code, key string) problem.Pos {
	if m, ok := c.words[code][key]; ok {
		return m.pos
	}
	return problem.Pos{File: folder + code + ".yaml", Line: 1, Column: 1}
}

// Keys gives the keys of a language, sorted.
func (c *Catalog) Keys(code string) []string { return slices.Sorted(maps.Keys(c.words[code])) }

// Phrase is a message with blanks, ready to be filled in.
type Phrase struct {
	parts []string // text, name, text, name, … text
}

// Phrase prepares a message that has blanks such as {{.Time}}.
func (c *Catalog) Phrase(code, key string) Phrase {
	return Phrase{parts: strings.Split(c.Say(code, key), blank)}
}

// Blanks gives the names of the blanks in order.
func (p Phrase) Blanks() []string {
	var out []string
	for i := 1; i < len(p.parts); i += 2 {
		out = append(out, p.parts[i])
	}
	return out
}

// Parts gives text and blanks' names in turn, beginning and ending with text.
func (p Phrase) Parts() []string { return p.parts }

// Fill gives the text with the blanks filled in, by name and value in turn. A blank without a value stays empty.
func (p Phrase) Fill(pairs ...string) string {
	var b strings.Builder
	for i, part := range p.parts {
		if i%2 == 1 {
			part = valueOf(part, pairs)
		}
		b.WriteString(part)
	}
	return b.String()
}

func valueOf(name string, pairs []string) string {
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i] == name {
			return pairs[i+1]
		}
	}
	return ""
}

// order puts the default language first.
func order(a, b, first string) int {
	switch {
	case a == b:
		return 0
	case a == first:
		return -1
	case b == first:
		return 1
	}
	return cmp.Compare(a, b)
}
