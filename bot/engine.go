package bot

import (
	"cmp"
	"slices"
	"time"

	"motkraft/flows"
	"motkraft/locales"
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
	none            label // what it says where nobody near is known
	ways            []way
	acute, contacts *route
	ask             *route // where the place question leads
	find            *route // where the button that finds somebody near leads; nil: there is none
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
	labelFind
	labelElsewhere
	labelElsewhereCounty
	labelUnsaid
	labelMunicipality
	labelNone
	labelEmergency
	labelNear
	labelUnsure
	labelOpen
	labelLater

	ownLabels // how many they are
)

func newEngine(set *flows.Set, catalog *locales.Catalog) *engine {
	e := &engine{set: set, routes: map[flows.Ref]*route{}, labels: make([]string, ownLabels)}
	for _, w := range ownWords {
		if w.label != 0 {
			e.labels[w.label] = w.Key
		}
	}
	for _, lang := range catalog.Languages() {
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
		if r.none = labelNone; catalog.Has(catalog.Default(), noneKey(r.node.ID)) {
			r.none = add(noneKey(r.node.ID))
		}
		r.acute, r.contacts = to(r.node.Acute), to(r.node.Contacts)
		if r.node.Ask != nil {
			r.ask = to(r.node.Ask.To)
		}
		if r.node.Find != nil {
			r.find = to(r.node.Find.ID)
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
	none    label // said behind the text; 0: nothing is
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

// offer is a ranked search result: a service as it stands at the moment.
type offer struct {
	service *flows.Service
	rank    rank
	open    bool           // one of its contacts answers now
	status  []flows.Status // of each contact, where the service has a schedule
}

// rank is the group in which an offer stands on the screen. The groups come in this order, each with its heading; in a group the
// directory's order counts, which has specialists before lines for everybody.
type rank uint8

const (
	emergency rank = iota // the emergency number, where others would come before it
	near                  // made for this and for the person's place, whether they answer now or not
	answering             // for all of the country, and they answer now
	later
)

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
		if n.Refer.Near && knows(here) && !slices.ContainsFunc(s.offers, offer.near) {
			s.none = r.none
		}
	}
	for _, w := range r.ways {
		choices = append(choices, newChoice(Option, w.label, here, e.step(here.State, w.to).State))
	}
	if r.find != nil {
		choices = append(choices, newChoice(Option, labelFind, here, e.step(here.State, r.find).State))
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
	if st.Place != 0 && st.Place != flows.Elsewhere && !e.set.Places.Has(st.Place) {
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

// toward is where a recognized intent leads. With a place, whoever names no more than a flow, which is its first screen, comes at once to what
// is there.
func (e *engine) toward(st State, heard heard) spot {
	to := e.routes[heard.node.Ref()]
	if near := to.node.Near; heard.place != 0 && near != nil && e.isFirst(to) {
		to = e.routes[near.Ref]
	}
	return e.step(st, to)
}

// isFirst reports whether a node is one that the first screen leads to.
func (e *engine) isFirst(r *route) bool {
	return slices.ContainsFunc(e.welcome.ways, func(w way) bool { return w.to == r })
}

// toPlace is where a place leads by itself: on to what is there, wherever the screen offers that.
func (e *engine) toPlace(here spot) spot {
	if near := here.at.node.Near; near != nil {
		return e.step(here.State, e.routes[near.Ref])
	}
	return here
}

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
	other := here.State
	if here.Place != 0 {
		text, elsewhere = labelMunicipality, labelElsewhereCounty
	} else {
		other.Place = flows.Elsewhere
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
		newChoice(Option, elsewhere, here, e.step(other, r.ask).State),
		newChoice(Option, labelUnsaid, here, e.step(unsaid, r.ask).State)), text
}

// standing adds the buttons that stand on every screen: acute help, contacts now, back, start over, the other languages, clear.
// Acute help and clear are always there; a button that would lead to where one is is not, and acute help itself, where each button is one too many, is
// left by going back.
func (e *engine) standing(choices []choice, here spot) []choice {
	r := here.at
	choices = append(choices, newChoice(Standing, labelAcute, here, e.step(here.State, r.acute).State))
	if r.contacts != r && r.contacts != r.acute {
		choices = append(choices, newChoice(Standing, labelContacts, here, e.step(here.State, r.contacts).State))
	}
	if r != e.welcome && r != e.cleared {
		choices = append(choices, newChoice(Standing, labelBack, here, e.back(here).State))
	}
	if r != e.welcome && r != r.acute {
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

// offers ranks the services of a referral.
func offers(services []*flows.Service, now time.Time) []offer {
	out := make([]offer, len(services))
	hasNear := slices.ContainsFunc(services, (*flows.Service).Local)
	for i, s := range services {
		o := offer{service: s, rank: later, open: s.AnswersAlways()}
		if s.Timed {
			o.status = make([]flows.Status, len(s.Contacts))
			for i := range s.Contacts {
				o.status[i] = s.Contacts[i].Hours.At(now)
				o.open = o.open || o.status[i].Open
			}
		}
		switch {
		case s.Local():
			o.rank = near
		case s.Emergency && hasNear:
			o.rank = emergency
		case o.open:
			o.rank = answering
		}
		out[i] = o
	}
	slices.SortStableFunc(out, func(a, b offer) int { return cmp.Compare(a.rank, b.rank) })
	return out
}

// near reports whether the offer is one for the person's place.
func (o offer) near() bool { return o.rank == near }

// knows reports whether a spot's place says whether somebody is near: the answer to the referral's own question, or a municipality. A county
// that was said for something else does not: one of its towns may have what the whole of it has not.
func knows(here spot) bool {
	return here.Place.IsMunicipality() || here.Place != 0 && here.at.node.Change != nil
}
