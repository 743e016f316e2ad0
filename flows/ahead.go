package flows

import (
	"time"

	"motkraft/bot/problem"
)

// Ahead gives a problem for each day that is still to come where one that was is meant: a slip of a digit would keep a contact or a claim from ever
// being looked at again. The days of the content are read without a clock, so whoever has one asks.
func (s *Set) Ahead(now time.Time) problem.List {
	var out problem.List
	check := func(pos problem.Pos, name string, day time.Time) {
		if day.After(now) {
			out.Add(pos, ruleDate, "%s on %s, which is still to come, expected a day that was", name, day.Format(time.DateOnly))
		}
	}
	for _, service := range s.Services {
		for _, c := range service.Contacts {
			check(c.Pos, "seen", c.Seen)
			check(c.Pos, "verified_on", c.VerifiedOn)
		}
	}
	for _, c := range s.Claims {
		check(c.Pos, "checked", c.Checked)
		check(c.Pos, "lawyer", c.Lawyer)
	}
	return out.Sorted()
}
