package bot

import (
	"slices"
	"time"

	"motkraft/bot/fault"
	"motkraft/flows"
	"motkraft/locales"
)

// Book is a static bundle of every screen of one language, drawn ahead: with it a conversation can be walked on the person's own device, and nothing that they
// choose leaves it. It is what a Bot would say: the same nodes, words and order; only the time is left to be filled in.
//
// Its JSON form is read by the web's widget. Text stands whole; where a blank is to be filled in, text and the blanks' names stand in turn.
type Book struct {
	Shape     int                 `json:"shape"` // of the JSON form
	Lang      string              `json:"lang"`
	Languages []string            `json:"languages"` // all that there is a book of
	Welcome   flows.ID            `json:"welcome"`
	Cleared   flows.ID            `json:"cleared"`
	Nodes     map[flows.ID]Leaf   `json:"nodes"`
	Services  []Card              `json:"services"`
	Doors     map[string]flows.ID `json:"doors"`
	Words     map[string]string   `json:"words"`   // by key, without blanks
	Phrases   map[string][]string `json:"phrases"` // by key, with blanks
	Weekdays  []string            `json:"weekdays"`
	Months    []string            `json:"months"`
	From      int64               `json:"from"`  // the hours are known from here, in Unix seconds
	To        int64               `json:"to"`    // up to here
	Typed     Typed               `json:"typed"` // what may be typed
	Groups    []Group             `json:"-"`     // for a list of all contacts; the walk needs none
}

// bookShape goes up with every change of the JSON form. While two releases are served side by side, a page may get the script of one and the books
// of the other; such a book is as good as none, and the page shows what it has for that.
const bookShape = 4

// Group is who helps an audience. The groups stand in the order in which the tree comes to them, acute help first.
type Group struct {
	Title    string
	Services []Card // who answers round the clock first, since a list cannot know what the time is
}

// Leaf is a node in words.
type Leaf struct {
	Text     string     `json:"text"`             // of a referral its first sentence
	More     string     `json:"more,omitempty"`   // and the others, said behind the first service
	Urgent   bool       `json:"urgent,omitempty"` // acute help: its choices come before the second service
	None     string     `json:"none,omitempty"`   // said behind the text where nobody near is known; a referral without one says the word for all
	Options  []Way      `json:"options,omitempty"`
	Ask      *PlaceBook `json:"ask,omitempty"`
	Refer    []int      `json:"refer,omitempty"`  // indices of Services, in order; each only where it covers the place
	Change   flows.ID   `json:"change,omitempty"` // the place question
	Near     flows.ID   `json:"near,omitempty"`   // where a typed place leads on to
	Find     bool       `json:"find,omitempty"`   // a button leads there
	Contacts flows.ID   `json:"contacts"`
	Acute    flows.ID   `json:"acute"`
}

// Way is an option: its label and where it leads.
type Way struct {
	Label string   `json:"label"`
	To    flows.ID `json:"to"`
}

// PlaceBook is a place question.
type PlaceBook struct {
	To     flows.ID                   `json:"to"`
	First  []PlaceWay                 `json:"first"`
	Second map[flows.Place][]PlaceWay `json:"second,omitempty"` // by county
}

// PlaceWay is one place to choose.
type PlaceWay struct {
	Label string      `json:"label"`
	Place flows.Place `json:"place"`
}

// Card is a service in words.
type Card struct {
	Name     string        `json:"name"`
	About    string        `json:"about"`
	Area     []flows.Place `json:"area,omitempty"`   // none: all of Sweden
	Except   []flows.Place `json:"except,omitempty"` // but for these
	Contacts []CardContact `json:"contacts"`

	Emergency bool `json:"emergency,omitempty"` // it answers the emergency number
}

// Everywhere reports whether a service is there for all of Sweden.
func (c Card) Everywhere() bool { return len(c.Area)+len(c.Except) == 0 }

// Covers reports whether a service is there for somebody at a place.
func (c Card) Covers(at flows.Place) bool {
	within := func(places []flows.Place) bool {
		return slices.Contains(places, at) || slices.Contains(places, at.County())
	}
	if len(c.Area) > 0 {
		return within(c.Area)
	}
	return !within(c.Except)
}

// CardContact is a way to reach a service.
type CardContact struct {
	Line   string      `json:"line"`
	Hours  *CardHours  `json:"hours,omitempty"`  // what stands behind the line; nil: nothing does
	Button *CardButton `json:"button,omitempty"` // nil: it has none
	Aside  bool        `json:"aside,omitempty"`  // the button is for a list of all contacts, and on no screen
}

// CardHours is when a contact answers.
type CardHours struct {
	Always bool       `json:"always,omitempty"` // round the clock
	Plan   string     `json:"plan,omitempty"`   // the schedule in words; without one the hours are not known
	Open   [][2]int64 `json:"open,omitempty"`   // from and to in Unix seconds
}

// CardButton reaches a contact by exactly one of URL and Phone.
type CardButton struct {
	Label string `json:"label"`
	URL   string `json:"url,omitempty"`
	Phone string `json:"phone,omitempty"` // as it is dialled
	Shown string `json:"shown,omitempty"` // the number as people write it
}

// Draw gives the book of each language, the default one first, with the opening hours of so many days from a moment on, and with the words
// that whoever shows it says beside the conversation.
func (b *Bot) Draw(from time.Time, days int, beside []Word) []Book {
	langs := b.catalog.Languages()
	out := make([]Book, len(langs))
	fault.Each(len(langs), func(i int) { out[i] = b.book(langs[i], from, days, beside) })
	return out
}

// book draws one language.
func (b *Bot) book(lang string, from time.Time, days int, beside []Word) Book {
	book := draw(b.set, b.render.langs[State{}.in(lang).Lang], from, days)
	book.Languages = b.catalog.Languages()
	book.Typed = drawTyped(b.set, b.catalog, lang)
	for _, w := range ownWords {
		if w.use == onScreens {
			book.say(w.Word, b.catalog)
		}
	}
	for _, w := range beside {
		book.say(w, b.catalog)
	}
	return book
}

// say takes a message in.
func (b *Book) say(w Word, catalog *locales.Catalog) {
	if len(w.Blanks) > 0 {
		b.Phrases[w.Key] = catalog.Phrase(b.Lang, w.Key).Parts()
	} else {
		b.Words[w.Key] = catalog.Say(b.Lang, w.Key)
	}
}

func draw(set *flows.Set, w *words, from time.Time, days int) Book {
	day := set.Campaign.Midnight(from)
	b := Book{
		Shape:    bookShape,
		Lang:     w.lang,
		Welcome:  flows.Welcome,
		Cleared:  flows.Cleared,
		Nodes:    map[flows.ID]Leaf{},
		Doors:    map[string]flows.ID{},
		Words:    map[string]string{},
		Phrases:  map[string][]string{},
		Weekdays: w.weekdays,
		Months:   w.months,
		From:     day.Unix(),
		To:       day.AddDate(0, 0, days).Unix(),
	}
	for _, door := range set.Doors {
		b.Doors[door.Code] = door.To
	}
	index := b.drawServices(set, w, day, days)
	for _, n := range set.Nodes {
		b.Nodes[n.ID] = w.drawNode(set, n, index)
	}
	for _, audience := range audiences(set) {
		cards := func(s *flows.Service) Card { return b.Services[index(s, audience)] }
		b.Groups = append(b.Groups, group(w.say(keyAudience(audience)), audience, set, cards))
	}
	return b
}

// drawServices draws the cards: one for each service, and behind those one for each audience that it has a sentence for. It gives where a
// service's card for an audience stands.
func (b *Book) drawServices(set *flows.Set, w *words, day time.Time, days int) func(s *flows.Service, audience string) int {
	index := map[*card]int{}
	for _, audience := range append([]string{nobody}, set.Campaign.Audiences()...) {
		for _, s := range set.Services {
			card := w.cards[audience][s.Index]
			if _, ok := index[card]; !ok {
				index[card] = len(b.Services)
				b.Services = append(b.Services, w.drawCard(s, card, day, days))
			}
		}
	}
	return func(s *flows.Service, audience string) int { return index[w.cards[audience][s.Index]] }
}

// audiences lists whom referrals are for: acute help, then the others as one comes to them from the first screen.
func audiences(set *flows.Set) []string {
	var out []string
	seen := map[flows.ID]bool{}
	for queue := []flows.ID{flows.Acute, flows.Welcome}; len(queue) > 0; queue = queue[1:] {
		n := set.Node(queue[0])
		if seen[n.ID] {
			continue
		}
		seen[n.ID] = true
		if n.Refer != nil && !slices.Contains(out, n.Refer.To) {
			out = append(out, n.Refer.To)
		}
		for _, o := range n.Options {
			queue = append(queue, o.To)
		}
		if n.Ask != nil {
			queue = append(queue, n.Ask.To)
		}
	}
	return out
}

func group(title, audience string, set *flows.Set, card func(*flows.Service) Card) Group {
	g := Group{Title: title}
	for _, always := range []bool{true, false} {
		for _, s := range set.Services {
			if s.Helps[audience] != nil && s.AnswersAlways() == always {
				g.Services = append(g.Services, card(s))
			}
		}
	}
	return g
}

func (w *words) drawNode(set *flows.Set, n *flows.Node, index func(*flows.Service, string) int) Leaf {
	leaf := Leaf{Text: w.say(string(n.ID)), None: w.say(noneKey(n.ID)), Contacts: n.Contacts, Acute: n.Acute, Find: n.Find != nil}
	for _, o := range n.Options {
		leaf.Options = append(leaf.Options, Way{Label: w.say(o.Message), To: o.To})
	}
	if n.Refer != nil {
		said := partText(leaf.Text)
		leaf.Text, leaf.More = said.first, said.rest
		leaf.Urgent = n.Urgent
		for _, s := range n.Refer.Services() {
			leaf.Refer = append(leaf.Refer, index(s, n.Refer.To))
		}
	}
	if n.Change != nil {
		leaf.Change = n.Change.ID
	}
	if n.Near != nil {
		leaf.Near = n.Near.ID
	}
	if n.Ask == nil {
		return leaf
	}
	ways := func(at flows.Place) (out []PlaceWay) {
		for _, p := range n.Ask.Choices(at) {
			out = append(out, PlaceWay{Label: set.Places.Name(p), Place: p})
		}
		return out
	}
	leaf.Ask = &PlaceBook{To: n.Ask.To, First: ways(0), Second: map[flows.Place][]PlaceWay{}}
	for _, county := range set.Places.Counties {
		if second := ways(county); len(second) > 0 {
			leaf.Ask.Second[county] = second
		}
	}
	return leaf
}

func (w *words) drawCard(s *flows.Service, words *card, day time.Time, days int) Card {
	card := Card{Name: words.name, About: words.about, Area: s.Area, Except: s.Except, Emergency: s.Emergency}
	for i, r := range words.reaches {
		c := CardContact{Line: r.line, Aside: r.aside}
		if r.hours {
			c.Hours = w.drawHours(s.Contacts[i].Hours, day, days)
		}
		if r.button != nil {
			c.Button = &CardButton{Label: r.button.Label, URL: r.button.URL, Phone: r.button.Phone}
			if r.button.Phone != "" {
				c.Button.Shown = s.Contacts[i].Address
			}
		}
		card.Contacts = append(card.Contacts, c)
	}
	return card
}

func (w *words) drawHours(h flows.Hours, day time.Time, days int) *CardHours {
	out := &CardHours{Always: h.Always(), Plan: w.plan(h)}
	if !out.Always {
		for _, in := range h.Intervals(day, days) {
			out.Open = append(out.Open, [2]int64{in.From.Unix(), in.To.Unix()})
		}
	}
	return out
}
