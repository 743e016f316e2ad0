package bot

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"motkraft/flows"
	"motkraft/locales"
)

// renderer is the view: it puts screens into words.
type renderer struct {
	places *flows.Places
	langs  map[[2]byte]*words
}

func newRenderer(engine *engine, catalog *locales.Catalog) *renderer {
	r := &renderer{places: engine.set.Places, langs: map[[2]byte]*words{}}
	for _, lang := range catalog.Languages() {
		w := newWords(engine.set, catalog, lang)
		for _, key := range engine.labels {
			w.labels = append(w.labels, w.say(key))
		}
		w.parts = make([]parted, len(w.labels))
		for _, at := range engine.routes {
			if at.node.Refer != nil {
				w.parts[at.text] = partText(w.labels[at.text])
			}
		}
		r.langs[State{}.in(lang).Lang] = w
	}
	return r
}

// message says a screen. The line, where there is one, stands before the text. The last buttons are the screen's choices, still without data.
func (r *renderer) message(s screen, line string, now time.Time) Message {
	w := r.langs[s.spot.Lang]
	m := Message{
		Text:  w.text(s, line, now),
		Lang:  w.lang,
		Clear: s.clear,
	}
	contacts, cards := 0, w.cardsOf(s)
	for _, o := range s.offers {
		contacts += len(cards[o.service.Index].buttons)
	}
	m.Buttons = make([]Button, contacts+len(s.choices))
	rest := m.Buttons
	for _, o := range s.offers {
		rest = rest[copy(rest, cards[o.service.Index].buttons):]
	}
	for i := range s.choices {
		c, b := &s.choices[i], &rest[i]
		b.Label, b.Kind = r.label(w, c), c.kind
	}
	return m
}

// cardsOf gives what is said of services to those whom a screen's referral is for.
func (w *words) cardsOf(s screen) []*card {
	if r := s.spot.at.node.Refer; r != nil {
		return w.cards[r.To]
	}
	return nil
}

// parted is a text in two parts: its first sentence, which is read before the first number, and what can wait until behind it.
type parted struct{ first, rest string }

// partText parts a text behind its first sentence: behind a mark that ends one, with space behind that and no small letter.
func partText(text string) parted {
	for i, mark := range text {
		if !strings.ContainsRune(".!?؟", mark) {
			continue
		}
		rest := strings.TrimLeft(text[i+utf8.RuneLen(mark):], "”’\"')")
		next, _ := utf8.DecodeRuneInString(strings.TrimSpace(rest))
		if end := len(text) - len(rest); rest == "" || unicode.IsSpace(rune(rest[0])) && !unicode.IsLower(next) {
			return parted{text[:end], strings.TrimSpace(rest)}
		}
	}
	return parted{first: text}
}

// text says a screen's text: what the node says, and the services that it names. Of those the first stands right behind the first sentence: whoever
// needs it most reads no further. On acute help all of them do.
func (w *words) text(s screen, line string, now time.Time) string {
	text := w.labels[s.text]
	if line == "" && len(s.offers) == 0 {
		return text
	}
	none := ""
	if s.none != 0 {
		none = w.labels[s.none]
	}
	said := parted{first: text}
	if len(s.offers) > 0 {
		said = w.parts[s.text]
	}
	const heads = 128 // for the headings and the blank lines
	size := len(line) + len(text) + len(none) + heads
	cards := w.cardsOf(s)
	for _, o := range s.offers {
		size += cards[o.service.Index].size
	}
	var b strings.Builder
	b.Grow(size)
	if line != "" {
		b.WriteString(line)
		b.WriteString("\n\n")
	}
	b.WriteString(said.first)
	if s.spot.at.node.Urgent {
		w.offers(&b, s.offers, cards, now)
		say(&b, none, said.rest)
	} else {
		w.offers(&b, s.offers, cards, now, none, said.rest)
	}
	return b.String()
}

func (r *renderer) label(w *words, c *choice) string {
	switch c.label {
	case labelPlaceName:
		return r.places.Name(c.place)
	case labelLanguage: // in its own language
		w = r.langs[c.lang]
	}
	return w.labels[c.label]
}

// heads are the headings of the groups.
var heads = [...]label{emergency: labelEmergency, near: labelNear, answering: labelOpen, later: labelLater}

// offers lists the services, each group under its heading, and behind the first of them what else there is to say. Where nobody near is known to
// answer now, that is said before those who do.
func (w *words) offers(text *strings.Builder, offers []offer, cards []*card, now time.Time, behind ...string) {
	sure := true
	for i, o := range offers {
		if i == 0 || offers[i-1].rank != o.rank {
			if !sure && offers[i-1].near() {
				w.head(text, labelUnsure)
			}
			w.head(text, heads[o.rank])
			sure = false
		}
		sure = sure || o.open
		text.WriteString("\n\n")
		if card := cards[o.service.Index]; o.service.Timed {
			w.offer(text, card, o.status, now)
		} else {
			text.WriteString(card.whole)
		}
		if i == 0 {
			say(text, behind...)
		}
	}
}

// say adds texts, each a paragraph of its own; an empty one is none.
func say(text *strings.Builder, more ...string) {
	for _, s := range more {
		if s != "" {
			text.WriteString("\n\n")
			text.WriteString(s)
		}
	}
}

func (w *words) head(text *strings.Builder, head label) {
	text.WriteString("\n\n")
	text.WriteString(w.labels[head])
}
