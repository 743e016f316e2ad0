package bot

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"motkraft/bot/problem"
	"motkraft/flows"
	"motkraft/locales"
)

const (
	ruleList      problem.Rule = "list"
	ruleAvoid     problem.Rule = "avoid"
	ruleDiscreet  problem.Rule = "discreet"
	ruleUnclaimed problem.Rule = "unclaimed"
	ruleUndated   problem.Rule = "undated"
)

// listed finds a word of a list: whole words, in any case; * stands for any ending.
type listed struct {
	stem  string // in small letters, up to the first * or blank: what a text that holds the word holds
	match func() *regexp.Regexp
}

func newListed(word string) listed {
	words := strings.Fields(word)
	stem, _, _ := strings.Cut(strings.ToLower(words[0]), "*")
	return listed{stem, sync.OnceValue(func() *regexp.Regexp {
		re := strings.NewReplacer(`\*`, `\p{L}*`, " ", `\s+`).Replace(regexp.QuoteMeta(strings.Join(words, " ")))
		edge := func(end string) string {
			if aWord.MatchString(end) || end == "*" {
				return `(?:^|$|[^\p{L}\p{N}])`
			}
			return ""
		}
		return regexp.MustCompile(`(?i)` + edge(firstRune(word)) + re + edge(lastRune(word)))
	})}
}

// find gives what of a text is the word, or "". Lower is the text in small letters: most texts are done with at a glance.
func (l listed) find(text, lower string) string {
	if !strings.Contains(lower, l.stem) {
		return ""
	}
	return l.match().FindString(text)
}

// avoided is one line of a list of words.
type avoided struct {
	listed
	word, instead, why string
}

func firstRune(s string) string { return string([]rune(s)[0]) }
func lastRune(s string) string  { r := []rune(s); return string(r[len(r)-1]) }

// avoidList reads a list of words with what to write instead and why.
func avoidList(catalog *locales.Catalog, lang, key string, problems *problem.List) (out []avoided) {
	for _, line := range catalog.Lines(lang, key) {
		parts := strings.Split(line, "|")
		for i := range parts {
			parts[i] = strings.TrimSpace(parts[i])
		}
		if len(parts) != 3 || slices.Contains(parts, "") {
			problems.Add(catalog.Pos(lang, key), ruleList, "the line %q of %q, expected: word | what to write instead | why", line, key)
			continue
		}
		out = append(out, avoided{newListed(parts[0]), parts[0], parts[1], parts[2]})
	}
	return out
}

// checkAvoided looks for words that nobody should be met with.
func checkAvoided(lang string, needs []need, catalog *locales.Catalog, problems *problem.List) {
	everywhere := avoidList(catalog, lang, keyAvoid, problems)
	discreet := avoidList(catalog, lang, keyDiscreet, problems)
	for _, n := range needs {
		if n.typed || n.list || !catalog.Has(lang, n.key) {
			continue
		}
		text, pos := catalog.Phrase(lang, n.key).Fill(), catalog.Pos(lang, n.key)
		lower := strings.ToLower(text)
		for _, a := range everywhere {
			if a.find(text, lower) != "" {
				problems.Add(pos, ruleAvoid, "%q says %q, expected %s: %s", n.key, a.word, a.instead, a.why)
			}
		}
		seen := text
		switch {
		case n.node:
			seen = sentence.Split(text, 2)[0]
		case n.limit != MaxLabel:
			continue
		}
		for _, a := range discreet {
			if a.find(seen, lower) != "" {
				problems.Add(pos, ruleDiscreet, "%q shows %q to whoever looks over a shoulder, expected %s: %s", n.key, a.word, a.instead, a.why)
			}
		}
	}
}

// number finds a number; thousands may be separated by a blank or a comma.
var number = regexp.MustCompile(`\d+(?:[ \x{a0},]\d{3})*`)

// figures gives the numbers of a text that are no phone number and too large to be an age, a scale or a count of things.
func figures(text string, phones map[string]bool) (out []string) {
	const everyday = 20
	for _, found := range number.FindAllString(text, -1) {
		plain := digitsOf(found)
		if n, err := strconv.Atoi(plain); !phones[plain] && (err != nil || n > everyday) {
			out = append(out, found)
		}
	}
	return out
}

func digitsOf(s string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, s)
}

// phonesOf gives the digits of every number in the directory.
func phonesOf(set *flows.Set) map[string]bool {
	out := map[string]bool{}
	for _, s := range set.Services {
		for _, c := range s.Contacts {
			out[digitsOf(c.Dial)], out[digitsOf(c.Address)] = true, true
		}
	}
	return out
}

// checkClaims asks for a claim where a node's text holds a figure or a word of law, and for the month of each law on some screen.
func checkClaims(lang string, set *flows.Set, catalog *locales.Catalog, problems *problem.List) {
	phones := phonesOf(set)
	var words []listed
	for _, line := range catalog.Lines(lang, keyClaims) {
		words = append(words, newListed(line))
	}
	dated := map[*flows.Claim]bool{}
	for _, n := range set.Nodes {
		key := string(n.ID)
		phrase := catalog.Phrase(lang, key)
		for _, c := range n.Claims {
			dated[c] = dated[c] || slices.Contains(phrase.Blanks(), blankChecked)
		}
		if len(n.Claims) > 0 {
			continue
		}
		text := phrase.Fill()
		found, lower := figures(text, phones), strings.ToLower(text)
		for _, w := range words {
			if m := w.find(text, lower); m != "" {
				found = append(found, strings.Trim(m, " .,:;?\n\""))
			}
		}
		if len(found) > 0 {
			problems.Add(catalog.Pos(lang, key), ruleUnclaimed, "%q says %q, expected its node at %s to name a claim of claims.yaml", key, found[0], n.Pos)
		}
	}
	for _, c := range set.Claims {
		if c.Law && !dated[c] {
			problems.Add(c.Pos, ruleUndated, "no screen in %q that says %q shows when the law was checked, expected {{.%s}} in one", lang, c.ID, blankChecked)
		}
	}
}
