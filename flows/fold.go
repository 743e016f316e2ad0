package flows

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Word is one typed word in two forms.
type Word struct {
	Raw  string // in lower case: "håbo"
	Fold string // without diacritics too: "habo"
}

// Words cuts a text into words of letters and digits. Everything else parts words and is gone; an apostrophe inside a word goes
// without parting it ("can't" is "cant").
func Words(text string) []Word {
	var out []Word
	text = apostrophes.Replace(strings.ToLower(norm.NFC.String(text)))
	for raw := range strings.FieldsFuncSeq(text, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r)
	}) {
		out = append(out, Word{Raw: raw, Fold: fold(raw)})
	}
	return out
}

var apostrophes = strings.NewReplacer("'", "", "’", "")

// folding are the letters that Unicode does not take apart.
var folding = strings.NewReplacer("ø", "o", "æ", "a", "ß", "ss", "ł", "l", "đ", "d")

// fold takes the diacritics off a text in lower case: å and ä become a, ö becomes o.
func fold(s string) string {
	if isASCII(s) {
		return s // most words have none, and to take one apart takes long
	}
	var b strings.Builder
	for _, r := range norm.NFD.String(s) {
		if !unicode.Is(unicode.Mn, r) {
			b.WriteRune(r)
		}
	}
	return folding.Replace(b.String())
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// joined puts words together again, one blank between them.
func joined(words []Word, form func(Word) string) string {
	parts := make([]string, len(words))
	for i, w := range words {
		parts[i] = form(w)
	}
	return strings.Join(parts, " ")
}

func raw(w Word) string    { return w.Raw }
func folded(w Word) string { return w.Fold }

// Misspelt reports whether two words differ by at most one letter that is wrong, missing, added or swapped with its neighbour.
func Misspelt(a, b []rune) bool {
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
