package flows

import (
	"slices"
	"strconv"
	"time"

	"motkraft/bot/problem"
)

// Rules lists every rule that Load keeps. Each has its bad file in testdata/bad.
var Rules = []problem.Rule{
	problem.RuleYAML, problem.RuleUnknown, problem.RuleDuplicate, problem.RuleMissing, problem.RuleKind, // the files
	rulePlace, ruleArea, ruleAges, ruleHours, rulePhone, ruleLink, ruleCertainty, ruleDate, ruleName, ruleContact, ruleSite, // the directory
	ruleDangling, ruleAsk, ruleRefer, ruleDeadEnd, ruleMany, ruleUnreachable, ruleCollision, ruleUnused, ruleEmpty, ruleFar, ruleClaim, // the tree
	ruleAudience, ruleUnder18, rulePolice, ruleEmergency, ruleCampaign, // the safety of the person
}

// rules checks the set as a whole and prepares what is looked up at a press.
func (l *loader) rules() {
	l.distinct = l.set.Distinct()
	for _, n := range l.set.Nodes {
		if n.Refer != nil {
			n.Refer.prepare(l.set.Services)
		}
	}
	for _, n := range l.set.Nodes {
		if n.Ask != nil && l.set.byID[n.Ask.To] != nil {
			l.ask(n)
		}
	}
	l.near()
	l.urgent()
	l.contactsRefer()
	l.groups()
	l.reachable()
	l.used()
	l.distances()
	l.safety()
	if len(*l.problems) == 0 { // an emptied referral follows from other mistakes
		l.open()
	}
}

// ask checks that a place question asks for something, and not for too much, and ties the referrals behind it to it.
func (l *loader) ask(n *Node) {
	if l.set.byID[n.Ask.To].Ask != nil {
		l.problems.Add(n.Ask.Pos, ruleAsk, "a place question that leads to another, %q, expected what the answer is for", n.Ask.To)
		return
	}
	n.Ask.prepare(l.set)
	if len(n.Ask.first) == 0 {
		l.problems.Add(n.Ask.Pos, ruleAsk, "a place question that changes nothing, expected a referral behind it with near: place and local services")
	}
	const elsewhereAndUnsaid = 2
	if found := len(n.Ask.first) + elsewhereAndUnsaid; found > MaxPlaces {
		l.problems.Add(n.Ask.Pos, ruleMany, "%d choices of places, expected at most %d", found, MaxPlaces)
	}
	for county, in := range n.Ask.second {
		if found := len(in) + elsewhereAndUnsaid; found > MaxPlaces {
			l.problems.Add(n.Ask.Pos, ruleMany, "%d choices in %s, expected at most %d", found, l.set.Places.Name(county), MaxPlaces)
		}
	}
	if to := l.set.byID[n.Ask.To]; to.Refer != nil && to.Refer.Near {
		to.Change = n
	}
}

// near checks that what a flow's typed places lead on to asks for one or refers near it, and ties the flow's nodes to it: whoever types a place
// comes there from each of them, and every question leads there.
func (l *loader) near() {
	asks := func(n *Node) bool { return n.Ask != nil || n.Refer != nil && n.Refer.Near }
	for _, f := range l.files {
		to := l.set.byID[f.near.To]
		if to != nil && !asks(to) {
			l.problems.Add(f.near.Pos, ruleAsk, "%q neither asks for a place nor refers near one, expected a node that does; it stands at %s", to.ID, to.Pos)
		}
		for _, n := range f.nodes {
			if n.Near = to; asks(n) {
				n.Near = n
			} else if to != nil && asks(to) && n.Refer == nil && !slices.ContainsFunc(n.Options, func(o Option) bool { return o.To == to.ID }) {
				n.Find = to
			}
		}
	}
}

// urgent finds what is acute help: whose referral is for the same as that of the node which every screen has a button to, and what such a button
// leads to elsewhere.
func (l *loader) urgent() {
	acute := l.set.byID[Acute]
	for _, n := range l.set.Nodes {
		n.Urgent = n.Refer != nil && acute != nil && acute.Refer != nil && (n.Refer.To == acute.Refer.To || n.Acute == n.ID)
	}
}

// contactsRefer checks that the two standing buttons which promise contacts lead to some.
func (l *loader) contactsRefer() {
	for _, f := range l.files {
		for _, link := range []Link{f.contacts, f.acute} {
			n := l.set.byID[link.To]
			switch {
			case n == nil || n.Refer != nil:
			case link.Pos.Line > 0:
				l.problems.Add(link.Pos, ruleRefer, "%q has no contacts, expected a node with refer: a standing button leads there; it stands at %s", n.ID, n.Pos)
			default:
				l.problems.Add(n.Pos, ruleRefer, "%q has no contacts, expected refer: the button for acute help leads here", n.ID)
			}
		}
	}
}

// groups counts the groups of the flows that have referrals.
func (l *loader) groups() {
	groups := map[string]bool{}
	for _, f := range l.files {
		refers := slices.ContainsFunc(f.nodes, func(n *Node) bool { return n.Refer != nil })
		if !refers || groups[f.group] {
			continue
		}
		groups[f.group] = true
		if len(groups) == MaxGroups+1 {
			l.problems.Add(f.groupPos, ruleMany, "group %q is one too many, expected at most %d: give the flow the group of another one", f.group, MaxGroups)
		}
	}
}

// reachable reports nodes that nobody can come to.
func (l *loader) reachable() {
	seen := map[ID]bool{}
	queue := []ID{Welcome, Cleared}
	for _, t := range l.set.Typed {
		queue = append(queue, t.To)
	}
	for _, d := range l.set.Doors {
		queue = append(queue, d.To)
	}
	for len(queue) > 0 {
		id := queue[0]
		queue = queue[1:]
		for _, n := range l.set.walk(id, func(n *Node) bool { return !seen[n.ID] }) {
			seen[n.ID] = true
			queue = append(queue, n.Contacts, n.Acute)
		}
	}
	for _, n := range l.set.Nodes {
		if !seen[n.ID] {
			l.problems.Add(n.Pos, ruleUnreachable, "nothing leads to %q, expected an option, a typed word or a door that does", n.ID)
		}
	}
}

// used reports services that no referral shows, help that none asks for, and referrals that name nobody.
func (l *loader) used() {
	shown := map[*Service]bool{}
	pairs := map[[2]string]bool{}
	for _, n := range l.set.Nodes {
		if n.Refer == nil {
			continue
		}
		pairs[[2]string{n.Refer.To, n.Refer.For}] = true
		pairs[[2]string{n.Refer.To, ""}] = pairs[[2]string{n.Refer.To, ""}] || n.Refer.For == ""
		for _, s := range n.Refer.services {
			shown[s] = true
		}
		if len(n.Refer.services) == 0 && n.Refer.To != "" {
			with := ""
			if n.Refer.For != "" {
				with = " with " + strconv.Quote(n.Refer.For)
			}
			l.problems.Add(n.Refer.Pos, ruleRefer, "nobody in %sservices.yaml helps %q%s, expected at least one service", folder, n.Refer.To, with)
		}
	}
	for _, s := range l.set.Services {
		if !shown[s] {
			l.problems.Add(s.Pos, ruleUnused, "no referral shows %q, expected one that does", s.ID)
			continue
		}
		for pair, pos := range s.helpsPos {
			if !pairs[pair] && !pairs[[2]string{pair[0], ""}] {
				l.problems.Add(pos, ruleUnused, "no referral to %q asks for %q, expected one that does", pair[0], pair[1])
			}
		}
	}
}

// open reports referrals that leave somebody with nobody to reach, at some place and hour. Who answers round the clock settles it;
// only without such a one are the hours walked through.
func (l *loader) open() {
	for _, n := range l.set.Nodes {
		if n.Refer == nil {
			continue
		}
		for _, at := range l.distinct {
			if closed := n.Refer.closedAt(at, l.set.Campaign.Zone); !closed.IsZero() {
				where := "where no place was said"
				if at != 0 {
					where = "in " + l.set.Places.Name(at)
				}
				l.problems.Add(n.Refer.Pos, ruleEmpty, "nobody answers on %s %s, expected somebody at every hour", closed.Format("Mon 2 Jan 2006 15:04"), where)
				break
			}
		}
	}
}

// closedAt gives an hour at which nobody of the referral answers, or the zero time. It looks at every hour of a year that has every
// holiday on it.
func (r *Refer) closedAt(at Place, zone *time.Location) time.Time {
	services := r.At(at)
	for _, s := range services {
		if s.AnswersAlways() {
			return time.Time{}
		}
	}
	const sampled = 2026
	for t := time.Date(sampled, 1, 1, 0, 0, 0, 0, zone); t.Year() == sampled; t = t.Add(time.Hour) {
		if !openAt(services, t) {
			return t
		}
	}
	return time.Time{}
}

// Distinct gives one place for every way in which places can differ in what they are shown: none, every place that some service
// names, its county, and for the rest one county and one municipality that no service names.
func (s *Set) Distinct() []Place {
	named := map[Place]bool{}
	for _, service := range s.Services {
		for _, at := range slices.Concat(service.Area, service.Except) {
			named[at], named[at.County()] = true, true
		}
	}
	out := []Place{0}
	var county, municipality bool
	for _, at := range s.Places.All() {
		switch {
		case named[at]:
			out = append(out, at)
		case at.IsCounty() && !county:
			county = true
			out = append(out, at)
		case !at.IsCounty() && !named[at.County()] && !municipality:
			municipality = true
			out = append(out, at)
		}
	}
	// In a named county, the municipalities that no service names are shown what the county is.
	return out
}
