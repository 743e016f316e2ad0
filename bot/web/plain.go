package web

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"regexp"
	"slices"
	"strconv"

	"golang.org/x/text/language"

	"motkraft/bot"
	"motkraft/flows"
)

// A step is a screen of the conversation as a plain page: what is there before the script is, and instead of it where there is none. It is the walker
// of package bot once more, with two things less. It cannot know what the time is, so that its services are not parted by who answers now. And it
// keeps a place only where that changes what the page shows, so that there are hundreds of pages and not tens of thousands.
//
// Its address names the node by its Ref: whoever sees a list of addresses reads no word in it.

// steps walks in one language.
type steps struct {
	book   *bot.Book
	leaves map[flows.Ref]flows.ID
}

func newSteps(book *bot.Book) steps {
	s := steps{book, map[flows.Ref]flows.ID{}}
	for id := range book.Nodes {
		s.leaves[id.Ref()] = id
	}
	return s
}

// spot is where a step is: a node, and a place where that changes what is shown.
type spot struct {
	Node  flows.ID
	Place flows.Place
}

// name is the file of a step: "s-4f2a1c.sv.html", with a place "s-4f2a1c-1480.sv.html".
func (s steps) name(at spot) string {
	ref := at.Node.Ref()
	if at.Place == 0 {
		return fmt.Sprintf("s-%x.%s.html", ref, s.book.Lang)
	}
	return fmt.Sprintf("s-%x-%d.%s.html", ref, at.Place, s.book.Lang)
}

var stepNames = regexp.MustCompile(`^s-([0-9a-f]{6})(?:-([1-9][0-9]{0,4}))?\.([a-z]+)\.html$`)

// spotOf reads a step's name, without its language. It reports false where there is no such step.
func (s steps) spotOf(ref, place string) (at spot, ok bool) {
	raw, err := hex.DecodeString(ref)
	if err != nil || len(raw) != len(flows.Ref{}) {
		return spot{}, false
	}
	if at.Node, ok = s.leaves[flows.Ref(raw)]; !ok {
		return spot{}, false
	}
	if place != "" {
		n, err := strconv.ParseUint(place, 10, 16)
		if err != nil {
			return spot{}, false
		}
		at.Place = flows.Place(n)
	}
	return at, at == s.kept(at)
}

// kept is a spot without a place that changes nothing there.
func (s steps) kept(at spot) spot {
	leaf := s.book.Nodes[at.Node]
	switch {
	case leaf.Ask != nil && leaf.Ask.Second[at.Place] != nil:
	case leaf.Ask == nil && at.Place != 0 && slices.ContainsFunc(leaf.Refer, func(i int) bool { return !s.book.Services[i].Everywhere() }):
	default:
		at.Place = 0
	}
	return at
}

// to is where an option leads from a place. A place question whose answer is known is passed over.
func (s steps) to(place flows.Place, id flows.ID) spot {
	for {
		ask := s.book.Nodes[id].Ask
		if ask == nil || place == 0 || place == flows.Elsewhere || ask.Second[place] != nil {
			return s.kept(spot{id, place})
		}
		id = ask.To
	}
}

// stepLink is a link to another step.
type stepLink struct{ Label, File, Lang string }

// stepGroup is a group of services under its heading.
type stepGroup struct {
	Name, Head, Note string
	Cards            []bot.Card
}

// step is a screen.
type step struct {
	At                   spot
	Lang, Dir            string
	Acute                stepLink
	Say, More            string
	Groups               []stepGroup
	Urgent, Calls        bool
	Options, AlwaysThere []stepLink
}

// see draws a spot.
func (s steps) see(at spot, others []steps) step {
	leaf := s.book.Nodes[at.Node]
	link := func(label string, to spot) stepLink { return stepLink{Label: label, File: s.name(to)} }
	words := s.book.Words
	out := step{At: at, Lang: s.book.Lang, Dir: direction(s.book.Lang), Say: leaf.Text, More: leaf.More, Urgent: leaf.Urgent}
	out.Acute = link(words["button.acute"], s.to(at.Place, leaf.Acute))
	if leaf.Ask != nil {
		out.Options, out.Say = s.places(at, leaf)
	}
	for _, o := range leaf.Options {
		out.Options = append(out.Options, link(o.Label, s.to(at.Place, o.To)))
	}
	if leaf.Find {
		out.Options = append(out.Options, link(words["button.find"], s.to(at.Place, leaf.Near)))
	}
	if leaf.Change != "" {
		out.Options = append(out.Options, link(words["button.place"], spot{Node: leaf.Change}))
	}
	out.Groups, out.Calls = s.offers(at, leaf)
	if leaf.Refer != nil && leaf.Near == at.Node && knows(at, leaf) && !slices.ContainsFunc(out.Groups, func(g stepGroup) bool { return g.Name == "near" }) {
		none := leaf.None
		if none == "" {
			none = words["referral.none"]
		}
		out.More = none + "\n\n" + out.More
	}
	if leaf.Contacts != at.Node && leaf.Contacts != leaf.Acute {
		out.AlwaysThere = append(out.AlwaysThere, link(words["button.contacts"], s.to(at.Place, leaf.Contacts)))
	}
	if at.Node != s.book.Welcome && at.Node != leaf.Acute {
		out.AlwaysThere = append(out.AlwaysThere, link(words["button.start"], spot{Node: s.book.Welcome}))
	}
	for _, other := range others {
		if other.book.Lang != s.book.Lang {
			out.AlwaysThere = append(out.AlwaysThere, stepLink{other.book.Words["button.language"], other.name(at), other.book.Lang})
		}
	}
	return out
}

// places are the choices of a place question, and the question.
func (s steps) places(at spot, leaf bot.Leaf) (out []stepLink, text string) {
	ask, words := leaf.Ask, s.book.Words
	places, elsewhere, other := ask.First, "button.elsewhere", flows.Elsewhere
	text = leaf.Text
	if second := ask.Second[at.Place]; second != nil {
		places, elsewhere, other = second, "button.elsewhere-county", at.Place
		text = words["place.municipality"]
	}
	for _, p := range places {
		to := spot{at.Node, p.Place}
		if ask.Second[p.Place] == nil {
			to = s.to(p.Place, ask.To)
		}
		out = append(out, stepLink{Label: p.Label, File: s.name(to)})
	}
	return append(out,
		stepLink{Label: words[elsewhere], File: s.name(s.kept(spot{ask.To, other}))},
		stepLink{Label: words["button.unsaid"], File: s.name(spot{Node: ask.To})}), text
}

// knows reports whether a place says whether somebody is near, as the walker does.
func knows(at spot, leaf bot.Leaf) bool {
	return at.Place != 0 && (leaf.Change != "" || at.Place.IsMunicipality())
}

// offers groups the services of a referral: who is near, who answers round the clock, the others; and reports whether any can be rung.
func (s steps) offers(at spot, leaf bot.Leaf) (out []stepGroup, calls bool) {
	by := map[string][]bot.Card{}
	var there []bot.Card
	for _, i := range leaf.Refer {
		if card := s.book.Services[i]; card.Covers(at.Place) {
			there = append(there, card)
		}
	}
	hasNear := slices.ContainsFunc(there, func(c bot.Card) bool { return c.Area != nil })
	sure := false
	for _, card := range there {
		always := slices.ContainsFunc(card.Contacts, func(c bot.CardContact) bool { return c.Hours != nil && c.Hours.Always })
		calls = calls || slices.ContainsFunc(card.Contacts, func(c bot.CardContact) bool { return c.Button != nil && c.Button.Phone != "" })
		group := "later"
		switch {
		case card.Area != nil:
			group, sure = "near", sure || always
		case card.Emergency && hasNear:
			group = "emergency"
		case always:
			group = "open"
		}
		by[group] = append(by[group], card)
	}
	for _, name := range []string{"emergency", "near", "open", "later"} {
		if cards := by[name]; cards != nil {
			g := stepGroup{Name: name, Head: s.book.Words["referral."+name], Cards: cards}
			if name == "near" && !sure && len(by["open"])+len(by["later"]) > 0 {
				g.Note = s.book.Words["referral.unsure"]
			}
			out = append(out, g)
		}
	}
	return out, calls
}

// all gives every step that links lead to from the first screen, with its name.
func (s steps) all() map[string]spot {
	out := map[string]spot{}
	queue := []spot{{Node: s.book.Welcome}}
	for len(queue) > 0 {
		at := queue[0]
		queue = queue[1:]
		if _, seen := out[s.name(at)]; seen {
			continue
		}
		out[s.name(at)] = at
		screen := s.see(at, nil)
		for _, link := range append(append(screen.Options, screen.AlwaysThere...), screen.Acute) {
			parts := stepNames.FindStringSubmatch(link.File)
			to, _ := s.spotOf(parts[1], parts[2])
			queue = append(queue, to)
		}
	}
	return out
}

// direction is that of a language's writing.
func direction(lang string) string {
	tag, err := language.Parse(lang)
	if err != nil {
		return "ltr"
	}
	switch script, _ := tag.Script(); script.String() {
	case "Arab", "Hebr", "Syrc", "Thaa", "Nkoo", "Adlm":
		return "rtl"
	}
	return "ltr"
}

// step gives a step's page by its name, made when it is asked for: nobody needs them all.
func (d *day) step(name string) (file, bool) {
	parts := stepNames.FindStringSubmatch(name)
	if parts == nil {
		return file{}, false
	}
	s, ok := d.steps[parts[3]]
	if !ok {
		return file{}, false
	}
	at, ok := s.spotOf(parts[1], parts[2])
	if !ok {
		return file{}, false
	}
	p := d.pages[parts[3]]
	p.Page, p.Step, p.Other = pageStep, s.see(at, p.walks), nil
	for _, other := range p.walks {
		if book := other.book; book != s.book {
			p.Other = append(p.Other, otherPage{Lang: book.Lang, Label: book.Words["button.language"], Name: other.name(at)})
		}
	}
	var html bytes.Buffer
	err := pageTemplates[pageIndex].ExecuteTemplate(&html, "frame", p)
	return newFile(kindPage, html.Bytes()), err == nil
}
