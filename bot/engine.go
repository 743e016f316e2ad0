package bot

import (
	"time"

	"motkraft/flows"
)

// Engine walks the tree. It is pure: the same State at the same moment gives the same Screen.
type Engine struct {
	set   *flows.Set
	langs []string
}

// Screen is what a State looks like, still without words.
type Screen struct {
	State    State // where this is: a State of an older release is led to what is left of it
	Node     *flows.Node
	Message  string // the key of the text
	Offers   []Offer
	Choices  []Choice // the screen's own
	Standing []Choice // the same on every screen, in the same order
	Clear    bool
}

// Choice is one button that leads on. Its label is a message, or a place's name.
type Choice struct {
	Message string
	Place   flows.Place // names the label where Message is empty
	Lang    string      // the language the label is in; empty: the screen's
	To      State
}

// Offer is a service as it stands at the moment: who can be reached now comes first.
type Offer struct {
	Service *flows.Service
	Open    bool
	Status  []flows.Status // of each contact
}

// First is where everybody begins.
func (e *Engine) First(lang string) State {
	return State{Node: flows.Welcome.Ref()}.in(lang)
}

// Show gives a State's screen. Every State has one: what is gone is led back along the trail, in the end to the first screen.
func (e *Engine) Show(st State, now time.Time) Screen {
	st = e.settle(st)
	n := e.set.ByRef(st.Node)
	s := Screen{State: st, Node: n, Message: string(n.ID), Clear: n.ID == flows.Cleared}
	switch {
	case n.Ask != nil:
		s.Message, s.Choices = e.ask(st, n)
	case n.Refer != nil:
		s.Offers = offers(n.Refer.At(st.Place), now)
	}
	for _, o := range n.Options {
		s.Choices = append(s.Choices, Choice{Message: string(n.ID) + "." + o.ID, To: e.step(st, o.To)})
	}
	if n.Change != nil {
		to := st.forward(n.Change.Ref)
		to.Place = 0
		s.Choices = append(s.Choices, Choice{Message: keyPlace, To: to})
	}
	s.Standing = e.standing(st, n)
	return s
}

// settle leads a State to what this release has.
func (e *Engine) settle(st State) State {
	if !e.speaks(string(st.Lang[:])) {
		st = st.in(e.langs[0])
	}
	if !e.set.Places.Has(st.Place) {
		st.Place = 0
	}
	for e.set.ByRef(st.Node) == nil {
		if st.Trail == ([4]flows.Ref{}) {
			st.Node = flows.Welcome.Ref()
			break
		}
		st = st.back()
	}
	return st
}

func (e *Engine) speaks(lang string) bool {
	for _, l := range e.langs {
		if l == lang {
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
func (e *Engine) restart(st State) State { return e.First(string(st.Lang[:])) }

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
func (e *Engine) ask(st State, n *flows.Node) (message string, choices []Choice) {
	message, elsewhere := string(n.ID), keyElsewhere
	places := n.Ask.Choices(st.Place)
	if len(places) == 0 { // the place is known already: asked for again
		st.Place, places = 0, n.Ask.Choices(0)
	}
	if st.Place != 0 {
		message, elsewhere = keyMunicipality, keyElsewhereCounty
	}
	for _, at := range places {
		to := st
		to.Place = at
		if n.Ask.Decided(at) {
			to = e.step(to, n.Ask.To)
		}
		choices = append(choices, Choice{Place: at, To: to})
	}
	unsaid := st
	unsaid.Place = 0
	return message, append(choices,
		Choice{Message: elsewhere, To: e.step(st, n.Ask.To)},
		Choice{Message: keyUnsaid, To: e.step(unsaid, n.Ask.To)})
}

// standing are the buttons that stand on every screen: acute help, contacts now, back, start over, the other languages, clear.
// Acute help and clear are always there; a button that would lead to where one is is not.
func (e *Engine) standing(st State, n *flows.Node) []Choice {
	lang := string(st.Lang[:])
	out := make([]Choice, 0, 4+len(e.langs))
	out = append(out, Choice{Message: keyAcute, To: e.step(st, n.Acute)})
	if n.Contacts != n.ID && n.Contacts != n.Acute {
		out = append(out, Choice{Message: keyContacts, To: e.step(st, n.Contacts)})
	}
	if n.ID != flows.Welcome {
		if n.ID != flows.Cleared {
			out = append(out, Choice{Message: keyBack, To: e.backFrom(st, n)})
		}
		out = append(out, Choice{Message: keyStart, To: e.restart(st)})
	}
	for _, other := range e.langs {
		if other != lang {
			out = append(out, Choice{Message: keyLanguage, Lang: other, To: st.in(other)})
		}
	}
	return append(out, Choice{Message: keyClear, To: State{Lang: st.Lang, Node: flows.Cleared.Ref()}})
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
	out := make([]Offer, 0, len(services))
	var later []Offer
	for _, s := range services {
		o := Offer{Service: s, Status: make([]flows.Status, len(s.Contacts))}
		for i := range s.Contacts {
			o.Status[i] = s.Contacts[i].Hours.At(now)
			o.Open = o.Open || o.Status[i].Open
		}
		if o.Open {
			out = append(out, o)
		} else {
			later = append(later, o)
		}
	}
	return append(out, later...)
}
