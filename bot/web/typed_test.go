package web_test

import (
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"

	"motkraft/bot"
	"motkraft/flows"
)

// TestTypedTableInBrowser types every line of the table of typed texts in the browser. What they mean is held by package bot; here both must
// come to the same screen, so that the two never part.
func TestTypedTableInBrowser(t *testing.T) {
	data, err := os.ReadFile("../testdata/typed.tsv")
	if err != nil {
		t.Fatal(err)
	}
	s := newSite(t, nil)
	p := open(t, s, "/", "sv")
	ty := typist{site: s, T: t}
	for line := range strings.Lines(string(data)) {
		if fields := strings.Split(strings.TrimSpace(line), "\t"); len(fields) == 3 && !strings.HasPrefix(line, "#") {
			ty.types(fields[0], fields[1], 0, s.set.Node("counter/trip"), s.set.Node("counter/figures"))
		}
	}
	if len(ty.steps) < 150 {
		t.Fatalf("%d lines, expected at least 150", len(ty.steps))
	}
	ty.agree(p)
}

// Texts at random, made of what is understood and what is nearly so, at screens at random: both must do the same with all of them.
func TestTypedAgrees(t *testing.T) {
	const texts = 1500 // in each language
	s := newSite(t, nil)
	p := open(t, s, "/", "sv")
	ty := typist{site: s, T: t}
	book := s.bot.Draw(s.now(), 1, nil)
	places := s.set.Distinct()
	for l, lang := range s.catalog.Languages() {
		random := rand.New(rand.NewPCG(uint64(l), 7))
		parts := vocabulary(book)
		for range texts {
			node, before := s.set.Nodes[random.IntN(len(s.set.Nodes))], s.set.Nodes[random.IntN(len(s.set.Nodes))]
			ty.types(lang, sentence(random, parts), places[random.IntN(len(places))], node, before)
		}
	}
	// A test of texts that nobody understands would show nothing, and neither would one of texts that everybody does.
	strayed := 0
	for _, w := range ty.want {
		if strings.HasPrefix(w.Text, s.label(w.Lang, "say.strayed")) {
			strayed++
		}
	}
	t.Logf("%d of %d texts were not understood", strayed, len(ty.want))
	if strayed < len(ty.want)/20 || strayed > len(ty.want)*3/4 {
		t.Errorf("%d of %d texts were not understood, expected some, and not most", strayed, len(ty.want))
	}
	ty.agree(p)
}

// Texts that try the letters: what is put into lower case, taken apart or cut in other ways by two languages' libraries.
func TestTypedLetters(t *testing.T) {
	s := newSite(t, nil)
	p := open(t, s, "/", "sv")
	ty := typist{site: s, T: t}
	for _, text := range []string{
		" ", "\x00", "'", "’’", "MALMÖ", "Malmo\u0308", "malm\u00f8", "ÅRE", "A\u030aRE", "i Åre", "Håbo", "Habo", "vİll dö", "ΣΕΞ ΣΑΣ", "straße", "ŁÓDŹ", "ﬁnns", "ǅ", "१२३", "112", "１１２", "१",
		"I don’t want to live", "I don't want to live", "dont want to live", "VILL DÖ", "vill do\u0308", "vill\u00addö", "vill\u200bdö", "vill_dö", "vill-dö", "vill\u2028dö",
		"🫥 vill 🫥 dö", "vill a b dö", "vill a b c dö", "självmrod", "sjalvmordet", "Göteborgs stad", "göteborgs", "stad", "kommun kommun", "umeås kommun", "upplands-bro kommun",
		"Jönköpping", "Jonkopng", "jag bor i sala", "jag bor nära mora kommun", strings.Repeat("å ", 2044) + "vill dö", strings.Repeat("å ", 2045) + "vill dö",
		strings.Repeat("🫥", 4089) + " vill dö", strings.Repeat("🫥", 4088) + " vill dö", strings.Repeat("a", 5000), "\u0301\u0301", "ü\u0301ber", "K", "Å",
	} {
		for _, lang := range s.catalog.Languages() {
			ty.types(lang, text, 0, s.set.Node("buy/place"), s.set.Node("buy/start"))
		}
	}
	ty.agree(p)
}

// typist collects what is typed, and what the bot says to it.
type typist struct {
	*testing.T
	site  *site
	steps []step
	want  []walked
}

func (ty *typist) types(lang, text string, at flows.Place, node, before *flows.Node) {
	ty.Helper()
	st, data := ty.site.state(lang, at, node, before)
	ty.steps = append(ty.steps, step{State: &st, Text: text})
	ty.want = append(ty.want, asWalked(ty.site.bot.Handle(ty.Context(), bot.Update{Data: data, Text: text})))
}

func (ty *typist) agree(p *tab) {
	ty.Helper()
	agree(p, ty.site, ty.site.now(), ty.steps, ty.want)
}

// vocabulary is every phrase, exception, command and name of a place, in every language.
func vocabulary(books []bot.Book) []string {
	found := map[string]bool{}
	for _, book := range books {
		for _, n := range book.Typed.Nodes {
			for _, p := range slices.Concat(n.Phrases, n.Not) {
				found[p] = true
			}
		}
		for _, phrases := range book.Typed.Commands {
			for _, p := range phrases {
				found[p] = true
			}
		}
		for _, words := range [][]string{book.Typed.Names, book.Typed.Leads, book.Typed.After} {
			for _, w := range words {
				found[w] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(found))
}

// sentence is one to three parts of the vocabulary, some bent out of shape, some with strangers between.
func sentence(random *rand.Rand, parts []string) string {
	const strangers = "xyz qu 99 å Ñandú -- , ' Ææ ёж 東京 e\u0301t vän under efter"
	var words []string
	for range 1 + random.IntN(3) {
		part := strings.Fields(parts[random.IntN(len(parts))])
		if random.IntN(4) == 0 {
			part = part[:1+random.IntN(len(part))]
		}
		for _, word := range part {
			word = strings.ReplaceAll(word, "*", []string{"", "en", "arna", "x"}[random.IntN(4)])
			switch random.IntN(8) {
			case 0:
				word = bend(random, word)
			case 1:
				word = strings.ToUpper(word)
			case 2:
				words = append(words, strings.Fields(strangers)[random.IntN(len(strings.Fields(strangers)))])
			}
			words = append(words, word)
		}
	}
	return strings.Join(words, []string{" ", "  ", ", ", "-", "\n"}[random.IntN(5)])
}

// bend puts one letter wrong: another, one too few or too many, or two swapped.
func bend(random *rand.Rand, word string) string {
	letters := []rune(word)
	i := random.IntN(len(letters))
	switch random.IntN(4) {
	case 0:
		letters[i] = []rune("aeiouyåäöstrn")[random.IntN(13)]
	case 1:
		letters = slices.Delete(letters, i, i+1)
	case 2:
		letters = slices.Insert(letters, i, []rune("aeö's")[random.IntN(5)])
	case 3:
		j := min(i+1, len(letters)-1)
		letters[i], letters[j] = letters[j], letters[i]
	}
	return string(letters)
}
