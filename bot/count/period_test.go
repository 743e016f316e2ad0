package count

import (
	"testing"
	"time"

	"motkraft/flows"
)

// The days that are counted are those of the content that ships.
func TestDaysAreThoseOfTheCampaign(t *testing.T) {
	campaign, problems := flows.LoadCampaign(flows.Embedded)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	if got, want := zone().String(), campaign.Zone.String(); got != want {
		t.Errorf("counted by the days of %s, expected those of %s", got, want)
	}
}

func TestPeriods(t *testing.T) {
	calendar, err := ParseCalendar("2026-09-14, 2026-06-10,")
	if err != nil || len(calendar) != 2 {
		t.Fatalf("%v, %v", calendar, err)
	}
	for at, want := range map[string]Period{
		"2026-01-01 00:00": "2026-H1",
		"2026-06-09 23:59": "2026-H1",
		"2026-06-10 00:00": "2026-06-10",
		"2026-07-14 23:59": "2026-06-10", // over the end of the half-year
		"2026-07-15 00:00": "2026-H2",
		"2026-09-14 00:00": "2026-09-14",
		"2026-10-18 23:59": "2026-09-14",
		"2026-10-19 00:00": "2026-H2",
		"2026-12-31 23:59": "2026-H2",
		"2027-01-01 00:00": "2027-H1",
	} {
		// Wherever the server stands, days are Sweden's.
		if got := calendar.At(stockholm(t, at).UTC()); got != want {
			t.Errorf("%s is in %s, expected %s", at, got, want)
		}
	}
	for p, want := range map[Period][2]string{
		"2026-H1":    {"2026-01-01 00:00", "2026-07-01 00:00"},
		"2026-H2":    {"2026-07-01 00:00", "2027-01-01 00:00"},
		"2026-10-05": {"2026-10-05 00:00", "2026-11-09 00:00"}, // the clocks go back within it
	} {
		if !p.Begins().Equal(stockholm(t, want[0])) || !p.Ends().Equal(stockholm(t, want[1])) {
			t.Errorf("%s is from %v to %v", p, p.Begins(), p.Ends())
		}
	}
	for _, p := range []Period{"", "2026", "H1", "2026-H0", "2026-W1", "2026-13-01", "2026-1-1", "26-H1"} {
		if p.ok() {
			t.Errorf("%q is a period", p)
		}
	}
	for _, bad := range []string{"yesterday", "2026-02-30", "2026-09-14,2026-10-18", "2026-09-14,2026-09-14"} {
		if _, err := ParseCalendar(bad); err == nil {
			t.Errorf("%q was taken", bad)
		}
	}
	if _, err := ParseCalendar("2026-09-14,2026-10-19"); err != nil {
		t.Error(err)
	}
}

// Every moment of some years lies in the period that At gives, and periods that follow each other leave nothing out.
func TestEveryMomentHasOnePeriod(t *testing.T) {
	calendar, err := ParseCalendar("2026-06-10,2026-12-20")
	if err != nil {
		t.Fatal(err)
	}
	for at := stockholm(t, "2026-01-01 00:00"); at.Year() < 2028; at = at.Add(6 * time.Hour) {
		if p := calendar.At(at); at.Before(p.Begins()) || !at.Before(p.Ends()) {
			t.Errorf("%v is counted in %s", at, p)
		}
	}
}
