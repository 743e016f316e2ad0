package flows

import (
	"io/fs"
	"maps"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"motkraft/bot/problem"
)

// Place is the official code of a municipality (0114 to 2584) or a county (1 to 25); 0 is not said.
// Source: SCB, "Län och kommuner i kodnummerordning".
type Place uint16

// firstMunicipality parts the counties' codes from the municipalities'.
const firstMunicipality Place = 100

// Elsewhere is a place that a question does not list: none of the services asked about is there. It answers that one question only.
const Elsewhere Place = 0xFFFF

// County gives the county in which a place lies: a county is its own.
func (p Place) County() Place {
	if p >= firstMunicipality {
		return p / 100
	}
	return p
}

// IsCounty reports whether the place is a whole county.
func (p Place) IsCounty() bool { return p > 0 && p < firstMunicipality }

// IsMunicipality reports whether the place is a municipality.
func (p Place) IsMunicipality() bool { return p >= firstMunicipality && p != Elsewhere }

// Places are the counties and municipalities of Sweden and the names by which people call them.
type Places struct {
	Counties []Place // by code

	// Called are the names that are understood, as typed words, in the order in which they take precedence.
	Called []Called

	municipalities map[Place][]Place // by county, by code
	names          map[Place]string
	byRaw          map[string]Place // in lower case: Håbo and Habo are two
	byFold         map[string]Place // without diacritics too
	after          map[string]bool
	everyday       map[Place]bool
	longest        int // words in the longest name
}

// Called is a name of a place, as it is written. The first one of each place is its official name.
type Called struct {
	Name string
	At   Place
}

// sort puts places into the order of the alphabet, as lists of names in Sweden have it: å, ä and ö come last.
func (p *Places) sort(places []Place) {
	slices.SortFunc(places, func(a, b Place) int {
		return strings.Compare(alphabetical.Replace(p.names[a]), alphabetical.Replace(p.names[b]))
	})
}

// alphabetical writes a name so that its bytes are in the alphabet's order.
var alphabetical = strings.NewReplacer("Å", "{", "å", "{", "Ä", "|", "ä", "|", "Ö", "}", "ö", "}", "é", "e", "A", "a")

// After gives the words that may follow a name and change nothing, without diacritics.
func (p *Places) After() []string { return slices.Sorted(maps.Keys(p.after)) }

// Everyday gives the places whose name is an everyday word too, by code.
func (p *Places) Everyday() []Place { return slices.Sorted(maps.Keys(p.everyday)) }

// Municipalities gives those of a county, by code.
func (p *Places) Municipalities(county Place) []Place { return p.municipalities[county] }

// Name gives the official Swedish name, "" for a place that there is not.
func (p *Places) Name(at Place) string { return p.names[at] }

// Has reports whether there is such a place.
func (p *Places) Has(at Place) bool { return p.names[at] != "" }

// All gives every county and municipality, by code.
func (p *Places) All() []Place { return slices.Sorted(maps.Keys(p.names)) }

// Names gives the official names, in no order.
func (p *Places) Names() []string { return slices.Collect(maps.Values(p.names)) }

// Named gives the place that a few words name, whole: "malmo", "GÖTEBORGS STAD", "Upplands-Bro kommun".
func (p *Places) Named(words []Word) (Place, bool) {
	for len(words) > 0 {
		if at, ok := p.byRaw[joined(words, raw)]; ok {
			return at, true
		}
		if at, ok := p.byFold[joined(words, folded)]; ok {
			return at, true
		}
		last := len(words) - 1
		if !p.after[words[last].Fold] {
			return 0, false
		}
		words = words[:last]
		// "Göteborgs stad", "Umeås kommun": the genitive belongs to the word that went.
		if n := len(words); n > 0 {
			words = slices.Clone(words)
			if _, ok := p.byFold[joined(words, folded)]; !ok {
				words[n-1].Raw = strings.TrimSuffix(words[n-1].Raw, "s")
				words[n-1].Fold = strings.TrimSuffix(words[n-1].Fold, "s")
			}
		}
	}
	return 0, false
}

// minMisspelt is how many letters a name must have to be known with one wrong.
const minMisspelt = 7

// Like gives the place whose name a few words are, whole, with one letter wrong: "Jönköpping". Two such places are none.
func (p *Places) Like(words []Word) (Place, bool) {
	typed := []rune(joined(words, folded))
	var found Place
	for name, at := range p.byFold {
		if letters := []rune(name); len(letters) < minMisspelt || len(typed) == 0 || letters[0] != typed[0] || !Misspelt(letters, typed) {
			continue
		}
		if found != 0 && found != at {
			return 0, false
		}
		found = at
	}
	return found, found != 0
}

// Within finds the place that a sentence names: after a word such as "in" any name counts; elsewhere only one that is no everyday
// word and has five letters or more. Leads are the words such as "in", without diacritics.
func (p *Places) Within(words []Word, leads map[string]bool) (Place, bool) {
	for i := range words {
		for n := min(p.longest+1, len(words)-i); n > 0; n-- {
			span := words[i : i+n]
			at, ok := p.Named(span)
			if !ok {
				continue
			}
			led := i > 0 && leads[words[i-1].Fold]
			if led || p.after[span[n-1].Fold] || !p.everyday[at] && len([]rune(span[0].Raw)) >= 5 {
				return at, true
			}
		}
	}
	return 0, false
}

const (
	rulePlace problem.Rule = "place"
)

// loadPlaces reads places.yaml.
func loadPlaces(fsys fs.FS, problems *problem.List) *Places {
	const name = "places.yaml"
	r := &reader{problem.Reader{File: folder + name, Problems: problems}}
	p := &Places{
		municipalities: map[Place][]Place{},
		names:          map[Place]string{},
		byRaw:          map[string]Place{},
		byFold:         map[string]Place{},
		after:          map[string]bool{},
		everyday:       map[Place]bool{},
	}
	doc := r.Document(fsys, name)
	if doc == nil {
		return p
	}
	var aliases, everyday []*yaml.Node
	r.Fields(doc, "the places", map[string]problem.Field{
		"counties": {Required: true, Read: func(n *yaml.Node) {
			r.Pairs(n, "the counties", func(key, value *yaml.Node) { p.readCounty(r, key, value) })
		}},
		"after": {Required: true, Read: func(n *yaml.Node) {
			r.Items(n, "after", func(n *yaml.Node) {
				var word string
				if r.Text(n, "a word", &word) {
					p.after[fold(strings.ToLower(word))] = true
				}
			})
		}},
		"aliases": {Read: func(n *yaml.Node) {
			r.Pairs(n, "the aliases", func(key, value *yaml.Node) { aliases = append(aliases, key, value) })
		}},
		"everyday": {Read: func(n *yaml.Node) {
			r.Items(n, "everyday", func(n *yaml.Node) { everyday = append(everyday, n) })
		}},
	})
	slices.Sort(p.Counties)
	p.name()
	for i := 0; i < len(aliases); i += 2 {
		if at, ok := r.place(aliases[i+1], p); ok {
			p.call(aliases[i].Value, at)
		}
	}
	for _, n := range everyday {
		if at, ok := r.place(n, p); ok {
			p.everyday[at] = true
		}
	}
	return p
}

func (p *Places) readCounty(r *reader, key, value *yaml.Node) {
	county, ok := code(key.Value)
	if !ok || !county.IsCounty() {
		r.Problems.Add(r.Pos(key), rulePlace, "%q, expected a county's code of two digits, quoted", key.Value)
		return
	}
	r.Fields(value, "a county", map[string]problem.Field{
		"name": {Required: true, Read: func(n *yaml.Node) {
			var name string
			if r.Text(n, "a county's name", &name) {
				p.names[county] = name
				p.Counties = append(p.Counties, county)
			}
		}},
		"municipalities": {Required: true, Read: func(n *yaml.Node) {
			r.Pairs(n, "the municipalities", func(key, value *yaml.Node) {
				at, ok := code(key.Value)
				if !ok || at.IsCounty() || at.County() != county {
					r.Problems.Add(r.Pos(key), rulePlace, "%q, expected a municipality's code of four digits, quoted, that begins with %02d", key.Value, county)
					return
				}
				var name string
				if r.Text(value, "a municipality's name", &name) {
					p.names[at] = name
					p.municipalities[county] = append(p.municipalities[county], at)
				}
			})
		}},
	})
	slices.Sort(p.municipalities[county])
}

// name makes every official name findable. Municipalities come first: "Jönköping" is the town before it is the county.
func (p *Places) name() {
	for _, county := range p.Counties {
		for _, at := range p.municipalities[county] {
			p.call(p.names[at], at)
		}
	}
	for _, county := range p.Counties {
		full := p.names[county]
		p.call(full, county)
		p.call(strings.TrimSuffix(strings.TrimSuffix(full, " län"), "s"), county)
	}
}

// call gives a place one more name, unless another place has it.
func (p *Places) call(name string, at Place) {
	words := Words(name)
	p.longest = max(p.longest, len(words))
	p.Called = append(p.Called, Called{name, at})
	if _, ok := p.byRaw[joined(words, raw)]; !ok {
		p.byRaw[joined(words, raw)] = at
	}
	if _, ok := p.byFold[joined(words, folded)]; !ok {
		p.byFold[joined(words, folded)] = at
	}
}

// place reads a reference to a place that there is.
func (r *reader) place(n *yaml.Node, places *Places) (Place, bool) {
	at, ok := code(n.Value)
	if n.Kind != yaml.ScalarNode || !ok || !places.Has(at) {
		r.Problems.Add(r.Pos(n), rulePlace, "%s, expected the quoted code of a county or municipality in places.yaml", problem.Describe(n))
		return 0, false
	}
	return at, true
}

// code reads an official code of two or four digits.
func code(s string) (Place, bool) {
	n, err := strconv.ParseUint(s, 10, 16)
	if err != nil || len(s) != 2 && len(s) != 4 {
		return 0, false
	}
	at := Place(n)
	if at == 0 || at.IsCounty() != (len(s) == 2) {
		return 0, false
	}
	return at, true
}
