package flows_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"motkraft/flows"
)

// plan is a random schedule in a form that is reckoned with on its own, beside the text that the program reads.
type plan struct {
	text    string
	entries []planned
}

type planned struct {
	days     []time.Weekday
	holidays bool
	from, to int // minutes; to is before from where it is on the next day
}

var weekdays = []string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}

// randomPlan makes one to three entries, on quarters of an hour.
func randomPlan(r *rand.Rand) plan {
	var p plan
	var texts []string
	for range 1 + r.IntN(3) {
		var e planned
		var days string
		switch r.IntN(6) {
		case 0:
			days, e.holidays = "holidays", true
		case 1:
			days, e.holidays = "daily", true
			e.days = []time.Weekday{0, 1, 2, 3, 4, 5, 6}
		case 2:
			first, n := r.IntN(7), 1+r.IntN(6)
			for i := range n {
				e.days = append(e.days, time.Weekday((first+i)%7))
			}
			days = weekdays[first] + "-" + weekdays[e.days[n-1]]
		default:
			for i, name := range weekdays {
				if r.IntN(3) == 0 || i == 6 && e.days == nil {
					e.days = append(e.days, time.Weekday(i))
					days += "+" + name
				}
			}
			days = days[1:]
		}
		for e.from == e.to {
			e.from, e.to = 15*r.IntN(96), 15*r.IntN(96)
		}
		p.entries = append(p.entries, e)
		texts = append(texts, fmt.Sprintf("%s %02d:%02d-%02d:%02d", days, e.from/60, e.from%60, e.to/60, e.to%60))
	}
	p.text = strings.Join(texts, ", ")
	return p
}

// open reckons by the face of the clock alone: what it shows, which day it is, and which day yesterday was.
func (p plan) open(at time.Time) bool {
	y, m, d := at.Date()
	today := time.Date(y, m, d, 12, 0, 0, 0, at.Location())
	minute := at.Hour()*60 + at.Minute()
	on := func(e planned, day time.Time) bool {
		if _, holiday := holidays[day.Format(time.DateOnly)]; holiday {
			return e.holidays
		}
		return slices.Contains(e.days, day.Weekday())
	}
	return slices.ContainsFunc(p.entries, func(e planned) bool {
		if e.from < e.to {
			return on(e, today) && e.from <= minute && minute < e.to
		}
		return on(e, today) && e.from <= minute || on(e, today.AddDate(0, 0, -1)) && minute < e.to
	})
}

// oddHour reports whether a moment is about the hour that the clock shows twice or never: there the face alone does not tell.
func oddHour(at time.Time) bool {
	return slices.Contains(clockChanges, at.Format(time.DateOnly)) && at.Hour() >= 1 && at.Hour() <= 3
}

// TestAtAgreesWithIntervals goes through stretches of two years, every quarter of an hour, and asks three that must agree: At, the
// intervals of the whole stretch, and the face of the clock.
func TestAtAgreesWithIntervals(t *testing.T) {
	const schedules, stretch = 120, 20 // days; each stretch holds a clock change or holidays
	starts := []string{"2026-03-20 00:00", "2026-10-15 00:00", "2026-12-18 00:00", "2027-03-18 00:00", "2027-10-22 00:00", "2026-06-10 00:00"}
	r := rand.New(rand.NewPCG(2026, 2027))
	for i := range schedules {
		p := randomPlan(r)
		h := hours(t, p.text)
		from := moment(t, starts[i%len(starts)])
		all := h.Intervals(from, stretch)
		for j, in := range all {
			if !in.From.Before(in.To) || j > 0 && !all[j-1].To.Before(in.From) {
				t.Fatalf("%s: interval %v after %v, expected them apart and in order", p.text, in, all[:j])
			}
		}
		for at := from; at.Before(from.AddDate(0, 0, stretch)); at = at.Add(15 * time.Minute) {
			st := h.At(at)
			k := slices.IndexFunc(all, func(in flows.Interval) bool { return at.Before(in.To) })
			inside := k >= 0 && !at.Before(all[k].From)
			if st.Open != inside {
				t.Fatalf("%s at %s: open is %t, its intervals say %t", p.text, at, st.Open, inside)
			}
			if !oddHour(at) && st.Open != p.open(at) {
				t.Fatalf("%s at %s: open is %t, the clock says %t", p.text, at, st.Open, !st.Open)
			}
			// The end of the stretch may cut an opening, and At does not look further than a fortnight.
			if left := from.AddDate(0, 0, stretch).Sub(at); k < 0 || all[k].To.Sub(at) > 13*24*time.Hour || left < 2*24*time.Hour {
				continue
			}
			if inside && !st.Until.Equal(all[k].To) {
				t.Fatalf("%s at %s: until %s, its interval says %s", p.text, at, st.Until, all[k].To)
			}
			if !inside && !st.Opens.Equal(all[k].From) {
				t.Fatalf("%s at %s: opens %s, its interval says %s", p.text, at, st.Opens, all[k].From)
			}
		}
	}
}
