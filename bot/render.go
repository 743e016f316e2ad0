package bot

import (
	"strconv"
	"strings"
	"time"

	"motkraft/flows"
	"motkraft/locales"
)

// renderer puts screens into words.
type renderer struct {
	places *flows.Places
	langs  map[[2]byte]*words
}

func newRenderer(set *flows.Set, catalog *locales.Catalog) *renderer {
	r := &renderer{places: set.Places, langs: map[[2]byte]*words{}}
	for _, lang := range catalog.Languages() {
		r.langs[State{}.in(lang).Lang] = newWords(set, catalog, lang)
	}
	return r
}

// message says a screen. The line, where there is one, stands before the text. Seal makes a State into data.
func (r *renderer) message(s Screen, line string, now time.Time, seal func(State) string) Message {
	w := r.langs[s.State.Lang]
	m := Message{
		Lang:    w.lang,
		Here:    seal(s.State),
		Clear:   s.Clear,
		Buttons: make([]Button, 0, MaxButtons),
	}
	var text strings.Builder
	text.Grow(MaxQuestion)
	if line != "" {
		text.WriteString(line)
		text.WriteString("\n\n")
	}
	text.WriteString(w.say(s.Message))
	w.offers(&text, s.Offers, now)
	m.Text = text.String()
	for _, o := range s.Offers {
		for _, reach := range w.services[o.Service].reaches {
			if reach.button != nil {
				m.Buttons = append(m.Buttons, *reach.button)
			}
		}
	}
	for _, c := range s.Choices {
		m.Buttons = append(m.Buttons, Button{Label: r.label(w, c), Data: seal(c.To), Kind: Option})
	}
	for _, c := range s.Standing {
		m.Buttons = append(m.Buttons, Button{Label: r.label(w, c), Data: seal(c.To), Kind: Standing})
	}
	return m
}

func (r *renderer) label(w *words, c Choice) string {
	if c.Message == "" {
		return r.places.Name(c.Place)
	}
	if c.Lang != "" {
		w = r.langs[State{}.in(c.Lang).Lang]
	}
	return w.say(c.Message)
}

// offers lists the services under two heads: who answers now, and the others.
func (w *words) offers(text *strings.Builder, offers []Offer, now time.Time) {
	for i, o := range offers {
		switch {
		case o.Open && i == 0:
			w.head(text, keyOpen)
		case !o.Open && (i == 0 || offers[i-1].Open):
			w.head(text, keyLater)
		}
		card := w.services[o.Service]
		text.WriteString("\n\n")
		text.WriteString(card.text)
		for j, reach := range card.reaches {
			text.WriteByte('\n')
			text.WriteString(reach.line)
			if reach.hours {
				text.WriteString(", ")
				text.WriteString(w.hours(o.Status[j], now))
			}
		}
	}
}

func (w *words) head(text *strings.Builder, key string) {
	text.WriteString("\n\n")
	text.WriteString(w.say(key))
}

func itoa(n int) string { return strconv.Itoa(n) }
