package bot

import (
	"time"

	"motkraft/flows"
)

// Engine walks the tree. It is pure: the same State at the same moment gives the same Screen.
type Engine struct {
	set   *flows.Set
	langs []string

	welcome, cleared flows.Ref
}

// standingButtons is how many buttons stand on every screen at most, besides the languages'.
const standingButtons = 5

func newEngine(set *flows.Set, langs []string) *Engine {
	return &Engine{set: set, langs: langs, welcome: flows.Welcome.Ref(), cleared: flows.Cleared.Ref()}
}

// Screen is what a State looks like, still without words.
type Screen struct {
	State   State // where this is: a State of an older release is led to what is left of it
	Node    *flows.Node
	Message string // the key of the text
	Offers  []Offer
	Choices []Choice // the screen's own, then those that stand on every screen, always in the same order
	Clear   bool
}

// Choice is one button that leads on. Its label is a message, or a place's name.
type Choice struct {
	Message string
	To      State
	Place   flows.Place // names the label where Message is empty
	Lang    [2]byte     // the language the label is in; zero: the screen's
	Kind    Kind
}

// Offer is a service as it stands at the moment: who can be reached now comes first.
type Offer struct {
	Service *flows.Service
	Open    bool
	Status  []flows.Status // of each contact
}

// First is where everybody begins.
func (e *Engine) First(lang string) State {
	return State{Node: e.welcome}.in(lang)
}

// Show gives a State's screen. Every State has one: what is gone is led back along the trail, in the end to the first screen.
func (e *Engine) Show(st State, now time.Time) Screen {
	st = e.settle(st)
	n := e.set.ByRef(st.Node)
	s := Screen{State: st, Node: n, Message: string(n.ID), Clear: n.ID == flows.Cleared}
	own := len(n.Options) + 1 // and "choose a place"
	if n.Ask != nil {
		own = flows.MaxPlaces
	}
	s.Choices = make([]Choice, 0, own+standingButtons+len(e.langs))
	switch {
	case n.Ask != nil:
		e.ask(&s)
	case n.Refer != nil:
		s.Offers = offers(n.Refer.At(st.Place), now)
	}
	for _, o := range n.Options {
		s.Choices = append(s.Choices, Choice{Kind: Option, Message: o.Message, To: e.step(st, o.To)})
	}
	if n.Change != nil {
		to := st.forward(n.Change.Ref)
		to.Place = 0
		s.Choices = append(s.Choices, Choice{Kind: Option, Message: keyPlace, To: to})
	}
	e.standing(&s)
	return s
}

// settle leads a State to what this release has.
func (e *Engine) settle(st State) State {
	if !e.speaks(st.Lang) {
		st = st.in(e.langs[0])
	}
	if st.Place != 0 && !e.set.Places.Has(st.Place) {
		st.Place = 0
	}
	for e.set.ByRef(st.Node) == nil {
		if st.Trail == ([4]flows.Ref{}) {
			st.Node = e.welcome
			break
		}
		st = st.back()
	}
	return st
}

func (e *Engine) speaks(lang [2]byte) bool {
	for _, l := range e.langs {
		if lang == [2]byte([]byte(l)) {
			return true
		}
	}
	return false
}

// step is where an option leads. A place question whose answer is known is passed over.
func (e *Engine) step(st State, to flows.ID) State {
	n := e.set.Node(to)
	for n.Ask != nil && n.Ask.Decided(st.Place) {
		n = e.set.Node(n.Ask.To)
	}
	if n.ID == flows.Welcome {
		return e.restart(st)
	}
	return st.forward(n.Ref)
}

// restart is the first screen again, with the language kept and the rest forgotten.
func (e *Engine) restart(st State) State { return State{Lang: st.Lang, Node: e.welcome} }

// back is the node before. Whoever comes back to a place question wants to answer it anew.
func (e *Engine) back(st State) State {
	place := st.Place
	st = st.back()
	if e.set.ByRef(st.Node) == nil {
		st = e.settle(st)
	}
	if n := e.set.ByRef(st.Node); n.Ask != nil {
		place = 0
	}
	st.Place = place
	return st
}

// ask lists the places to choose from, then "elsewhere" and "rather not say".
func (e *Engine) ask(s *Screen) {
	st, ask, elsewhere := s.State, s.Node.Ask, keyElsewhere
	places := ask.Choices(st.Place)
	if len(places) == 0 { // the place is known already: asked for again
		st.Place, places = 0, ask.Choices(0)
	}
	if st.Place != 0 {
		s.Message, elsewhere = keyMunicipality, keyElsewhereCounty
	}
	for _, at := range places {
		to := st
		to.Place = at
		if ask.Decided(at) {
			to = e.step(to, ask.To)
		}
		s.Choices = append(s.Choices, Choice{Kind: Option, Place: at, To: to})
	}
	unsaid := st
	unsaid.Place = 0
	s.Choices = append(s.Choices,
		Choice{Kind: Option, Message: elsewhere, To: e.step(st, ask.To)},
		Choice{Kind: Option, Message: keyUnsaid, To: e.step(unsaid, ask.To)})
}

// standing adds the buttons that stand on every screen: acute help, contacts now, back, start over, the other languages, clear.
// Acute help and clear are always there; a button that would lead to where one is is not.
func (e *Engine) standing(s *Screen) {
	st, n := s.State, s.Node
	var own [2]byte // the label is in the screen's language
	add := func(message string, lang [2]byte, to State) {
		s.Choices = append(s.Choices, Choice{Kind: Standing, Message: message, Lang: lang, To: to})
	}
	add(keyAcute, own, e.step(st, n.Acute))
	if n.Contacts != n.ID && n.Contacts != n.Acute {
		add(keyContacts, own, e.step(st, n.Contacts))
	}
	if n.ID != flows.Welcome {
		if n.ID != flows.Cleared {
			add(keyBack, own, e.backFrom(st, n))
		}
		add(keyStart, own, e.restart(st))
	}
	for _, other := range e.langs {
		if to := st.in(other); to.Lang != st.Lang {
			add(keyLanguage, to.Lang, to)
		}
	}
	add(keyClear, own, State{Lang: st.Lang, Node: e.cleared})
}

// backFrom is back; from a county's municipalities it is the counties.
func (e *Engine) backFrom(st State, n *flows.Node) State {
	if n.Ask != nil && st.Place != 0 && len(n.Ask.Choices(st.Place)) > 0 {
		st.Place = 0
		return st
	}
	return e.back(st)
}

// offers puts who answers now first, and keeps the order otherwise.
func offers(services []*flows.Service, now time.Time) []Offer {
	all := make([]Offer, len(services))
	out := make([]Offer, 0, len(services))
	for i, s := range services {
		all[i] = Offer{Service: s, Status: make([]flows.Status, len(s.Contacts))}
		for j := range s.Contacts {
			all[i].Status[j] = s.Contacts[j].Hours.At(now)
			all[i].Open = all[i].Open || all[i].Status[j].Open
		}
	}
	for _, open := range []bool{true, false} {
		for _, o := range all {
			if o.Open == open {
				out = append(out, o)
			}
		}
	}
	return out
}
