package flows_test

import (
	"slices"
	"strings"
	"testing"

	"motkraft/flows"
)

// asks gives the place questions.
func asks(t *testing.T, set *flows.Set) []*flows.Node {
	t.Helper()
	var out []*flows.Node
	for _, n := range set.Nodes {
		if n.Ask != nil {
			out = append(out, n)
		}
	}
	if len(out) == 0 {
		t.Fatal("no place question")
	}
	return out
}

// behind gives the referrals that somebody comes to after a place question. Those in another file do not count: they belong to another
// matter.
func behind(set *flows.Set, ask *flows.Node) []*flows.Refer {
	var out []*flows.Refer
	seen := map[flows.ID]bool{"": true}
	var walk func(flows.ID)
	walk = func(id flows.ID) {
		if seen[id] || id.Flow() != ask.ID.Flow() {
			return
		}
		seen[id] = true
		n := set.Node(id)
		if n.Refer != nil {
			out = append(out, n.Refer)
		}
		if n.Ask != nil {
			walk(n.Ask.To)
		}
		for _, o := range n.Options {
			walk(o.To)
		}
	}
	walk(ask.Ask.To)
	return out
}

// chosen gives where somebody from a place ends who takes the closest choice that each question offers, else "elsewhere".
func chosen(ask *flows.Ask, at flows.Place) flows.Place {
	first := ask.Choices(0)
	switch {
	case slices.Contains(first, at):
		return at
	case !slices.Contains(first, at.County()):
		return 0
	case slices.Contains(ask.Choices(at.County()), at):
		return at
	}
	return at.County()
}

// shown gives what referrals name at a place, one after another with a nil between them.
func shown(refers []*flows.Refer, at flows.Place) (out []*flows.Service) {
	for _, r := range refers {
		out = append(append(out, r.At(at)...), nil)
	}
	return out
}

// next gives what an answered question shows: its own referral, or the referrals that may follow it.
func next(set *flows.Set, ask *flows.Node) []*flows.Refer {
	if to := set.Node(ask.Ask.To); to.Refer != nil && to.Refer.Near {
		return []*flows.Refer{to.Refer}
	}
	return behind(set, ask)
}

// Whoever chooses from the list is shown what somebody is who types the name of the place. It is not asserted of the screens after that one: those
// who come there with a county alone may be shown less, and are asked anew where the screen has a question of its own.
func TestChoosingAPlaceLeadsToWhatTypingItDoes(t *testing.T) {
	set := embedded(t)
	for _, n := range asks(t, set) {
		refers := next(set, n)
		for _, at := range set.Places.All() {
			picked := chosen(n.Ask, at)
			if !slices.Equal(shown(refers, picked), shown(refers, at)) {
				t.Errorf("%s: %s: choosing from %s ends at %s, where other services are shown", n.Ask.Pos, n.ID, set.Places.Name(at), set.Places.Name(picked))
			}
		}
	}
}

// Nobody is asked for more than is needed: each choice changes something against the one that is taken without it. Each is among the
// places with which every screen is drawn before the doors open.
func TestEveryPlaceThatIsListedChangesSomething(t *testing.T) {
	set := embedded(t)
	for _, n := range asks(t, set) {
		refers := behind(set, n)
		if len(n.Ask.Choices(0)) == 0 {
			t.Errorf("%s: %s lists no places", n.Ask.Pos, n.ID)
		}
		for _, at := range n.Ask.Choices(0) {
			for _, listed := range append([]flows.Place{at}, n.Ask.Choices(at)...) {
				if !slices.Contains(set.Distinct(), listed) {
					t.Errorf("%s: %s lists %s, which is not distinct", n.Ask.Pos, n.ID, set.Places.Name(listed))
				}
			}
			changes := !slices.Equal(shown(refers, at), shown(refers, 0))
			if !changes && len(n.Ask.Choices(at)) == 0 {
				t.Errorf("%s: %s lists %s, where the same is shown as elsewhere", n.Ask.Pos, n.ID, set.Places.Name(at))
			}
			for _, in := range n.Ask.Choices(at) {
				refers := next(set, n)
				if slices.Equal(shown(refers, at), shown(refers, 0)) { // listed for what follows alone
					refers = behind(set, n)
				}
				if slices.Equal(shown(refers, in), shown(refers, at)) {
					t.Errorf("%s: %s lists %s, where the same is shown as in %s", n.Ask.Pos, n.ID, set.Places.Name(in), set.Places.Name(at))
				}
			}
		}
	}
}

// The choices follow from the area of the one local service of the good content, in the order of their names: Gotland, Lund, Malmö, Stockholms län,
// Upplands Väsby.
func TestChoicesFollowFromAreas(t *testing.T) {
	for area, want := range map[string]struct{ first, skane []flows.Place }{
		`"12"`:                   {[]flows.Place{12}, nil},
		`"1280"`:                 {[]flows.Place{1280}, nil},                     // the only one in its county: no second question
		`"1280", "1281"`:         {[]flows.Place{12}, []flows.Place{1281, 1280}}, // the county alone changes nothing, and parts them
		`"12", "1280"`:           {[]flows.Place{12}, nil},                       // within a county that is covered nothing differs
		`"01", "1280"`:           {[]flows.Place{1280, 1}, nil},
		`"0980", "0114", "1281"`: {[]flows.Place{980, 1281, 114}, nil},
	} {
		content := good(t)
		content["services.yaml"].Data = []byte(strings.Replace(string(content["services.yaml"].Data), `["1280"]`, "["+area+"]", 1))
		set, problems := flows.Load(content)
		if len(problems) > 0 {
			t.Fatal(problems)
		}
		ask := set.Node("help/place").Ask
		if first, second := ask.Choices(0), ask.Choices(12); !slices.Equal(first, want.first) || !slices.Equal(second, want.skane) {
			t.Errorf("%s: choices %v, in Skåne %v, expected %v and %v", area, first, second, want.first, want.skane)
		}
		for _, listed := range append(slices.Clone(want.first), want.skane...) {
			if !slices.Contains(set.Distinct(), listed) {
				t.Errorf("%s: %s is listed, and not among the distinct places %v", area, set.Places.Name(listed), set.Distinct())
			}
		}
	}
}

// A place is decided where nothing more is to be asked: never where none was said, and not in a county whose municipalities differ.
func TestWhenAPlaceIsDecided(t *testing.T) {
	set := embedded(t)
	for _, n := range asks(t, set) {
		if n.Ask.Decided(0) || n.Ask.Decided(flows.Elsewhere) {
			t.Errorf("%s is decided without a place that is known", n.ID)
		}
		for _, at := range set.Places.All() {
			if want := !at.IsCounty() || len(n.Ask.Choices(at)) == 0; n.Ask.Decided(at) != want {
				t.Errorf("%s is decided in %s: %t, expected %t", n.ID, set.Places.Name(at), !want, want)
			}
		}
	}
}

// A referral behind a place question can be asked again; one that no question leads to cannot.
func TestTheQuestionWithWhichAPlaceIsChanged(t *testing.T) {
	set := embedded(t)
	for _, n := range referrals(t, set) {
		var want []flows.ID
		for _, a := range asks(t, set) {
			if a.Ask.To == n.ID && n.Refer.Near {
				want = append(want, a.ID)
			}
		}
		switch {
		case n.Change == nil && len(want) > 0:
			t.Errorf("%s has no question to change its place with, expected one of %v", n.ID, want)
		case n.Change != nil && !slices.Contains(want, n.Change.ID):
			t.Errorf("%s changes its place with %s, expected one of %v", n.ID, n.Change.ID, want)
		}
	}
}
