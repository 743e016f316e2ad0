package flows

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"motkraft/bot/problem"
)

// Fresh is for how long a check by a person holds.
const Fresh = 365 * 24 * time.Hour

// Due is something that a person must check.
type Due struct {
	Pos  problem.Pos
	Text string  // what to do, and why
	Met  float64 // how many of a thousand people would meet it
	Old  bool    // it was checked once, too long ago
}

// Due lists what a person must check before a launch, what most people would meet first: contacts that nobody has rung or opened, claims of law
// that no lawyer has read, and what was checked longer ago than Fresh.
func (s *Set) Due(now time.Time) []Due {
	var out []Due
	for _, service := range s.Services {
		met := s.ReachOf(service)
		for i := range service.Contacts {
			c := &service.Contacts[i]
			if d, ok := c.due(service, s.Campaign.Emergency, now); ok {
				d.Met = met
				out = append(out, d)
			}
		}
	}
	for _, c := range s.Claims {
		due := c.due(now)
		if len(due) == 0 {
			continue
		}
		met := s.Reach(func(n *Node) bool { return slices.Contains(n.Claims, c) })
		for _, d := range due {
			d.Met = met
			out = append(out, d)
		}
	}
	slices.SortStableFunc(out, func(a, b Due) int {
		return cmp.Or(-cmp.Compare(a.Met, b.Met), cmp.Compare(a.Pos.File, b.Pos.File), cmp.Compare(a.Pos.Line, b.Pos.Line))
	})
	return out
}

// due says what is to be done about a contact. Nobody rings the emergency number to try it.
func (c *Contact) due(s *Service, emergency string, now time.Time) (Due, bool) {
	d := Due{Pos: c.Pos}
	how := map[Kind]string{Phone: "ring", Chat: "open", Page: "open", Email: "write to"}[c.Kind]
	if c.Dial == emergency {
		how = "look up on its own page, and never ring to try,"
	}
	switch {
	case c.VerifiedOn.IsZero():
		d.Text = fmt.Sprintf("%s %s (%s) and write the day as verified_on: nobody has yet", how, c.Address, s.Name)
	case c.VerifiedOn.After(now):
		d.Text = fmt.Sprintf("%s %s (%s): verified on %s, which is still to come", how, c.Address, s.Name, c.VerifiedOn.Format(time.DateOnly))
	case now.Sub(c.VerifiedOn) > Fresh:
		d.Old = true
		d.Text = fmt.Sprintf("%s %s (%s) again: last verified on %s, expected within a year", how, c.Address, s.Name, c.VerifiedOn.Format(time.DateOnly))
	default:
		return d, false
	}
	return d, true
}

// due says what is to be done about a claim.
func (c *Claim) due(now time.Time) (out []Due) {
	if now.Sub(c.Checked) > Fresh {
		out = append(out, Due{Pos: c.Pos, Old: true, Text: fmt.Sprintf("hold the claim %q against its source again: last checked in %s, expected within a year", c.ID, c.Checked.Format("January 2006"))})
	}
	if c.Law && c.Lawyer.IsZero() {
		out = append(out, Due{Pos: c.Pos, Text: fmt.Sprintf("have a lawyer read what is said of %q and write the day as lawyer: none has yet", c.ID)})
	}
	return out
}
