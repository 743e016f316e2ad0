package bot

import (
	"testing"
	"time"
)

// A time alone says when it closes only where there is one such time before that; otherwise the day stands with it.
func TestHoursInWords(t *testing.T) {
	b := newBot(t)
	calendar := b.set.Campaign.Calendar
	w := b.render.langs[State{}.in("sv").Lang]
	at := func(s string) time.Time {
		when, err := time.ParseInLocation("2006-01-02 15:04", s, calendar.Zone)
		if err != nil {
			t.Fatal(err)
		}
		return when
	}
	const weekend = "fri 12-24, sat-sun 00-24, mon 00-08"
	for _, c := range []struct{ hours, now, want string }{
		{"daily 00-24", "2026-11-24 23:00", "öppet dygnet runt"},
		{"mon-sun 00-12, mon-sun 12-24, holidays 00-24", "2026-11-24 23:00", "öppet dygnet runt"},
		{"mon-fri 18-24", "2026-11-24 23:00", "öppet till 00:00"},
		{"daily 21-06", "2026-11-24 23:00", "öppet till 06:00"},
		{weekend, "2026-11-27 13:00", "öppet till måndag 08:00"},
		{weekend, "2026-11-29 08:00", "öppet till måndag 08:00"}, // a day away to the minute
		{weekend, "2026-11-29 08:01", "öppet till 08:00"},
		{"mon-sun 00-24", "2026-12-10 12:00", "öppet till 24 december 00:00"},
		{"mon-sun 00-24", "2026-11-24 12:00", "öppet nu"}, // for a month
		{weekend, "2026-11-24 10:00", "öppnar fredag 12:00"},
		{"thu 10-12", "2026-12-17 18:00", "stängt nu"}, // for three weeks
	} {
		h, err := calendar.ParseHours(c.hours)
		if err != nil {
			t.Fatal(err)
		}
		now := at(c.now)
		if got := w.hours(h.At(now), now); got != c.want {
			t.Errorf("%s at %s: %q, expected %q", c.hours, c.now, got, c.want)
		}
	}
}
