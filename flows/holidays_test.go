package flows_test

import (
	"testing"
	"time"
)

// holidays of two years, written down by hand from the law on public holidays (1989:253), not from the library that the program
// asks. With them stand the eves of midsummer, Christmas and New Year, on which Sweden is as closed. Sundays are holidays by the
// law too, but have a day of the week to be known by. Easter Sunday is 5 April 2026 and 28 March 2027.
var holidays = map[string]string{
	"2026-01-01": "nyårsdagen",
	"2026-01-06": "trettondedag jul",
	"2026-04-03": "långfredagen, the Friday before Easter Sunday",
	"2026-04-05": "påskdagen",
	"2026-04-06": "annandag påsk",
	"2026-05-01": "första maj",
	"2026-05-14": "Kristi himmelsfärdsdag, the sixth Thursday after Easter Sunday",
	"2026-05-24": "pingstdagen, the seventh Sunday after Easter Sunday",
	"2026-06-06": "nationaldagen",
	"2026-06-19": "midsommarafton",
	"2026-06-20": "midsommardagen, the Saturday from 20 to 26 June",
	"2026-10-31": "alla helgons dag, the Saturday from 31 October to 6 November",
	"2026-12-24": "julafton",
	"2026-12-25": "juldagen",
	"2026-12-26": "annandag jul",
	"2026-12-31": "nyårsafton",

	"2027-01-01": "nyårsdagen",
	"2027-01-06": "trettondedag jul",
	"2027-03-26": "långfredagen",
	"2027-03-28": "påskdagen",
	"2027-03-29": "annandag påsk",
	"2027-05-01": "första maj",
	"2027-05-06": "Kristi himmelsfärdsdag",
	"2027-05-16": "pingstdagen",
	"2027-06-06": "nationaldagen",
	"2027-06-25": "midsommarafton",
	"2027-06-26": "midsommardagen",
	"2027-11-06": "alla helgons dag",
	"2027-12-24": "julafton",
	"2027-12-25": "juldagen",
	"2027-12-26": "annandag jul",
	"2027-12-31": "nyårsafton",
}

// clockChanges are the days of those years on which the clock is changed.
var clockChanges = []string{"2026-03-29", "2026-10-25", "2027-03-28", "2027-10-31"}

// days gives every day of 2026 and 2027.
func days() []time.Time {
	var out []time.Time
	for day := time.Date(2026, 1, 1, 0, 0, 0, 0, sweden.Zone); day.Year() < 2028; day = day.AddDate(0, 0, 1) {
		out = append(out, day)
	}
	return out
}

func TestHolidaysAreThoseOfTheLaw(t *testing.T) {
	found := 0
	for _, day := range days() {
		name, want := holidays[day.Format(time.DateOnly)]
		if got := sweden.IsHoliday(day); got != want {
			t.Errorf("%s (%s): a holiday is %t, expected %t", day.Format(time.DateOnly), name, got, want)
		}
		if want {
			found++
		}
	}
	if found != len(holidays) {
		t.Errorf("%d of %d holidays lie in the two years", found, len(holidays))
	}
}

// On a holiday nobody is sent to a door that is only open on weekdays, whatever day of the week it is.
func TestOnlyDailyAndHolidaysAreOpenOnAHoliday(t *testing.T) {
	everyDay, weekDays, onHolidays := hours(t, "daily 09-17"), hours(t, "mon-sun 09-17"), hours(t, "holidays 09-17")
	for _, day := range days() {
		noon := day.Add(12 * time.Hour)
		_, holiday := holidays[day.Format(time.DateOnly)]
		if !everyDay.At(noon).Open {
			t.Errorf("%s: daily is closed", day.Format(time.DateOnly))
		}
		if weekDays.At(noon).Open == holiday {
			t.Errorf("%s: mon-sun is open is %t, a holiday is %t", day.Format(time.DateOnly), !holiday, holiday)
		}
		if onHolidays.At(noon).Open != holiday {
			t.Errorf("%s: holidays is open is %t, a holiday is %t", day.Format(time.DateOnly), !holiday, holiday)
		}
	}
}
