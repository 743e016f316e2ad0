package bot

import (
	"strings"

	"motkraft/flows"
	"motkraft/locales"
)

// Typed is the grammar of intents: what may be typed in one language, ready to be looked for (see hearing). A phrase is its words in lower case without diacritics,
// one blank between them, with a * behind a word that matches every ending.
type Typed struct {
	Nodes    []TypedNode         `json:"nodes"`    // in order: the first that matches wins; the same nodes in every language
	Commands map[string][]string `json:"commands"` // phrases that do what a standing button does, by its key
	Leads    []string            `json:"leads"`    // words before a place's name
	Names    []string            `json:"names"`    // of places, in the order in which they take precedence; the first of each is the official one
	Places   []flows.Place       `json:"places"`   // whose names these are
	After    []string            `json:"after"`    // words behind a place's name
	Everyday []flows.Place       `json:"everyday"` // places whose name is an everyday word too
}

// TypedNode is a node and the phrases that lead to it.
type TypedNode struct {
	Node    flows.ID `json:"node"`
	Phrases []string `json:"phrases"`
	Not     []string `json:"not,omitempty"` // exceptions
}

func drawTyped(set *flows.Set, catalog *locales.Catalog, lang string) Typed {
	t := Typed{Commands: map[string][]string{}, After: set.Places.After(), Everyday: set.Places.Everyday()}
	for _, to := range set.Typed {
		node := TypedNode{Node: to.To}
		for _, line := range catalog.Lines(lang, string(to.To)+typed) {
			if exception, ok := strings.CutPrefix(line, "-"); ok {
				node.Not = append(node.Not, parsePhrase(exception).String())
			} else {
				node.Phrases = append(node.Phrases, parsePhrase(line).String())
			}
		}
		t.Nodes = append(t.Nodes, node)
	}
	for _, key := range []string{keyLanguage, keyStart, keyBack, keyClear} {
		for _, line := range catalog.Lines(lang, key+typed) {
			t.Commands[key] = append(t.Commands[key], parsePhrase(line).String())
		}
	}
	for _, line := range catalog.Lines(lang, keyLeads) {
		for _, w := range flows.Words(line) {
			t.Leads = append(t.Leads, w.Fold)
		}
	}
	for _, name := range set.Places.Called {
		t.Names, t.Places = append(t.Names, name.Name), append(t.Places, name.At)
	}
	return t
}

// String gives the phrase as a book has it.
func (p phrase) String() string {
	var words []string
	for _, w := range p {
		if w.prefix {
			w.fold += "*"
		}
		words = append(words, w.fold)
	}
	return strings.Join(words, " ")
}
