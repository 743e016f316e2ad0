package flows

import (
	"slices"
	"strconv"

	"motkraft/bot/problem"
)

// The distances that people are promised, in taps from the first screen. A tap on a municipality, where a county has several services, belongs
// to the answer for the place and is not counted as one more.
const (
	MaxTapsToPhone = 2 // to a number that can be rung, whatever the first choice
	MaxTapsToLocal = 3 // to a service near the person, where the first choice leads to any
	MaxTapsToLeaf  = 6 // to any screen
)

const ruleFar problem.Rule = "too-far"

// Taps gives how many taps every node is from another by its options and place questions; what cannot be reached so is not in it.
func (s *Set) Taps(from ID) map[ID]int {
	return s.taps(from, func(n *Node) []ID { return n.leads() })
}

// leads gives where a node's own choices lead.
func (n *Node) leads() (out []ID) {
	for _, o := range n.Options {
		out = append(out, o.To)
	}
	if n.Ask != nil {
		out = append(out, n.Ask.To)
	}
	return out
}

func (s *Set) taps(from ID, leads func(*Node) []ID) map[ID]int {
	taps := map[ID]int{from: 0}
	for queue := []ID{from}; len(queue) > 0; queue = queue[1:] {
		n := s.byID[queue[0]]
		if n == nil {
			continue
		}
		for _, to := range leads(n) {
			if _, seen := taps[to]; !seen {
				taps[to] = taps[n.ID] + 1
				queue = append(queue, to)
			}
		}
	}
	return taps
}

// distances reports what is too far from the first screen.
func (l *loader) distances() {
	first := l.set.byID[Welcome]
	if first == nil {
		return
	}
	for _, o := range first.Options {
		l.distancesFrom(o)
	}
	taps := l.set.Taps(Welcome)
	for _, n := range l.set.Nodes {
		if found := taps[n.ID]; found > MaxTapsToLeaf {
			l.problems.Add(n.Pos, ruleFar, "%q is %d taps from the first screen, expected at most %d", n.ID, found, MaxTapsToLeaf)
		}
	}
}

// distancesFrom looks at one choice of the first screen. The button that shows contacts counts as a tap like any other.
func (l *loader) distancesFrom(o Option) {
	to := l.set.byID[o.To]
	if to == nil {
		return
	}
	flow := o.To.Flow()
	taps := l.set.taps(o.To, func(n *Node) []ID { return append(n.leads(), n.Contacts) })
	const unreached = 1 << 10
	phone, local, hasLocal := unreached, unreached, false
	for _, n := range l.set.Nodes {
		found, ok := taps[n.ID]
		if !ok || n.Refer == nil {
			continue
		}
		if n.Refer.hasPhone() {
			phone = min(phone, 1+found)
		}
		if n.Change != nil && n.ID.Flow() == flow {
			hasLocal = true
			local = min(local, 1+found)
		}
	}
	if phone > MaxTapsToPhone {
		l.problems.Add(o.Pos, ruleFar, "%s, expected a number at most %d taps from the first screen", distance(phone, "a number"), MaxTapsToPhone)
	}
	if hasLocal && local > MaxTapsToLocal {
		l.problems.Add(o.Pos, ruleFar, "%s, expected one at most %d taps from the first screen", distance(local, "a local service"), MaxTapsToLocal)
	}
}

// distance says how far something is.
func distance(taps int, what string) string {
	if taps > MaxTapsToLeaf*MaxOptions {
		return "leads to no screen with " + what
	}
	return what + " is " + strconv.Itoa(taps) + " taps from the first screen by this choice"
}

// hasPhone reports whether a number stands on the referral wherever one is.
func (r *Refer) hasPhone() bool {
	return slices.ContainsFunc(r.national, func(s *Service) bool {
		return slices.ContainsFunc(s.Contacts, func(c Contact) bool { return c.Kind == Phone })
	})
}
