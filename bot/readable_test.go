package bot

import (
	"math"
	"strings"
	"testing"
)

func TestMeasure(t *testing.T) {
	for text, want := range map[string]reading{
		"":                                     {},
		"Katten sitter. Den sover, på mattan!": {words: 6, sentences: 2},
		"En rad utan punkt\n\nOch socialtjänsten": {words: 6, sentences: 2, long: 1},
		"Ring 112. Klockan 9.30 eller kl. 10":     {words: 8, sentences: 3, long: 1},
		"\"Hur menar du?\"\n\n\"Så?\" sa hon.":    {words: 6, sentences: 3},
		"I don't. You’re here.":                   {words: 4, sentences: 2},
	} {
		got := measure(text)
		if got.words != want.words || got.sentences != want.sentences || got.long != want.long {
			t.Errorf("%q measures %+v, expected %+v", text, got, want)
		}
	}
}

// The examples of the measures' own authors and users: a text's number is known.
func TestKnownMeasures(t *testing.T) {
	if got := measure("The cat sat on the mat.").flesch(); math.Abs(got-116.145) > 0.001 {
		t.Errorf("the cat on the mat has reading ease %.3f, expected 116.145", got)
	}
	// Eleven words, two sentences, three words of more than six letters: 5.5 + 27.27.
	if got := measure("Bilarna kommer ofta sent. Tågen brukar däremot nästan aldrig vara försenade.").lix(); math.Abs(got-32.772) > 0.01 {
		t.Errorf("LIX is %.3f, expected 32.772", got)
	}
}

// The guess is right for nine words of ten of those that the texts use.
func TestSyllables(t *testing.T) {
	wrong, words := 0, 0
	for line := range strings.Lines(`1: the you to is can are one here talk what who get care call called take home these help hurt stop names scared
2: someone about people support money person talking wanted police worried little violent something needed today answer
3: anyone important together tomorrow continue remember another relative possible
4: anonymous information experience situation
`) {
		count, list, _ := strings.Cut(line, ":")
		for _, word := range strings.Fields(list) {
			words++
			if got := syllables(word); got != int(count[0]-'0') {
				wrong++
				t.Logf("%s has %d, expected %s", word, got, count)
			}
		}
	}
	if wrong*10 > words {
		t.Errorf("%d of %d words are wrong", wrong, words)
	}
}
