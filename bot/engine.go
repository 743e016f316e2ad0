package bot

import (
	"slices"
	"time"

	"motkraft/flows"
)

// Engine walks the tree. It is pure: the same State at the same moment gives the same Screen.
type Engine struct {
	set     *flows.Set
	codes   [][2]byte // of langs, as a State has them
	routes  map[flows.Ref]*route
	labels  []string // the key of each label
	welcome *route
	cleared *route
}

// route is a node with everything looked up that a press would have to.
type route struct {
	node            *flows.Node
	ways            []way
	acute, contacts *route
	ask             *route // where the place question leads
}

// way is an option.
type way struct {
	label label
	to    *route
}

// label is a button's label before it is in words: a place in Engine.labels.
type label int32

// The labels that belong to no node.
const (
	labelPlaceName label = iota // the place's own name
	labelAcute
	labelContacts
	labelBack
	labelStart
	labelLanguage
	labelClear
	labelPlace
	labelElsewhere
	labelElsewhereCounty
	labelUnsaid
)

func newEngine(set *flows.Set, langs []string) *Engine {
	e := &Engine{set: set, routes: map[flows.Ref]*route{}, labels: make([]string, labelUnsaid+1)}
	for _, w := range ownWords {
		if w.label != 0 {
			e.labels[w.label] = w.Key
		}
	}
	for _, lang := range langs {
		e.codes = append(e.codes, State{}.in(lang).Lang)
	}
	for _, n := range set.Nodes {
		e.routes[n.Ref] = &route{node: n}
	}
	to := func(id flows.ID) *route { return e.routes[id.Ref()] }
	for _, r := range e.routes {
		r.acute, r.contacts = to(r.node.Acute), to(r.node.Contacts)
		if r.node.Ask != nil {
			r.ask = to(r.node.Ask.To)
		}
		for _, o := range r.node.Options {
			r.ways = append(r.ways, way{label: label(len(e.labels)), to: to(o.To)}) // #nosec G115 -- there are some hundred labels
			e.labels = append(e.labels, o.Message)
		}
	}
	e.welcome, e.cleared = to(flows.Welcome), to(flows.Cleared)
	return e
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

// Choice is one button that leads on.
type Choice struct {
	To    State
	Label label
	Place flows.Place // whose name the label is, for labelPlaceName
	Lang  [2]byte     // the language the label is in
	Kind  Kind
}

// Offer is a service as it stands at the moment: who can be reached now comes first.
type Offer struct {
	Service *flows.Service
	Open    bool
	Status  []flows.Status // of each contact, where the service has a schedule
}

// First is where everybody begins.
func (e *Engine) First(lang string) State { return e.restart(State{}.in(lang)) }

// restart is the first screen again, with the language kept and the way forgotten.
func (e *Engine) restart(st State) State {
	return State{Lang: st.Lang, Node: e.welcome.node.Ref, Counted: st.Counted}
}

// Show gives a State's screen. Every State has one: what is gone is led back along the trail, in the end to the first screen.
func (e *Engine) Show(st State, now time.Time) Screen { return e.show(st, now, nil) }

// show is Show with room for the choices, which a press has on its stack.
func (e *Engine) show(st State, now time.Time, room []Choice) Screen {
	st, r := e.find(st)
	n := r.node
	s := Screen{State: st, Node: n, Message: string(n.ID), Clear: r == e.cleared}
	choices := room
	switch {
	case r.ask != nil:
		choices, s.Message = e.ask(choices, st, r)
	case n.Refer != nil:
		s.Offers = offers(n.Refer.At(st.Place), now)
	}
	for _, w := range r.ways {
		choices = append(choices, choice(Option, w.label, st, e.step(st, w.to)))
	}
	if n.Change != nil {
		to := st.forward(n.Change.Ref)
		to.Place = 0
		choices = append(choices, choice(Option, labelPlace, st, to))
	}
	s.Choices = e.standing(choices, st, r)
	return s
}

// choice is a button on the screen of a State.
func choice(kind Kind, label label, on, to State) Choice {
	return Choice{To: to, Label: label, Lang: on.Lang, Kind: kind}
}

// find leads a State to what this release has, and gives its node's route.
func (e *Engine) find(st State) (State, *route) {
	if !slices.Contains(e.codes, st.Lang) {
		st.Lang = e.codes[0]
	}
	if st.Place != 0 && !e.set.Places.Has(st.Place) {
		st.Place = 0
	}
	for {
		if r := e.routes[st.Node]; r != nil {
			return st, r
		}
		if st.Trail == ([4]flows.Ref{}) {
			st.Node = e.welcome.node.Ref
			return st, e.welcome
		}
		st = st.back()
	}
}

// step is where an option leads. A place question whose answer is known is passed over.
func (e *Engine) step(st State, to *route) State {
	for to.ask != nil && to.node.Ask.Decided(st.Place) {
		to = to.ask
	}
	if to == e.welcome {
		return e.restart(st)
	}
	return st.forward(to.node.Ref)
}

// enter is step by a node's name, for what is typed and for doors.
func (e *Engine) enter(st State, id flows.ID) State { return e.step(st, e.routes[id.Ref()]) }

// back is the node before. Whoever comes back to a place question wants to answer it anew; from a county's municipalities it is the
// counties.
func (e *Engine) back(st State, r *route) State {
	if r.ask != nil && st.Place != 0 && len(r.node.Ask.Choices(st.Place)) > 0 {
		st.Place = 0
		return st
	}
	st, r = e.find(st.back())
	if r.ask != nil {
		st.Place = 0
	}
	return st
}

// ask lists the places to choose from, then "elsewhere" and "rather not say". It gives the question's key too.
func (e *Engine) ask(choices []Choice, st State, r *route) ([]Choice, string) {
	ask, message, elsewhere := r.node.Ask, string(r.node.ID), labelElsewhere
	places := ask.Choices(st.Place)
	if len(places) == 0 { // the place is known already: asked for again
		st.Place, places = 0, ask.Choices(0)
	}
	if st.Place != 0 {
		message, elsewhere = keyMunicipality, labelElsewhereCounty
	}
	for _, at := range places {
		to := st
		to.Place = at
		if ask.Decided(at) {
			to = e.step(to, r.ask)
		}
		choices = append(choices, Choice{To: to, Label: labelPlaceName, Place: at, Lang: st.Lang, Kind: Option})
	}
	unsaid := st
	unsaid.Place = 0
	return append(choices,
		choice(Option, elsewhere, st, e.step(st, r.ask)),
		choice(Option, labelUnsaid, st, e.step(unsaid, r.ask))), message
}

// standing adds the buttons that stand on every screen: acute help, contacts now, back, start over, the other languages, clear.
// Acute help and clear are always there; a button that would lead to where one is is not.
func (e *Engine) standing(choices []Choice, st State, r *route) []Choice {
	choices = append(choices, choice(Standing, labelAcute, st, e.step(st, r.acute)))
	if r.contacts != r && r.contacts != r.acute {
		choices = append(choices, choice(Standing, labelContacts, st, e.step(st, r.contacts)))
	}
	if r != e.welcome && r != e.cleared {
		choices = append(choices, choice(Standing, labelBack, st, e.back(st, r)))
	}
	if r != e.welcome {
		choices = append(choices, choice(Standing, labelStart, st, e.restart(st)))
	}
	for _, other := range e.codes {
		if to := st; other != st.Lang {
			to.Lang = other
			choices = append(choices, choice(Standing, labelLanguage, to, to))
		}
	}
	return append(choices, choice(Standing, labelClear, st, e.clear(st)))
}

// clear is the neutral screen, from which no way leads back. What comes after it is another conversation.
func (e *Engine) clear(st State) State { return State{Lang: st.Lang, Node: e.cleared.node.Ref} }

// offers puts who answers now first, and keeps the order otherwise.
func offers(services []*flows.Service, now time.Time) []Offer {
	out := make([]Offer, len(services))
	first, last := 0, len(out) // the open ones from the front, the others from behind
	for _, s := range services {
		o := Offer{Service: s, Open: s.AnswersAlways()}
		if s.Timed {
			o.Status = make([]flows.Status, len(s.Contacts))
			for i := range s.Contacts {
				o.Status[i] = s.Contacts[i].Hours.At(now)
				o.Open = o.Open || o.Status[i].Open
			}
		}
		if o.Open {
			out[first] = o
			first++
		} else {
			last--
			out[last] = o
		}
	}
	slices.Reverse(out[last:])
	return out
}
