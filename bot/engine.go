package bot

import (
	"slices"
	"time"

	"motkraft/flows"
)

// engine is the dialog engine: it walks the tree. It is pure: the same State at the same moment gives the same screen.
type engine struct {
	set     *flows.Set
	codes   [][2]byte // of langs, as a State has them
	routes  map[flows.Ref]*route
	labels  []string // the key of each
	welcome *route
	cleared *route
}

// route is a resolved node, with everything looked up that a press would have to.
type route struct {
	node            *flows.Node
	text            label // what it says
	ways            []way
	acute, contacts *route
	ask             *route // where the place question leads
}

// way is an edge of the tree: an option.
type way struct {
	label label
	to    *route
}

// label is a message's id: a button's label, or what a screen says, before it is in words. It is a place in engine.labels.
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
	labelMunicipality
	labelOpen
	labelLater
)

func newEngine(set *flows.Set, langs []string) *engine {
	e := &engine{set: set, routes: map[flows.Ref]*route{}, labels: make([]string, labelLater+1)}
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
	add := func(key string) label {
		e.labels = append(e.labels, key)
		return label(len(e.labels) - 1) // #nosec G115 -- there are some hundred labels
	}
	for _, r := range e.routes {
		r.text = add(string(r.node.ID))
		r.acute, r.contacts = to(r.node.Acute), to(r.node.Contacts)
		if r.node.Ask != nil {
			r.ask = to(r.node.Ask.To)
		}
		for _, o := range r.node.Options {
			r.ways = append(r.ways, way{label: add(o.Message), to: to(o.To)})
		}
	}
	e.welcome, e.cleared = to(flows.Welcome), to(flows.Cleared)
	return e
}

// spot is a resolved State: led to what this release has, with its node's route at hand. An update's State is resolved once, and
// the engine takes and gives spots from then on.
type spot struct {
	State
	at *route
}

// screen is a view model: what a spot looks like, still without words.
type screen struct {
	spot    spot
	text    label
	offers  []offer
	choices []choice // the screen's own, then those that stand on every screen, always in the same order
	clear   bool
}

// choice is a transition: one button that leads on.
type choice struct {
	to    State
	label label
	place flows.Place // whose name the label is, for labelPlaceName
	lang  [2]byte     // the language the label is in
	kind  Kind
}

// offer is a ranked search result: a service as it stands at the moment. Who can be reached now comes first.
type offer struct {
	service *flows.Service
	open    bool
	status  []flows.Status // of each contact, where the service has a schedule
}

// first is where everybody begins.
func (e *engine) first(lang string) spot { return e.restart(State{}.in(lang)) }

// restart is the first screen again, with the language kept and the way forgotten.
func (e *engine) restart(st State) spot {
	return spot{State{Lang: st.Lang, Node: e.welcome.node.Ref, Counted: st.Counted}, e.welcome}
}

// show gives a spot's screen, with room for the choices, which a press has on its stack.
func (e *engine) show(here spot, now time.Time, room []choice) screen {
	r := here.at
	n := r.node
	s := screen{spot: here, text: r.text, clear: r == e.cleared}
	choices := room
	switch {
	case r.ask != nil:
		choices, s.text = e.ask(choices, here)
	case n.Refer != nil:
		s.offers = offers(n.Refer.At(here.Place), now)
	}
	for _, w := range r.ways {
		choices = append(choices, newChoice(Option, w.label, here, e.step(here.State, w.to).State))
	}
	if n.Change != nil {
		to := here.forward(n.Change.Ref)
		to.Place = 0
		choices = append(choices, newChoice(Option, labelPlace, here, to))
	}
	s.choices = e.standing(choices, here)
	return s
}

// newChoice is a button on the screen of a spot.
func newChoice(kind Kind, label label, on spot, to State) choice {
	return choice{to: to, label: label, lang: on.Lang, kind: kind}
}

// resolve leads a State to what this release has: what is gone is led back along the trail, in the end to the first screen.
func (e *engine) resolve(st State) spot {
	if !slices.Contains(e.codes, st.Lang) {
		st.Lang = e.codes[0]
	}
	if st.Place != 0 && !e.set.Places.Has(st.Place) {
		st.Place = 0
	}
	for {
		if r := e.routes[st.Node]; r != nil {
			return spot{st, r}
		}
		if st.Trail == ([4]flows.Ref{}) {
			st.Node = e.welcome.node.Ref
			return spot{st, e.welcome}
		}
		st = st.back()
	}
}

// step is where an option leads. A place question whose answer is known is passed over.
func (e *engine) step(st State, to *route) spot {
	for to.ask != nil && to.node.Ask.Decided(st.Place) {
		to = to.ask
	}
	if to == e.welcome {
		return e.restart(st)
	}
	return spot{st.forward(to.node.Ref), to}
}

// enter is step by a node's name, for what is typed and for doors.
func (e *engine) enter(st State, id flows.ID) spot { return e.step(st, e.routes[id.Ref()]) }

// back is the node before. Whoever comes back to a place question wants to answer it anew; from a county's municipalities it is the
// counties.
func (e *engine) back(here spot) spot {
	if r := here.at; r.ask != nil && here.Place != 0 && len(r.node.Ask.Choices(here.Place)) > 0 {
		here.Place = 0
		return here
	}
	to := e.resolve(here.State.back())
	if to.at.ask != nil {
		to.Place = 0
	}
	return to
}

// ask lists the places to choose from, then "elsewhere" and "rather not say". It gives the question too.
func (e *engine) ask(choices []choice, here spot) ([]choice, label) {
	r := here.at
	ask, text, elsewhere := r.node.Ask, r.text, labelElsewhere
	places := ask.Choices(here.Place)
	if len(places) == 0 { // the place is known already: asked for again
		here.Place, places = 0, ask.Choices(0)
	}
	if here.Place != 0 {
		text, elsewhere = labelMunicipality, labelElsewhereCounty
	}
	for _, at := range places {
		to := here.State
		to.Place = at
		if ask.Decided(at) {
			to = e.step(to, r.ask).State
		}
		choices = append(choices, choice{to: to, label: labelPlaceName, place: at, lang: here.Lang, kind: Option})
	}
	unsaid := here.State
	unsaid.Place = 0
	return append(choices,
		newChoice(Option, elsewhere, here, e.step(here.State, r.ask).State),
		newChoice(Option, labelUnsaid, here, e.step(unsaid, r.ask).State)), text
}

// standing adds the buttons that stand on every screen: acute help, contacts now, back, start over, the other languages, clear.
// Acute help and clear are always there; a button that would lead to where one is is not.
func (e *engine) standing(choices []choice, here spot) []choice {
	r := here.at
	choices = append(choices, newChoice(Standing, labelAcute, here, e.step(here.State, r.acute).State))
	if r.contacts != r && r.contacts != r.acute {
		choices = append(choices, newChoice(Standing, labelContacts, here, e.step(here.State, r.contacts).State))
	}
	if r != e.welcome && r != e.cleared {
		choices = append(choices, newChoice(Standing, labelBack, here, e.back(here).State))
	}
	if r != e.welcome {
		choices = append(choices, newChoice(Standing, labelStart, here, e.restart(here.State).State))
	}
	for _, other := range e.codes {
		if other != here.Lang {
			to := here
			to.Lang = other
			choices = append(choices, newChoice(Standing, labelLanguage, to, to.State))
		}
	}
	return append(choices, newChoice(Standing, labelClear, here, e.clear(here.State).State))
}

// clear is the neutral screen, from which no way leads back. What comes after it is another conversation.
func (e *engine) clear(st State) spot {
	return spot{State{Lang: st.Lang, Node: e.cleared.node.Ref}, e.cleared}
}

// offers puts who answers now first, and keeps the order otherwise.
func offers(services []*flows.Service, now time.Time) []offer {
	out := make([]offer, len(services))
	first, last := 0, len(out) // the open ones from the front, the others from behind
	for _, s := range services {
		o := offer{service: s, open: s.AnswersAlways()}
		if s.Timed {
			o.status = make([]flows.Status, len(s.Contacts))
			for i := range s.Contacts {
				o.status[i] = s.Contacts[i].Hours.At(now)
				o.open = o.open || o.status[i].Open
			}
		}
		if o.open {
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
