package flows_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"motkraft/flows"
)

// campaign is the one that ships.
func campaign() *flows.Campaign {
	c, problems := flows.LoadCampaign(flows.Embedded)
	if len(problems) > 0 {
		panic(problems)
	}
	return c
}

// sweden is the calendar of the hours in these tests: the law of 1989 that is written down beside it is Sweden's.
var sweden = campaign().Calendar

// hours reads hours that a test writes.
func hours(t testing.TB, s string) flows.Hours {
	t.Helper()
	h, err := sweden.ParseHours(s)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// clock is how moments are written here; the offset tells the two hours apart that a night in October has twice.
const clock = "2006-01-02 15:04 -0700"

// moment reads a moment in Swedish time, with an offset where it matters.
func moment(t testing.TB, s string) time.Time {
	t.Helper()
	if at, err := time.Parse(clock, s); err == nil {
		return at.In(sweden.Zone)
	}
	at, err := time.ParseInLocation("2006-01-02 15:04", s, sweden.Zone)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

// says writes a status as a test wants it.
func says(s flows.Status) string {
	const short = "Mon 2006-01-02 15:04"
	switch {
	case !s.Known:
		return "unknown"
	case s.Always:
		return "always"
	case s.Open:
		return "open until " + s.Until.In(sweden.Zone).Format(short)
	case s.Opens.IsZero():
		return "closed"
	}
	return "opens " + s.Opens.In(sweden.Zone).Format(short)
}

func TestHoursAtAMoment(t *testing.T) {
	const weekday = "mon-fri 09:00-16:30, sat 10-14"
	for _, c := range []struct{ hours, at, want string }{
		// Tuesday 24 November 2026 is a day like others.
		{weekday, "2026-11-24 08:59", "opens Tue 2026-11-24 09:00"},
		{weekday, "2026-11-24 09:00", "open until Tue 2026-11-24 16:30"},
		{weekday, "2026-11-24 16:29", "open until Tue 2026-11-24 16:30"},
		{weekday, "2026-11-24 16:30", "opens Wed 2026-11-25 09:00"},
		{weekday, "2026-11-28 13:00", "open until Sat 2026-11-28 14:00"},
		{weekday, "2026-11-28 14:00", "opens Mon 2026-11-30 09:00"},
		{weekday, "2026-11-29 12:00", "opens Mon 2026-11-30 09:00"},
		{"mon+wed 08:30-20, tue 9-10", "2026-11-24 11:00", "opens Wed 2026-11-25 08:30"},
		{"fri-mon 12-13", "2026-11-24 11:00", "opens Fri 2026-11-27 12:00"},
		{"always", "2026-11-24 03:00", "always"},

		// A night belongs to the day on which it began.
		{"daily 21-06", "2026-11-24 20:59", "opens Tue 2026-11-24 21:00"},
		{"daily 21-06", "2026-11-24 23:59", "open until Wed 2026-11-25 06:00"},
		{"daily 21-06", "2026-11-25 00:00", "open until Wed 2026-11-25 06:00"},
		{"daily 21-06", "2026-11-25 05:59", "open until Wed 2026-11-25 06:00"},
		{"daily 21-06", "2026-11-25 06:00", "opens Wed 2026-11-25 21:00"},
		{"fri 21-06", "2026-11-28 05:00", "open until Sat 2026-11-28 06:00"},
		{"sat 21-06", "2026-11-28 05:00", "opens Sat 2026-11-28 21:00"},
		{"mon-fri 18-24", "2026-11-24 23:00", "open until Wed 2026-11-25 00:00"},

		// What goes on where the last one ends is one opening, also past midnight.
		{"mon 09-12, mon 12-15, mon 14-16", "2026-11-23 10:00", "open until Mon 2026-11-23 16:00"},
		{"daily 18-24, daily 00-08", "2026-11-24 20:00", "open until Wed 2026-11-25 08:00"},
		{"mon 21-06, tue 05-12", "2026-11-23 22:00", "open until Tue 2026-11-24 12:00"},
		{"mon 09-18, mon 10-11", "2026-11-23 10:30", "open until Mon 2026-11-23 18:00"},

		// Holidays: only daily and holidays count, and not the day of the week.
		{weekday, "2026-12-23 17:00", "opens Mon 2026-12-28 09:00"}, // a Wednesday; the eve, two days, and a Sunday follow
		{weekday, "2026-12-24 10:00", "opens Mon 2026-12-28 09:00"}, // a Thursday
		{weekday, "2026-12-26 11:00", "opens Mon 2026-12-28 09:00"}, // a Saturday
		{weekday, "2027-03-25 17:00", "opens Sat 2027-03-27 10:00"}, // over Good Friday; the law leaves Easter Eve out
		{"mon-fri 09-16", "2027-03-25 17:00", "opens Tue 2027-03-30 09:00"},
		{weekday, "2026-06-18 17:00", "opens Mon 2026-06-22 09:00"}, // the day before midsummer eve
		{weekday, "2026-12-30 17:00", "opens Sat 2027-01-02 10:00"}, // New Year, a Thursday and a Friday
		{"daily 09-19", "2026-12-24 10:00", "open until Thu 2026-12-24 19:00"},
		{"mon-sun 09-19", "2026-12-24 10:00", "opens Sun 2026-12-27 09:00"},
		{"mon-fri 09-16, holidays 10-14", "2026-12-24 09:30", "opens Thu 2026-12-24 10:00"},
		{"mon-fri 09-16, holidays 10-14", "2026-12-24 14:00", "opens Fri 2026-12-25 10:00"},
		{"holidays 10-14", "2026-05-15 12:00", "opens Sun 2026-05-24 10:00"}, // Ascension over, Whit Sunday to come
		{"holidays 10-14", "2026-11-24 12:00", "closed"},                     // Christmas is too far to be worth saying
		{"wed 21-06", "2026-12-24 05:00", "open until Thu 2026-12-24 06:00"}, // the night began on a day like others
		{"thu 21-06", "2026-12-25 05:00", "opens Thu 2027-01-07 21:00"},      // a night that began on the eve did not

		// The clock goes from 02 to 03 on 29 March 2026 and 28 March 2027 (Easter Sunday)…
		{"daily 21-06", "2026-03-29 01:59", "open until Sun 2026-03-29 06:00"},
		{"daily 09-19", "2026-03-29 08:59", "opens Sun 2026-03-29 09:00"},
		{"daily 09-19", "2027-03-28 18:59", "open until Sun 2027-03-28 19:00"},
		{"daily 00-02", "2026-03-29 01:59", "open until Sun 2026-03-29 03:00"}, // 02 and 03 are one moment
		{"daily 03-04", "2027-03-28 01:59", "opens Sun 2027-03-28 03:00"},
		{"daily 02-03", "2026-03-29 01:30", "opens Mon 2026-03-30 02:00"}, // the hour that there is not
		{"daily 02:30-03", "2026-03-29 01:30", "opens Mon 2026-03-30 02:30"},
		{"daily 02:45-03:15", "2026-03-29 01:30", "opens Sun 2026-03-29 03:00"},
		{"daily 02:45-03:15", "2026-03-29 03:14", "open until Sun 2026-03-29 03:15"},
		// … and from 03 to 02 on 25 October 2026 and 31 October 2027.
		{"daily 21-06", "2026-10-25 02:30 +0200", "open until Sun 2026-10-25 06:00"},
		{"daily 21-06", "2027-10-31 02:30 +0100", "open until Sun 2027-10-31 06:00"},
		{"daily 09-19", "2026-10-25 08:59", "opens Sun 2026-10-25 09:00"},
		{"daily 09-19", "2027-10-31 19:00", "opens Mon 2027-11-01 09:00"},
		{"daily 01-04", "2026-10-25 02:30 +0100", "open until Sun 2026-10-25 04:00"},
	} {
		t.Run(c.hours+" "+c.at, func(t *testing.T) {
			if got := says(hours(t, c.hours).At(moment(t, c.at))); got != c.want {
				t.Errorf("%s, expected %s", got, c.want)
			}
		})
	}
	var unknown flows.Hours
	if got := says(unknown.At(moment(t, "2026-11-24 12:00"))); got != "unknown" || unknown.Known() {
		t.Errorf("hours that nobody wrote: %s, expected unknown and never open", got)
	}
}

// The moment may come in any zone: a server's own clock is in UTC.
func TestHoursAreSwedishWhereverTheServerStands(t *testing.T) {
	h := hours(t, "mon-fri 09-16")
	at := moment(t, "2026-11-24 09:30")
	for _, zone := range []*time.Location{time.UTC, time.FixedZone("far", -11*3600), time.FixedZone("farther", 13*3600)} {
		if got := says(h.At(at.In(zone))); got != "open until Tue 2026-11-24 16:00" {
			t.Errorf("in %s: %s", zone, got)
		}
	}
	// Half past midnight in Sweden is still yesterday in UTC.
	got := hours(t, "daily 09-10").Intervals(moment(t, "2026-11-24 00:30").UTC(), 1)
	if len(got) != 1 || !got[0].From.Equal(moment(t, "2026-11-24 09:00")) {
		t.Errorf("%v, expected one opening on the Swedish day", got)
	}
}

func TestOpeningsOfTheComingDays(t *testing.T) {
	for _, c := range []struct {
		hours, from string
		days        int
		want        string
	}{
		{"always", "2026-11-24 12:00", 2, "24 00:00-26 00:00"},
		{"daily 21-06", "2026-11-24 12:00", 2, "24 21:00-25 06:00, 25 21:00-26 06:00"},
		{"daily 21-06", "2026-11-24 05:00", 1, "23 21:00-24 06:00, 24 21:00-25 06:00"}, // last night's goes on
		{"daily 21-06", "2026-11-24 06:00", 1, "24 21:00-25 06:00"},
		{"mon-fri 09-12, mon-fri 12-15", "2026-11-27 10:00", 4, "27 09:00-27 15:00, 30 09:00-30 15:00"},
		{"daily 00-12, daily 12-24", "2026-11-24 11:00", 3, "24 00:00-27 00:00"}, // merged over midnight
		{"mon-fri 09-15", "2026-12-23 10:00", 6, "23 09:00-23 15:00, 28 09:00-28 15:00"},
		{"daily 21-06", "2026-03-28 12:00", 2, "28 21:00-29 06:00, 29 21:00-30 06:00"},
		{"daily 02:45-03", "2026-03-28 12:00", 3, "30 02:45-30 03:00"}, // nothing on the night without that hour
		{"mon 09-10", "2026-11-24 12:00", 6, ""},
		{"daily 09-10", "2026-11-24 12:00", 0, ""},
	} {
		var got []string
		for _, in := range hours(t, c.hours).Intervals(moment(t, c.from), c.days) {
			got = append(got, in.From.Format("02 15:04")+"-"+in.To.Format("02 15:04"))
		}
		if found := strings.Join(got, ", "); found != c.want {
			t.Errorf("%s from %s, %d days: %q, expected %q", c.hours, c.from, c.days, found, c.want)
		}
	}
	if got := (flows.Hours{}).Intervals(moment(t, "2026-11-24 12:00"), 7); len(got) > 0 {
		t.Errorf("unknown hours open at %v", got)
	}
}

// The nights on which the clock is changed are an hour shorter and longer, and no opening is lost.
func TestANightIsAsLongAsTheClockMakesIt(t *testing.T) {
	for day, want := range map[string]time.Duration{
		"2026-03-28": 8 * time.Hour, "2026-10-24": 10 * time.Hour,
		"2027-03-27": 8 * time.Hour, "2027-10-30": 10 * time.Hour,
		"2026-11-24": 9 * time.Hour,
	} {
		in := hours(t, "daily 21-06").Intervals(moment(t, day+" 12:00"), 1)
		if len(in) != 1 || in[0].To.Sub(in[0].From) != want {
			t.Errorf("%s: %v, expected one of %s", day, in, want)
		}
	}
}

func ExampleCalendar_ParseHours() {
	campaign, _ := flows.LoadCampaign(flows.Embedded)
	h, err := campaign.ParseHours("mon-fri 09:00-16:30, holidays 10-14")
	if err != nil {
		fmt.Println(err)
		return
	}
	christmas := time.Date(2026, 12, 24, 11, 0, 0, 0, campaign.Zone)
	fmt.Println(h.At(christmas).Until.Format("Mon 15:04"))
	// Output: Thu 14:00
}
