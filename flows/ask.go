package flows

import (
	"slices"

	"motkraft/bot/problem"
)

// Ask is a generated question for the place. It lists only places that change what the referrals behind it show: first the counties,
// then, in a county whose municipalities differ, those. A county of which only one municipality differs is left out for it.
//
// Where a county is listed for itself, its municipalities are asked for only if they change the next screen: what somebody may come to after
// that is no reason for one more question.
type Ask struct {
	To  ID
	Pos problem.Pos

	first  []Place           // counties, and single municipalities
	second map[Place][]Place // by county
}

// Choices gives the places to choose from. Place 0 is the first question; a county is the second, which may have none.
func (a *Ask) Choices(at Place) []Place {
	if at == 0 {
		return a.first
	}
	return a.second[at]
}

// Decided reports whether a place needs no more asking.
func (a *Ask) Decided(at Place) bool {
	return at != 0 && at != Elsewhere && !(at.IsCounty() && len(a.second[at]) > 0)
}

// prepare finds the places that matter.
func (a *Ask) prepare(s *Set) {
	all := s.behind(a.To)
	next := all
	if to := s.byID[a.To].Refer; to != nil && to.Near {
		next = []*Refer{to}
	}
	a.first, a.second = nil, map[Place][]Place{}
	for _, county := range s.Places.Counties {
		differ := s.differ(all, county)
		switch {
		case !slices.Equal(shown(all, county), shown(all, 0)):
			a.first = append(a.first, county)
			a.second[county] = s.differ(next, county)
		case len(differ) == 1:
			a.first = append(a.first, differ[0])
		case len(differ) > 1:
			a.first = append(a.first, county)
			a.second[county] = differ
		}
	}
	s.Places.sort(a.first)
	for _, second := range a.second {
		s.Places.sort(second)
	}
}

// differ gives the municipalities of a county that are shown something else than all of it.
func (s *Set) differ(refers []*Refer, county Place) (out []Place) {
	whole := shown(refers, county)
	for _, at := range s.Places.Municipalities(county) {
		if !slices.Equal(shown(refers, at), whole) {
			out = append(out, at)
		}
	}
	return out
}

// shown gives what referrals show at a place.
func shown(refers []*Refer, at Place) (out []*Service) {
	for _, r := range refers {
		out = append(out, r.At(at)...)
		out = append(out, nil) // parts one referral from the next
	}
	return out
}

// behind gives the referrals near a place that can be reached from a node by its options without leaving its file, but for those that have a
// question of their own: who goes on to another matter is asked again there, if it changes anything.
func (s *Set) behind(id ID) []*Refer {
	asked := map[ID]bool{}
	for _, n := range s.Nodes {
		if n.Ask != nil && n.Ask.To != id {
			asked[n.Ask.To] = true
		}
	}
	var out []*Refer
	for _, n := range s.walk(id, func(n *Node) bool { return n.ID.Flow() == id.Flow() }) {
		if n.Refer != nil && n.Refer.Near && !asked[n.ID] {
			out = append(out, n.Refer)
		}
	}
	return out
}

// walk gives the nodes that options and place questions lead to from a node, itself first, not going past nodes outside the bounds.
func (s *Set) walk(from ID, inside func(*Node) bool) []*Node {
	var out []*Node
	seen := map[ID]bool{}
	queue := []ID{from}
	for len(queue) > 0 {
		n := s.byID[queue[0]]
		queue = queue[1:]
		if n == nil || seen[n.ID] || !inside(n) {
			continue
		}
		seen[n.ID] = true
		out = append(out, n)
		for _, o := range n.Options {
			queue = append(queue, o.To)
		}
		if n.Ask != nil {
			queue = append(queue, n.Ask.To)
		}
	}
	return out
}
