package flows

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Hours says when a contact answers, in the time of a Calendar. The zero value is unknown hours: never open.
//
// As written in services.yaml: "always", or entries of days and times separated by commas, such as
//
//	mon-fri 09:00-16:30, sat 10-14
//	daily 21-06
//	mon+wed 08:30-20, holidays 10-14
//
// A time past midnight belongs to the day on which it began. On a public holiday, and on the eves on which Sweden is as closed as on
// one (midsummer, Christmas, New Year), only "daily" and "holidays" entries count: somebody sent to a closed door is worse off than
// somebody told of an open one too few.
type Hours struct {
	always   bool
	entries  []entry
	calendar *Calendar // nil where the hours are not known
}

// entry is one line of a schedule.
type entry struct {
	days     [7]bool // by time.Weekday
	holidays bool
	from, to int // minutes after midnight; to is above from and may pass midnight
}

// Status is what an Hours says at one moment.
type Status struct {
	Known  bool
	Open   bool
	Always bool      // round the clock, every day
	Until  time.Time // when it closes, where Open and not Always; zero where it does not within the horizon
	Opens  time.Time // when it opens next, where not Open; zero where it does not within the horizon
}

// Interval is one opening, from From up to and without To.
type Interval struct{ From, To time.Time }

// horizon is how many days ahead an opening is looked for: longer than Christmas with its weekends.
const horizon = 14

// minutesADay is the length of a day on a clock's face.
const minutesADay = 24 * 60

// Known reports whether anything is known of the hours.
func (h Hours) Known() bool { return h.always || len(h.entries) > 0 }

// Always reports whether the contact answers round the clock, every day.
func (h Hours) Always() bool { return h.always }

// Span is one entry of a schedule, as it is written: days, and minutes after midnight. To is above From and may pass midnight.
type Span struct {
	Days     [7]bool // by time.Weekday
	Holidays bool
	From, To int
}

// Spans gives the schedule's entries in order, for saying them. Unknown hours and those round the clock have none.
func (h Hours) Spans() []Span {
	var out []Span
	for _, e := range h.entries {
		out = append(out, Span{Days: e.days, Holidays: e.holidays, From: e.from, To: e.to})
	}
	return out
}

// At says whether the contact answers at a moment, and when that changes.
func (h Hours) At(t time.Time) Status {
	if !h.Known() {
		return Status{}
	}
	if h.always {
		return Status{Known: true, Open: true, Always: true}
	}
	day := h.calendar.Midnight(t)
	var open Interval
	for i := -1; i <= horizon; i++ {
		for _, in := range h.day(day.AddDate(0, 0, i)) {
			switch {
			case !open.To.IsZero() && !in.From.After(open.To): // goes on where the last one ends
				if in.To.After(open.To) {
					open.To = in.To
				}
			case !open.To.IsZero():
				return openUntil(open.To, t)
			case !t.Before(in.From) && t.Before(in.To):
				open = in
			case in.From.After(t):
				return Status{Known: true, Opens: in.From}
			}
		}
	}
	if !open.To.IsZero() {
		return openUntil(open.To, t)
	}
	return Status{Known: true}
}

// openUntil is the status of what is open at a moment. When it closes is not looked for past the horizon.
func openUntil(until, t time.Time) Status {
	if until.Sub(t) > horizon*24*time.Hour {
		until = time.Time{}
	}
	return Status{Known: true, Open: true, Until: until}
}

// Intervals gives the openings of the coming days, merged and in order: those that end after from and begin before its day plus
// days. Unknown hours have none.
func (h Hours) Intervals(from time.Time, days int) []Interval {
	if !h.Known() {
		return nil
	}
	day := h.calendar.Midnight(from)
	end := day.AddDate(0, 0, days)
	if h.always {
		return []Interval{{From: day, To: end}}
	}
	var out []Interval
	for i := -1; i < days; i++ {
		for _, in := range h.day(day.AddDate(0, 0, i)) {
			if n := len(out); n > 0 && !in.From.After(out[n-1].To) {
				if in.To.After(out[n-1].To) {
					out[n-1].To = in.To
				}
				continue
			}
			if in.To.After(from) {
				out = append(out, in)
			}
		}
	}
	return out
}

// day gives the openings that begin on a day, in order. They are computed from the clock's face, so that 09 is 09 on both sides
// of a clock change.
func (h Hours) day(day time.Time) []Interval {
	var out []Interval
	holiday := h.calendar.IsHoliday(day)
	for _, e := range h.entries {
		if holiday && !e.holidays || !holiday && !e.days[day.Weekday()] {
			continue
		}
		if in := (Interval{From: h.calendar.face(day, e.from), To: h.calendar.face(day, e.to)}); in.From.Before(in.To) {
			out = append(out, in)
		}
	}
	slices.SortFunc(out, func(a, b Interval) int { return a.From.Compare(b.From) })
	return out
}

var dayNames = map[string]time.Weekday{
	"mon": time.Monday, "tue": time.Tuesday, "wed": time.Wednesday, "thu": time.Thursday,
	"fri": time.Friday, "sat": time.Saturday, "sun": time.Sunday,
}

// ParseHours reads the format of services.yaml. Its errors say what was found and what was expected.
func (c *Calendar) ParseHours(s string) (Hours, error) {
	if strings.TrimSpace(s) == "always" {
		return Hours{always: true, calendar: c}, nil
	}
	h := Hours{calendar: c}
	for part := range strings.SplitSeq(s, ",") {
		days, times, ok := strings.Cut(strings.TrimSpace(part), " ")
		if !ok {
			return Hours{}, fmt.Errorf("%q has no days and times, expected always, or such as mon-fri 09:00-16:30", strings.TrimSpace(part))
		}
		var e entry
		if err := e.parseDays(days); err != nil {
			return Hours{}, err
		}
		if err := e.parseTimes(strings.TrimSpace(times)); err != nil {
			return Hours{}, err
		}
		h.entries = append(h.entries, e)
	}
	if h.covers() {
		return Hours{always: true, calendar: c}, nil
	}
	return h, nil
}

// covers reports whether the entries leave no minute of any day out: they say in other words that it is always open. What passes midnight counts
// for the next day only where the entry is for every day.
func (h Hours) covers() bool {
	const holiday = 7 // behind the days of the week
	var open [holiday + 1][minutesADay]bool
	for _, e := range h.entries {
		for d := range open {
			if d == holiday && !e.holidays || d < holiday && !e.days[d] {
				continue
			}
			for m := e.from; m < e.to; m++ {
				if m < minutesADay || e.holidays && !slices.Contains(e.days[:], false) {
					open[d][m%minutesADay] = true
				}
			}
		}
	}
	for d := range open {
		if slices.Contains(open[d][:], false) {
			return false
		}
	}
	return true
}

func (e *entry) parseDays(s string) error {
	switch s {
	case "daily":
		e.days = [7]bool{true, true, true, true, true, true, true}
		e.holidays = true
		return nil
	case "holidays":
		e.holidays = true
		return nil
	}
	for part := range strings.SplitSeq(s, "+") {
		first, last, isRange := strings.Cut(part, "-")
		from, ok := dayNames[first]
		to, ok2 := dayNames[last]
		if !isRange {
			to, ok2 = from, ok
		}
		if !ok || !ok2 {
			return fmt.Errorf("%q names no days, expected daily, holidays, or mon, tue, wed, thu, fri, sat, sun, such as mon-thu+sat", s)
		}
		for d := from; ; d = (d + 1) % 7 {
			e.days[d] = true
			if d == to {
				break
			}
		}
	}
	return nil
}

func (e *entry) parseTimes(s string) error {
	first, last, _ := strings.Cut(s, "-")
	from, ok := parseClock(first)
	to, ok2 := parseClock(last)
	if !ok || !ok2 || from == minutesADay || from == to {
		return fmt.Errorf("%q is no span of time, expected such as 09:00-16:30 or 21-06", s)
	}
	if to < from {
		to += minutesADay
	}
	e.from, e.to = from, to
	return nil
}

// parseClock reads 09, 9, 09:30 or 24:00 into minutes after midnight.
func parseClock(s string) (int, bool) {
	hh, mm, has := strings.Cut(s, ":")
	h, err := strconv.ParseUint(hh, 10, 8)
	if err != nil || len(hh) > 2 || h > 24 {
		return 0, false
	}
	var m uint64
	if has {
		if m, err = strconv.ParseUint(mm, 10, 8); err != nil || len(mm) != 2 || m > 59 {
			return 0, false
		}
	}
	if h == 24 && m != 0 {
		return 0, false
	}
	return int(h*60 + m), true
}
