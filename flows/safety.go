package flows

import (
	"maps"
	"slices"
	"strings"

	"motkraft/bot/problem"
)

// The rules that keep people from harm. What an editor means by a referral is not enough: the directory itself says who must not be shown a
// service, and these hold every screen to it.
const (
	ruleAudience problem.Rule = "audience" // somebody who must not be shown a service
	ruleUnder18  problem.Rule = "under-18" // a way from "I am under 18" to a service for adults
	rulePolice   problem.Rule = "police"   // the police as a first step for those who are exposed
)

// adult is the age from which a service counts as one for adults. It is no content: whoever is under 18 is a child in every country by the
// Convention on the Rights of the Child, and a slip in a file must not make somebody of 16 an adult here.
const adult = 18

// safety keeps the rules above.
func (l *loader) safety() {
	l.audiencesNamed()
	l.audiencesListed()
	l.emergencyShown()
	for _, s := range l.set.Services {
		for pair, pos := range s.helpsPos {
			if s.Only != "" && pair[0] != s.Only {
				l.problems.Add(pos, ruleAudience, "%q is only for %q, found %q, expected no other audience", s.ID, s.Only, pair[0])
			}
			if slices.Contains(s.Never, pair[0]) {
				l.problems.Add(pos, ruleAudience, "%q must never be shown to %q, expected it not among those it helps", s.ID, pair[0])
			}
		}
	}
	for _, f := range l.files {
		l.sameFile(f)
	}
	for _, n := range l.set.Nodes {
		if n.Refer != nil && slices.Contains(l.set.Campaign.Exposed, n.Refer.To) {
			l.policeLast(n)
		}
	}
	l.under18()
}

// audiencesNamed reports a service kept from, or for, an audience that there is not: a mistyped word would keep it from nobody.
func (l *loader) audiencesNamed() {
	known := map[string]bool{}
	for _, n := range l.set.Nodes {
		if n.Refer != nil {
			known[n.Refer.To] = true
		}
	}
	for _, s := range l.set.Services {
		for _, audience := range append(slices.Clone(s.Never), s.Only) {
			if audience != "" && !known[audience] {
				l.problems.Add(s.Pos, ruleAudience, "%q names the audience %q, whom no referral is for, expected one of %s", s.ID, audience, strings.Join(slices.Sorted(maps.Keys(known)), ", "))
			}
		}
	}
}

// audiencesListed holds the audiences of the referrals against those of the campaign. Every one stands in one of its lists, so that a new name
// for an audience cannot take those it means out of the list of the exposed without a word.
func (l *loader) audiencesListed() {
	listed := l.set.Campaign.audiences
	if listed == nil {
		return
	}
	referred := map[string]bool{}
	for _, n := range l.set.Nodes {
		if n.Refer == nil || n.Refer.To == "" {
			continue
		}
		referred[n.Refer.To] = true
		if _, ok := listed[n.Refer.To]; !ok {
			l.problems.Add(n.Refer.Pos, ruleAudience, "%q is no audience of %s%s, expected one of %s, or there to be listed as exposed or as one of the others", n.Refer.To, folder, campaignFile, strings.Join(slices.Sorted(maps.Keys(listed)), ", "))
		}
	}
	for audience, pos := range listed {
		if !referred[audience] {
			l.problems.Add(pos, ruleAudience, "no referral is for %q, expected one that is: %s", audience, strings.Join(slices.Sorted(maps.Keys(referred)), ", "))
		}
	}
}

// emergencyShown checks that wherever the button for acute help leads, the emergency number is shown.
func (l *loader) emergencyShown() {
	number := l.set.Campaign.Emergency
	dials := func(c Contact) bool { return c.Kind == Phone && c.Dial == number }
	for _, f := range l.files {
		n := l.set.byID[f.acute.To]
		if number == "" || n == nil || n.Refer == nil {
			continue // said already
		}
		if !slices.ContainsFunc(n.Refer.national, func(s *Service) bool { return slices.ContainsFunc(s.Contacts, dials) }) {
			l.problems.Add(n.Refer.Pos, ruleEmergency, "%q shows nobody who is rung at %q, expected a service for all places with the emergency number of %s: the button for acute help leads here", n.ID, number, l.set.Campaign.emergencyPos)
		}
	}
}

// sameFile looks at the referrals that stand beside one for an audience: who is at one screen of a file is sent to its others.
func (l *loader) sameFile(f *flowFile) {
	audiences := map[string]bool{}
	for _, n := range f.nodes {
		if n.Refer != nil {
			audiences[n.Refer.To] = true
		}
	}
	for _, n := range f.nodes {
		if n.Refer == nil {
			continue
		}
		for _, s := range n.Refer.services {
			for _, audience := range s.Never {
				if audiences[audience] {
					l.problems.Add(n.Refer.Pos, ruleAudience, "shows %q beside referrals for %q, who must never be shown it, expected it in another file", s.ID, audience)
				}
			}
		}
	}
}

// policeLast checks that before the police stands somebody who answers round the clock, wherever one is. Who answers comes first on the
// screen, so without that the police could.
func (l *loader) policeLast(n *Node) {
	for _, at := range l.distinct {
		for _, s := range n.Refer.At(at) {
			if s.AnswersAlways() && !s.Police {
				break
			}
			if s.Police {
				l.problems.Add(n.Refer.Pos, rulePolice, "%q comes before everybody who answers round the clock, expected the police never as the first step for %q", s.ID, n.Refer.To)
				return
			}
		}
	}
}

// under18 follows every way from where somebody has said that they are under 18: options, place questions, and the two standing buttons that
// lead to contacts. They have said so wherever a referral of the file is for them. "Start over" takes the answer back, so the first screen is
// not walked past.
func (l *loader) under18() {
	seen := map[ID]bool{}
	var queue []ID
	for _, f := range l.files {
		if !slices.ContainsFunc(f.nodes, func(n *Node) bool { return n.Refer != nil && n.Refer.Ages.Max > 0 && n.Refer.Ages.Max < adult }) {
			continue
		}
		for _, n := range f.nodes {
			queue = append(queue, n.ID)
		}
	}
	for len(queue) > 0 {
		n := l.set.byID[queue[0]]
		queue = queue[1:]
		if n == nil || seen[n.ID] || n.ID.Flow() == Welcome.Flow() {
			continue
		}
		seen[n.ID] = true
		queue = append(queue, n.Contacts, n.Acute)
		for _, o := range n.Options {
			queue = append(queue, o.To)
		}
		if n.Ask != nil {
			queue = append(queue, n.Ask.To)
		}
		if n.Refer == nil {
			continue
		}
		for _, s := range n.Refer.services {
			if s.Ages.Min >= adult {
				l.problems.Add(n.Refer.Pos, ruleUnder18, "shows %q, for %d and older, to somebody who said that they are under %d, expected ages: 0-17 on the referral, or no way to it", s.ID, s.Ages.Min, adult)
			}
		}
	}
}
