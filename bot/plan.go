package bot

import (
	"fmt"
	"strings"

	"motkraft/flows"
)

// plan says a schedule in words: "måndag–fredag 09:00–16:30, helgdagar 10:00–14:00". Hours that are unknown or always have none.
func (w *words) plan(h flows.Hours) string {
	var out []string
	for _, s := range h.Spans() {
		out = append(out, w.days(s)+" "+face(s.From)+"–"+face(s.To))
	}
	return strings.Join(out, ", ")
}

// days says the days of a span, from Monday on: "måndag–fredag", "onsdag, lördag–söndag".
func (w *words) days(s flows.Span) string {
	const aWeek = 7
	switch s.Days {
	case [aWeek]bool{}:
		return w.say(keyHoursHolidays)
	case [aWeek]bool{true, true, true, true, true, true, true}:
		if s.Holidays {
			return w.say(keyHoursDaily)
		}
	}
	var out []string
	for i := 0; i < aWeek; i++ {
		from := i
		for i < aWeek && s.Days[(i+1)%aWeek] {
			i++
		}
		switch first, last := w.weekdays[(from+1)%aWeek], w.weekdays[i%aWeek]; {
		case i == from:
		case i == from+1:
			out = append(out, first)
		default:
			out = append(out, first+"–"+last)
		}
	}
	return strings.Join(out, ", ")
}

// face is so many minutes after midnight on a clock: 09:00, and 24:00 at the day's end.
func face(minutes int) string {
	const aDay, anHour = 24 * 60, 60
	if minutes > aDay {
		minutes -= aDay
	}
	return fmt.Sprintf("%02d:%02d", minutes/anHour, minutes%anHour)
}
