package flows

import (
	"slices"

	"motkraft/bot/problem"
)

// Ask is a generated question for the place. It lists only places that change what the referrals behind it show: first the counties,
// then, in a county whose municipalities differ, those. A county of which only one municipality differs is left out for it.
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
	return at != 0 && !(at.IsCounty() && len(a.second[at]) > 0)
}

// prepare finds the places that matter.
func (a *Ask) prepare(s *Set) {
	refers := s.behind(a.To)
	shown := func(at Place) []*Service {
		var out []*Service
		for _, r := range refers {
			out = append(out, r.At(at)...)
			out = append(out, nil) // parts one referral from the next
		}
		return out
	}
	nowhere := shown(0)
	a.first, a.second = nil, map[Place][]Place{}
	for _, county := range s.Places.Counties {
		whole := shown(county)
		var differ []Place
		for _, at := range s.Places.Municipalities(county) {
			if !slices.Equal(shown(at), whole) {
				differ = append(differ, at)
			}
		}
		own := !slices.Equal(whole, nowhere)
		switch {
		case !own && len(differ) == 1:
			a.first = append(a.first, differ[0])
		case own || len(differ) > 0:
			a.first = append(a.first, county)
			a.second[county] = differ
		}
	}
}

// behind gives the referrals near a place that can be reached from a node by its options without leaving its file: who goes on to another
// matter is asked again there, if it changes anything.
func (s *Set) behind(id ID) []*Refer {
	var out []*Refer
	for _, n := range s.walk(id, func(n *Node) bool { return n.ID.Flow() == id.Flow() }) {
		if n.Refer != nil && n.Refer.Near {
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
