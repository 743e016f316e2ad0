package count

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"
	_ "time/tzdata" // the image holds no zone data
)

// Period is a stretch of time by name: a half-year ("2026-H1", without its campaigns) or a campaign ("2026-09-14", its first day). Days
// are Sweden's.
type Period string

// zone is the time zone of the days. It is no content, as that of the opening hours is: what is kept and published for good lies between the
// bounds of periods, so they must not move when a folder of content is exchanged while the program runs, or is another one where the report
// is made.
var zone = sync.OnceValue(func() *time.Location {
	loc, err := time.LoadLocation("Europe/Stockholm")
	if err != nil {
		panic("count: zone data is built in and holds Europe/Stockholm: " + err.Error())
	}
	return loc
})

// campaignDays is how long a campaign is counted by itself: five weeks.
const campaignDays = 35

const day = "2006-01-02"

// Bounds in time after a period's end. A replica adds once a day, so what it counted may come a day late, and some hours more where the
// store was away; what comes later than that is dropped. Half a day lies between, for clocks that do not agree.
const (
	late      = 36 * time.Hour // so long counts are still added
	published = 48 * time.Hour // from here on the period is published and does not change
)

// halfYear is the half-year that a day lies in.
func halfYear(t time.Time) Period {
	half := 1
	if t.Month() > time.June {
		half = 2
	}
	return Period(fmt.Sprintf("%04d-H%d", t.Year(), half))
}

// Campaign reports whether the period is one.
func (p Period) Campaign() bool { return !strings.Contains(string(p), "H") }

// Begins is the period's first moment; the zero time for what is no period.
func (p Period) Begins() time.Time {
	if t, err := time.ParseInLocation(day, string(p), zone()); err == nil {
		return t
	}
	for half, month := range map[string]time.Month{"H1": time.January, "H2": time.July} {
		if year, ok := strings.CutSuffix(string(p), "-"+half); ok {
			if t, err := time.Parse("2006", year); err == nil {
				return time.Date(t.Year(), month, 1, 0, 0, 0, 0, zone())
			}
		}
	}
	return time.Time{}
}

// Ends is the first moment after the period.
func (p Period) Ends() time.Time {
	if p.Campaign() {
		return p.Begins().AddDate(0, 0, campaignDays)
	}
	return p.Begins().AddDate(0, 6, 0)
}

func (p Period) ok() bool { return !p.Begins().IsZero() }

// Calendar is the first days of all campaigns, in order.
type Calendar []time.Time

// ParseCalendar reads days such as 2026-09-14, separated by commas.
func ParseCalendar(s string) (Calendar, error) {
	var out Calendar
	for field := range strings.SplitSeq(s, ",") {
		if field = strings.TrimSpace(field); field == "" {
			continue
		}
		t, err := time.ParseInLocation(day, field, zone())
		if err != nil {
			return nil, fmt.Errorf("%q is no day: give a campaign's first day, such as 2026-09-14", field)
		}
		out = append(out, t)
	}
	slices.SortFunc(out, time.Time.Compare)
	for i := 1; i < len(out); i++ {
		if before := out[i-1]; out[i].Before(before.AddDate(0, 0, campaignDays)) {
			return nil, fmt.Errorf("the campaign of %s begins within the %d days of that of %s: a day can be counted in one of them only",
				out[i].Format(day), campaignDays, before.Format(day))
		}
	}
	return out, nil
}

// At is the one period that a moment lies in.
func (c Calendar) At(t time.Time) Period {
	t = t.In(zone())
	for _, first := range c {
		if p := Period(first.Format(day)); !t.Before(first) && t.Before(p.Ends()) {
			return p
		}
	}
	return halfYear(t)
}
