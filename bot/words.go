package bot

import (
	"slices"
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
	parts    []parted          // by label; empty for all but what is said above services
	phrases  map[string]locales.Phrase
	weekdays []string           // by time.Weekday
	months   []string           // by time.Month, less one
	numbers  map[string]string  // the first number of each service that has one, by its id
	cards    map[string][]*card // by audience, then by Service.Index; nobody's is the one for whoever has no sentence of their own
}

// nobody is the audience of a card that is for everybody.
const nobody = ""

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
	aside  bool    // no screen shows the button, only the list of all contacts
}

func newWords(set *flows.Set, catalog *locales.Catalog, lang string) *words {
	w := &words{
		zone:     set.Campaign.Zone,
		lang:     lang,
		texts:    map[string]string{},
		phrases:  map[string]locales.Phrase{},
		numbers:  map[string]string{},
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
		if i := slices.IndexFunc(s.Contacts, func(c flows.Contact) bool { return c.Kind == flows.Phone }); i >= 0 {
			w.numbers[s.ID] = s.Contacts[i].Address
		}
	}
	w.cards = map[string][]*card{nobody: nil}
	for _, s := range set.Services {
		w.cards[nobody] = append(w.cards[nobody], w.card(s, nobody))
	}
	for _, audience := range set.Campaign.Audiences() {
		cards := slices.Clone(w.cards[nobody])
		for _, s := range set.Services {
			if w.say(serviceKey(s, audience)) != "" {
				cards[s.Index] = w.card(s, audience)
			}
		}
		w.cards[audience] = cards
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

// card says a service to an audience: its name, what it does, and what is known of it from the directory.
func (w *words) card(s *flows.Service, audience string) *card {
	about := []string{w.say(serviceKey(s, audience))}
	if s.Anonymous {
		about = append(about, w.say(keyAnonymous))
	}
	if s.Free {
		about = append(about, w.say(keyFree))
	}
	if ages := w.ages(s.Ages); ages != "" {
		about = append(about, ages)
	}
	if len(s.Languages) > 0 {
		about = append(about, w.fill(keySpoken, "Languages", w.languages(s.Languages)))
	}
	if s.Interpreter {
		about = append(about, w.say(keyInterpreter))
	}
	out := &card{name: s.Name, about: strings.Join(about, " ")}
	seen := map[string]bool{}
	// A page has a button where there is nobody to ring or to write to: a screen with many buttons hides the first call.
	answered := slices.ContainsFunc(s.Contacts, func(c flows.Contact) bool { return c.Kind == flows.Phone || c.Kind == flows.Chat })
	for i := range s.Contacts {
		c := &s.Contacts[i]
		r := w.reach(s, c)
		if r.button != nil {
			target := r.button.URL + r.button.Phone
			if seen[target] {
				r.button = nil
			}
			seen[target] = true
			r.aside = answered && (c.Kind == flows.Page || c.Kind == flows.About) && c.ID == ""
		}
		if r.button != nil && !r.aside {
			out.buttons = append(out.buttons, *r.button)
		}
		out.reaches = append(out.reaches, r)
		const hours = 32
		out.size += len(r.line) + hours
	}
	out.size += len(out.name) + len("\n") + len(out.about)
	if !s.Timed {
		var whole strings.Builder
		status := make([]flows.Status, len(s.Contacts))
		for i := range s.Contacts {
			status[i] = s.Contacts[i].Hours.At(time.Time{})
		}
		w.offer(&whole, out, status, time.Time{})
		out.whole = whole.String()
	}
	return out
}

// languages names languages, as a list within a sentence.
func (w *words) languages(codes []string) string {
	var names []string
	for _, code := range codes {
		names = append(names, w.say(languageKey(code)))
	}
	return strings.Join(names, ", ")
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
	case flows.Through:
		r.line = w.through(s, c)
		return w.labelled(s, c, r)
	case flows.About:
		r.line = w.fill(keyContactAbout, "Address", bare(c.Address))
		b.Label, b.URL = w.fill(keyAbout, "Name", s.Short), c.Address
	case flows.Email:
		r.line = w.fill(keyContactEmail, "Address", c.Address)
		return w.labelled(s, c, r)
	}
	r.button = &b
	return w.labelled(s, c, r)
}

// through says whom to ask for a service whose own number is not known.
func (w *words) through(s *flows.Service, c *flows.Contact) string {
	if c.Address == flows.Municipality {
		return w.fill(keyThroughMunicipality, "Name", s.Name)
	}
	return w.fill(keyThrough, "Number", w.numbers[c.Address], "Name", s.Name)
}

// labelled puts a contact's own label before its line, and on its link: of two links to one service each says where it leads.
func (w *words) labelled(s *flows.Service, c *flows.Contact, r reach) reach {
	if c.ID == "" {
		return r
	}
	label := w.say("service/" + s.ID + "." + c.ID)
	if r.button == nil || r.button.URL == "" {
		r.line = label + ": " + r.line
		return r
	}
	r.line, r.button.Label = label+": "+bare(c.Address), label
	return r
}

// bare is a web address as people write it: the host alone, since the whole of it is in the button.
func bare(address string) string {
	address = strings.TrimPrefix(address, "https://")
	host, _, _ := strings.Cut(address, "/")
	return strings.TrimPrefix(host, "www.")
}

// offer says a service: its name, each of its contacts with its hours, and behind them what it does.
func (w *words) offer(text *strings.Builder, c *card, status []flows.Status, now time.Time) {
	text.WriteString(c.name)
	for i, reach := range c.reaches {
		text.WriteByte('\n')
		text.WriteString(reach.line)
		if reach.hours {
			text.WriteString(", ")
			text.WriteString(w.hours(status[i], now))
		}
	}
	text.WriteByte('\n')
	text.WriteString(c.about)
}

// aDay is for how long a bare time says which one is meant.
const aDay = 24 * time.Hour

// hours says a status in words; times are those of the campaign's zone.
func (w *words) hours(s flows.Status, now time.Time) string {
	switch {
	case !s.Known:
		return w.say(keyHoursUnknown)
	case s.Always:
		return w.say(keyHoursAlways)
	case s.Open && s.Until.IsZero():
		return w.say(keyHoursOpen)
	case s.Open && s.Until.Sub(now) < aDay:
		return w.fill(keyHoursUntil, "Time", w.clock(s.Until))
	case s.Open:
		return w.fill(keyHoursUntilOn, "Day", w.day(now, s.Until), "Time", w.clock(s.Until))
	case s.Opens.IsZero():
		return w.say(keyHoursClosed)
	}
	switch daysBetween(now.In(w.zone), s.Opens.In(w.zone)) {
	case 0:
		return w.fill(keyHoursToday, "Time", w.clock(s.Opens))
	case 1:
		return w.fill(keyHoursTomorrow, "Time", w.clock(s.Opens))
	}
	return w.fill(keyHoursOn, "Day", w.day(now, s.Opens), "Time", w.clock(s.Opens))
}

// day names a day: the weekday within a week, else the date.
func (w *words) day(now, t time.Time) string {
	const aWeek = 7
	now, t = now.In(w.zone), t.In(w.zone)
	if daysBetween(now, t) < aWeek {
		return w.weekdays[t.Weekday()]
	}
	return itoa(t.Day()) + " " + w.months[t.Month()-1]
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
