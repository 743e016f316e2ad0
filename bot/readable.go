package bot

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"motkraft/bot/problem"
)

// Bounds of how a text reads. Many come here tired, afraid or with Swedish as their third language.
const (
	readableFrom = 20 // words; in shorter texts one long word decides
	maxLIX       = 30 // "easy": children's books are under 25, newspapers about 45 (Björnsson, Läsbarhet, 1968)
	minFlesch    = 60 // "plain English": Flesch, A new readability yardstick, 1948
	maxSentence  = 15 // words on average, in any language
)

const ruleHard problem.Rule = "hard-to-read"

var (
	aWord      = regexp.MustCompile(`[\p{L}\p{N}]+(?:['’][\p{L}]+)*`)
	sentence   = regexp.MustCompile(`[.!?]+(?:["”’)]*\s|["”’)]*$)|\n+`)
	vowels     = regexp.MustCompile(`[aeiouy]+`)
	silentMute = regexp.MustCompile(`[^aeiouyl]e$|[^aeiouytd]ed$`) // take, called; but little, wanted
)

// reading is what is measured of a text.
type reading struct{ words, sentences, long, syllables int }

// measure counts. A line is a sentence at least, and so is what stands in quotes on a line of its own.
func measure(text string) (r reading) {
	for _, s := range sentence.Split(text, -1) {
		words := aWord.FindAllString(s, -1)
		if len(words) == 0 {
			continue
		}
		r.sentences++
		r.words += len(words)
		for _, w := range words {
			if utf8.RuneCountInString(w) > 6 {
				r.long++
			}
			r.syllables += syllables(w)
		}
	}
	return r
}

// syllables guesses those of an English word: each group of vowels is one, less a mute e. It is right for nine words of ten, which is enough
// for a sum over a text.
func syllables(word string) int {
	word = strings.ToLower(word)
	n := len(vowels.FindAllString(word, -1))
	if n > 1 && silentMute.MatchString(word) {
		n--
	}
	return max(n, 1)
}

// lix is Björnsson's measure: words in a sentence, and the share of words with more than six letters.
func (r reading) lix() float64 {
	return float64(r.words)/float64(r.sentences) + 100*float64(r.long)/float64(r.words)
}

// flesch is the reading ease: 100 is very easy, under 30 is for graduates.
func (r reading) flesch() float64 {
	return 206.835 - 1.015*float64(r.words)/float64(r.sentences) - 84.6*float64(r.syllables)/float64(r.words)
}

// checkReading holds a text to the bounds: LIX for Swedish, Flesch for English, and the length of sentences for every language, since no
// measure of words holds for them all.
func checkReading(lang, key, text string, pos problem.Pos, problems *problem.List) {
	r := measure(text)
	if r.words < readableFrom {
		return
	}
	if found := float64(r.words) / float64(r.sentences); found > maxSentence {
		problems.Add(pos, ruleHard, "%q has %.1f words in a sentence, expected at most %d: part them", key, found, maxSentence)
	}
	switch lang {
	case "sv":
		if found := r.lix(); found > maxLIX {
			problems.Add(pos, ruleHard, "%q has LIX %.0f, expected at most %d: shorter sentences, fewer words of more than six letters", key, found, maxLIX)
		}
	case "en":
		if found := r.flesch(); found < minFlesch {
			problems.Add(pos, ruleHard, "%q has reading ease %.0f, expected at least %d: shorter sentences, shorter words", key, found, minFlesch)
		}
	}
}
