package flows

import (
	"slices"
	"sync"
	"time"
	_ "time/tzdata" // the image holds no zone data

	"github.com/rickar/cal/v2"
	"github.com/rickar/cal/v2/se"
)

// Calendar is the time zone and the public holidays in which opening hours are meant. It is safe for concurrent use.
type Calendar struct {
	Zone *time.Location // never nil

	holidays []*cal.Holiday
	years    sync.Map // int → map[int]bool, day of the year: the holidays of each year that was asked for, a handful in the life of a process
}

// publicHolidays gives the days that a country keeps as holidays, for a country that is known here. These are rules for all years, with Easter
// reckoned, and so code and not content; a country more is one case more. Sweden's are the public holidays by law (1989:253) and the three
// eves.
func publicHolidays(country string) ([]*cal.Holiday, bool) {
	switch country {
	case "se":
		// The library's list leaves out the two that always are Sundays.
		return slices.Concat(se.Holidays, []*cal.Holiday{se.Paskdagen, se.Pingstdagen}), true
	}
	return nil, false
}

// IsHoliday reports whether the country keeps a day as a holiday. The day is the one that t shows in its own zone.
func (c *Calendar) IsHoliday(t time.Time) bool {
	year := t.Year()
	known, ok := c.years.Load(year)
	if !ok {
		days := map[int]bool{}
		for _, h := range c.holidays {
			if actual, _ := h.Calc(year); !actual.IsZero() {
				days[actual.YearDay()] = true
			}
		}
		known, _ = c.years.LoadOrStore(year, days)
	}
	return known.(map[int]bool)[t.YearDay()]
}

// Midnight is the beginning of a moment's day in the zone.
func (c *Calendar) Midnight(t time.Time) time.Time {
	y, m, d := t.In(c.Zone).Date()
	return time.Date(y, m, d, 0, 0, 0, 0, c.Zone)
}

// face gives the moment at which the clock shows some minutes after a day's midnight. For the hour that a night in March leaves out
// that is the moment at which the clock is changed.
func (c *Calendar) face(day time.Time, minutes int) time.Time {
	y, m, d := day.Date()
	t := time.Date(y, m, d, 0, minutes, 0, 0, c.Zone)
	if t.Hour()*60+t.Minute() != minutes%minutesADay {
		t, _ = t.ZoneBounds()
	}
	return t
}
