package flows_test

import (
	"strings"
	"testing"
	"time"
)

func TestParseHoursReads(t *testing.T) {
	for _, s := range []string{
		"always", " always ", "daily 09-17", "mon-sun 0-24", "mon 9-10", "mon 09:00-16:30", "mon-fri 09-16, sat 10-14", "mon+wed+fri 08:30-20",
		"mon-wed+sat 9-12", "fri-mon 12-13", "sun-sat 1-2", "mon-mon 9-10", "holidays 10-14", "daily 21-06", "daily 18-24", "daily 18-00",
		"daily 23:59-00:01", "mon  09-10 ,tue 10-11",
	} {
		h, err := sweden.ParseHours(s)
		if err != nil {
			t.Errorf("%q: %v", s, err)
		}
		if !h.Known() {
			t.Errorf("%q is unknown, expected to be known", s)
		}
		if h.Always() != (strings.TrimSpace(s) == "always") {
			t.Errorf("%q: always is %t", s, h.Always())
		}
	}
}

// What leaves no minute of any day out is round the clock, however it is written; holidays count.
func TestRoundTheClockInOtherWords(t *testing.T) {
	for s, want := range map[string]bool{
		"daily 00-24":                                 true,
		"daily 00-12, daily 12-24":                    true,
		"daily 08-20, daily 20-08":                    true,
		"mon-sun 00-24, holidays 00-24":               true,
		"mon-fri 00-24, sat+sun 0-24, holidays 0-24":  true,
		"mon-sun 00-24":                               false, // closed on holidays
		"daily 00-23:59":                              false,
		"mon-sun 08-20, mon-sun 20-08, holidays 0-24": false, // the night after a holiday
		"mon-sat 00-24, holidays 00-24":               false,
	} {
		h, err := sweden.ParseHours(s)
		if err != nil || h.Always() != want {
			t.Errorf("%q: always is %t (%v), expected %t", s, h.Always(), err, want)
		}
	}
}

func TestParseHoursRefuses(t *testing.T) {
	const (
		none   = " has no days and times, expected always, or such as mon-fri 09:00-16:30"
		days   = " names no days, expected daily, holidays, or mon, tue, wed, thu, fri, sat, sun, such as mon-thu+sat"
		noSpan = " is no span of time, expected such as 09:00-16:30 or 21-06"
	)
	for s, want := range map[string]string{
		"":                     `""` + none,
		"24/7":                 `"24/7"` + none,
		"daily":                `"daily"` + none,
		"mon 9-10,":            `""` + none,
		"always, mon 9-10":     `"always"` + none,
		"mon 9-10, always":     `"always"` + none,
		"Mon 9-10":             `"Mon"` + days,
		"weekdays 9-10":        `"weekdays"` + days,
		"mån 9-10":             `"mån"` + days,
		"mon- 9-10":            `"mon-"` + days,
		"mon-fri-sun 9-10":     `"mon-fri-sun"` + days,
		"mon+ 9-10":            `"mon+"` + days,
		"mon+holidays 9-10":    `"mon+holidays"` + days, // they are an entry of their own
		"mon - fri 9-10":       `"- fri 9-10"` + noSpan,
		"mon 9":                `"9"` + noSpan,
		"mon 9-9":              `"9-9"` + noSpan, // round the clock, or not at all? always says which
		"mon 00-00":            `"00-00"` + noSpan,
		"mon 24-06":            `"24-06"` + noSpan,
		"mon 9-25":             `"9-25"` + noSpan,
		"mon 9-24:30":          `"9-24:30"` + noSpan,
		"mon 9:5-10":           `"9:5-10"` + noSpan,
		"mon 9:60-10":          `"9:60-10"` + noSpan,
		"mon 009-10":           `"009-10"` + noSpan,
		"mon 9.30-10":          `"9.30-10"` + noSpan,
		"mon 9–10":             `"9–10"` + noSpan, // a dash, not a hyphen
		"mon +9-10":            `"+9-10"` + noSpan,
		"mon 9:+5-10":          `"9:+5-10"` + noSpan,
		"mon -9-10":            `"-9-10"` + noSpan,
		"mon 9-10 tue 9-10":    `"9-10 tue 9-10"` + noSpan,
		"mon 9-10-11":          `"9-10-11"` + noSpan,
		"mon 9-10; tue 10-11":  `"9-10; tue 10-11"` + noSpan,
		"mon 9am-5pm":          `"9am-5pm"` + noSpan,
		"daily 99999999999-10": `"99999999999-10"` + noSpan,
	} {
		h, err := sweden.ParseHours(s)
		if err == nil {
			t.Errorf("%q was read, expected: %s", s, want)
			continue
		}
		if err.Error() != want {
			t.Errorf("%q: %s\nexpected: %s", s, err, want)
		}
		if h.Known() {
			t.Errorf("%q: known hours beside an error", s)
		}
	}
}

// FuzzParseHours holds a truth of all hours that can be written: what closes or opens does so later, and is then as was said.
// Hours that are open all days of a fortnight close beyond the horizon, so there only the order is held.
func FuzzParseHours(f *testing.F) {
	const seconds = 1774742399 // 00:59:59 UTC on 29 March 2026: one second before the clock changes
	for _, s := range []string{
		"always", "daily 21-06", "daily 00-24", "mon-fri 09:00-16:30, sat 10-14", "mon+wed 08:30-20, holidays 10-14", "holidays 23-22",
		"daily 02-03", "daily 02:45-03:15", "sun 02:30-02:31", "fri-mon 00:01-00:00", "mon +9-10", "daily", "24/7",
	} {
		for _, at := range []int64{seconds, seconds + 1, 1792886400, 1792890000, 1798066800} {
			f.Add(s, at)
		}
	}
	f.Fuzz(func(t *testing.T, s string, at int64) {
		h, err := sweden.ParseHours(s)
		if err != nil {
			if err.Error() == "" || h.Known() {
				t.Fatalf("%q: error %q, known %t", s, err, h.Known())
			}
			return
		}
		const century = 100 * 366 * 24 * 3600
		now := time.Unix(at%century, 0) // Easter is reckoned for our time
		now = now.Add(max(0, time.Unix(0, 0).Sub(now)))
		st := h.At(now)
		switch {
		case !st.Known:
			t.Fatalf("%q was read and is unknown", s)
		case st.Always:
			if !st.Open {
				t.Fatalf("%q is always closed", s)
			}
		case st.Open:
			if !st.Until.After(now) {
				t.Fatalf("%q at %s: until %s, which is not after", s, now, st.Until)
			}
			if far := st.Until.Sub(now) > 13*24*time.Hour; !far && h.At(st.Until).Open {
				t.Fatalf("%q at %s: until %s, and open then", s, now, st.Until)
			}
		case !st.Opens.IsZero():
			if !st.Opens.After(now) {
				t.Fatalf("%q at %s: opens %s, which is not after", s, now, st.Opens)
			}
			if !h.At(st.Opens).Open {
				t.Fatalf("%q at %s: opens %s, and is closed then", s, now, st.Opens)
			}
		}
	})
}
