package bot

import (
	"strconv"
	"strings"
	"time"

	"motkraft/flows"
	"motkraft/locales"
)

// words is one language's message catalog, compiled: what a press needs is looked up or put together from whole pieces, nothing is parsed.
type words struct {
	zone     *time.Location // in which hours are said
	lang     string
	texts    map[string]string // by key
	labels   []string          // by label
	phrases  map[string]locales.Phrase
	weekdays []string // by time.Weekday
	months   []string // by time.Month, less one
	cards    []card   // by Service.Index
}

// card is what is said of a service at any hour.
type card struct {
	name    string
	about   string // what it does for the person
	whole   string // all of it with every contact's line, for a service without a schedule
	reaches []reach
	buttons []Button // of the reaches, in order
	size    int      // about how many bytes all of it takes
}

// reach is one contact in words.
type reach struct {
	line   string  // in the text, before the hours
	hours  bool    // hours stand behind the line
	button *Button // nil: it has none, or an earlier one does the same
}

func newWords(set *flows.Set, catalog *locales.Catalog, lang string) *words {
	w := &words{
		zone:     set.Campaign.Zone,
		lang:     lang,
		texts:    map[string]string{},
		phrases:  map[string]locales.Phrase{},
		weekdays: catalog.Lines(lang, keyWeekdays),
		months:   catalog.Lines(lang, keyMonths),
	}
	for _, key := range catalog.Keys(lang) {
		w.texts[key] = catalog.Say(lang, key)
	}
	for _, n := range set.Nodes {
		if checked := n.LawChecked(); !checked.IsZero() {
			w.texts[string(n.ID)] = catalog.Phrase(lang, string(n.ID)).Fill(blankChecked, w.month(checked))
		}
	}
	for _, own := range ownWords {
		if len(own.Blanks) > 0 {
			w.phrases[own.Key] = catalog.Phrase(lang, own.Key)
		}
	}
	for _, s := range set.Services {
		w.cards = append(w.cards, w.card(s))
	}
	return w
}

// month is a month of a year in words: september 2025.
func (w *words) month(t time.Time) string { return w.months[t.Month()-1] + " " + itoa(t.Year()) }

func (w *words) say(key string) string { return w.texts[key] }

// fill says a phrase with its blanks filled in, by name and value in turn.
func (w *words) fill(key string, pairs ...string) string {
	return w.phrases[key].Fill(pairs...)
}

// card says a service: its name, what it does, and what is known of it from the directory.
func (w *words) card(s *flows.Service) card {
	about := []string{w.say("service/" + s.ID)}
	if s.Anonymous {
		about = append(about, w.say(keyAnonymous))
	}
	if s.Free {
		about = append(about, w.say(keyFree))
	}
	if ages := w.ages(s.Ages); ages != "" {
		about = append(about, ages)
	}
	c := card{name: s.Name, about: strings.Join(about, " ")}
	seen := map[string]bool{}
	for i := range s.Contacts {
		r := w.reach(s, &s.Contacts[i])
		if r.button != nil {
			target := r.button.URL + r.button.Phone
			if seen[target] {
				r.button = nil
			}
			seen[target] = true
		}
		if r.button != nil {
			c.buttons = append(c.buttons, *r.button)
		}
		c.reaches = append(c.reaches, r)
		const hours = 32
		c.size += len(r.line) + hours
	}
	c.size += len(c.name) + len("\n") + len(c.about)
	if !s.Timed {
		var whole strings.Builder
		status := make([]flows.Status, len(s.Contacts))
		for i := range s.Contacts {
			status[i] = s.Contacts[i].Hours.At(time.Time{})
		}
		w.offer(&whole, &c, status, time.Time{})
		c.whole = whole.String()
	}
	return c
}

func (w *words) ages(a flows.Ages) string {
	lo, hi := itoa(a.Min), itoa(a.Max)
	switch {
	case a.Max == 0 && a.Min == 0:
		return ""
	case a.Max == 0:
		return w.fill(keyAgesFrom, "Min", lo)
	case a.Min == 0:
		return w.fill(keyAgesTo, "Max", hi)
	}
	return w.fill(keyAges, "Min", lo, "Max", hi)
}

func (w *words) reach(s *flows.Service, c *flows.Contact) reach {
	var r reach
	b := Button{Kind: Contact}
	switch c.Kind {
	case flows.Phone:
		r.line, r.hours = w.fill(keyContactPhone, "Number", c.Address), true
		b.Label, b.Phone = w.fill(keyCall, "Number", c.Address), c.Dial
	case flows.Chat:
		r.line, r.hours = w.fill(keyContactChat, "Address", bare(c.Address)), true
		b.Label, b.URL = w.fill(keyChat, "Name", s.Short), c.Address
	case flows.Page:
		r.line = w.fill(keyContactPage, "Address", bare(c.Address))
		b.Label, b.URL = w.fill(keyPage, "Name", s.Short), c.Address
	case flows.Email:
		r.line = w.fill(keyContactEmail, "Address", c.Address)
		return w.labelled(s, c, r)
	}
	r.button = &b
	return w.labelled(s, c, r)
}

// labelled puts a contact's own label before its line, and on its link: of two links to one service each says where it leads.
func (w *words) labelled(s *flows.Service, c *flows.Contact, r reach) reach {
	if c.ID == "" {
		return r
	}
	label := w.say("service/" + s.ID + "." + c.ID)
	r.line = label + ": " + r.line
	if r.button != nil && r.button.URL != "" {
		r.button.Label = label
	}
	return r
}

// bare is a web address as people write it: the host alone, since the whole of it is in the button.
func bare(address string) string {
	address = strings.TrimPrefix(address, "https://")
	host, _, _ := strings.Cut(address, "/")
	return strings.TrimPrefix(host, "www.")
}

// offer says a service and each of its contacts with its hours.
func (w *words) offer(text *strings.Builder, c *card, status []flows.Status, now time.Time) {
	text.WriteString(c.name)
	text.WriteByte('\n')
	text.WriteString(c.about)
	for i, reach := range c.reaches {
		text.WriteByte('\n')
		text.WriteString(reach.line)
		if reach.hours {
			text.WriteString(", ")
			text.WriteString(w.hours(status[i], now))
		}
	}
}

// hours says a status in words; times are those of the campaign's zone.
func (w *words) hours(s flows.Status, now time.Time) string {
	switch {
	case !s.Known:
		return w.say(keyHoursUnknown)
	case s.Always:
		return w.say(keyHoursAlways)
	case s.Open:
		return w.fill(keyHoursUntil, "Time", w.clock(s.Until))
	case s.Opens.IsZero():
		return w.say(keyHoursClosed)
	}
	now, opens := now.In(w.zone), s.Opens.In(w.zone)
	const aWeek = 7
	switch days := daysBetween(now, opens); {
	case days == 0:
		return w.fill(keyHoursToday, "Time", w.clock(opens))
	case days == 1:
		return w.fill(keyHoursTomorrow, "Time", w.clock(opens))
	case days < aWeek:
		return w.fill(keyHoursOn, "Day", w.weekdays[opens.Weekday()], "Time", w.clock(opens))
	}
	return w.fill(keyHoursOn, "Day", itoa(opens.Day())+" "+w.months[opens.Month()-1], "Time", w.clock(opens))
}

// clock is a time as it stands on a door: 09:00.
func (w *words) clock(t time.Time) string { return t.In(w.zone).Format("15:04") }

// daysBetween counts midnights.
func daysBetween(a, b time.Time) int {
	const day = 24 * time.Hour
	noon := func(t time.Time) time.Time { return time.Date(t.Year(), t.Month(), t.Day(), 12, 0, 0, 0, time.UTC) }
	return int(noon(b).Sub(noon(a)) / day)
}

func itoa(n int) string { return strconv.Itoa(n) }
