// Package bot is the conversation: a press comes in, a screen goes out.
//
// Start at Bot, whose Handle is all that an adapter calls. Behind it, a press takes one way:
//
//	Update → Sealer.Open → State → engine.resolve → spot → engine.show → screen → renderer → Message
//
// Bot knows no platform and opens no connection: it imports neither net nor net/http. It knows nobody either: an Update has no field
// for who sent it, and a State is only a place in the tree.
//
// # Words
//
// Some names here are ours. What the field calls them:
//
//	State      the dialog state, all that is known between two presses
//	trail      the back stack: the nodes that "back" leads through
//	seal       authenticated encryption; the sealed State is a button's data, its callback data
//	shape      the version of the State's serialization format
//	door       a deep link into the tree; its code is the link's payload
//	route      a node with its links resolved; a way is an edge to another one
//	spot       a resolved State: one that this release has, with its route
//	screen     a view model: what a spot shows, before it is in words
//	choice     a transition that the screen offers as a button
//	offer      a referral's service as it stands at the moment, ranked by who answers now
//	words      one language's message catalog, compiled; a card is a service in it, a reach one contact
//	hearing    intent recognition by phrases; a target is an intent, heard is what was recognized
//	Book       a static bundle of one language's screens, for a client that walks the tree by itself
//	strayed    fallback: data that cannot be read, or text that was not understood
//
// # Why
//
// There is no session. Every button carries, sealed, the State it leads to, so any process that has the key can answer any press, a
// restart loses nothing, and there is no store in which somebody could be looked up.
package bot

import (
	"context"
	"errors"
	"slices"
	"time"

	"motkraft/flows"
	"motkraft/locales"
)

// Bot is the Handler: it answers updates out of one set of content. It is safe for concurrent use.
type Bot struct {
	set     *flows.Set
	catalog *locales.Catalog
	engine  *engine
	render  *renderer
	hears   *hearing
	opts    Options
}

// Options is what the world gives.
type Options struct {
	Sealer *Sealer                      // required
	Now    func() time.Time             // default time.Now
	Failed func(context.Context, error) // told of failed deliveries; default: nobody

	// Observe is told what became of each update that a Handler of For has answered for the first time. It must not block. Default: nobody.
	Observe func(channel string, o Outcome)
}

// New makes a Bot of content that is whole: Check has no problem with it. Content that was built in was checked then, so nobody's start
// waits for that.
func New(set *flows.Set, catalog *locales.Catalog, opts Options) (*Bot, error) {
	if opts.Sealer == nil {
		return nil, errors.New("no sealer")
	}
	if opts.Now == nil {
		opts.Now = time.Now
	}
	if opts.Failed == nil {
		opts.Failed = func(context.Context, error) {}
	}
	if opts.Observe == nil {
		opts.Observe = func(string, Outcome) {}
	}
	engine := newEngine(set, catalog)
	return &Bot{
		set:     set,
		catalog: catalog,
		engine:  engine,
		render:  newRenderer(engine, catalog),
		hears:   newHearing(set, catalog),
		opts:    opts,
	}, nil
}

// Handle answers one update. It never fails: what cannot be read gets the first screen, in the person's language.
func (b *Bot) Handle(_ context.Context, u Update) Message {
	m, _ := b.answer(u)
	return m
}

// answer gives an update's answer, and what became of it.
func (b *Bot) answer(u Update) (Message, Outcome) {
	here, ok := b.open(u)
	line, understood := "", true
	switch {
	case u.Text != "":
		here.Counted = here.Counted || !ok || here.refers()
		here, line, understood = b.hear(here, u.Text)
	case u.Start != "":
		here = b.enter(here, u.Start)
	}
	o := Outcome{Kind: kindOf(u, ok, understood)}
	here, o.Group = count(here)
	now := b.opts.Now()
	var room [MaxButtons]choice
	s := b.engine.show(here, now, room[:0])
	m := b.render.message(s, line, now)
	b.seal(&m, &s, u.Text != "")
	return m, o
}

// open gives where an update comes from: what its data was sealed from, or else the first screen, which is not ok.
func (b *Bot) open(u Update) (here spot, ok bool) {
	st, ok := b.opts.Sealer.Open(u.Data)
	if !ok {
		return b.engine.first(b.catalog.Match(u.Lang)), false
	}
	return b.engine.resolve(st), true
}

// seal gives a screen's choices their data in a message, and the message its own where it is to say where it is.
func (b *Bot) seal(m *Message, s *screen, here bool) {
	var room [MaxButtons + 1]State
	states := room[:0]
	for i := range s.choices {
		states = append(states, s.choices[i].to)
	}
	if here {
		states = append(states, s.spot.State)
	}
	data := b.opts.Sealer.SealAll(states)
	next := func() (one string) {
		one, data = data[:MaxData], data[MaxData:]
		return one
	}
	choices := m.Buttons[len(m.Buttons)-len(s.choices):]
	for i := range choices {
		choices[i].Data = next()
	}
	if here {
		m.Here = next()
	}
}

// Match gives the language for a hint, as Handle finds it.
func (b *Bot) Match(hint string) string { return b.catalog.Match(hint) }

// Say gives one of the words of the channels, with its blanks filled in by name and value in turn.
func (b *Bot) Say(lang, key string, pairs ...string) string {
	return b.catalog.Phrase(lang, key).Fill(pairs...)
}

// Campaign is what belongs to the campaign and its country.
func (b *Bot) Campaign() *flows.Campaign { return b.set.Campaign }

// Languages gives the codes of all languages, the default first.
func (b *Bot) Languages() []string { return b.catalog.Languages() }

// Topics gives acute help and the first screen's choices, in order, as far as they have a door.
func (b *Bot) Topics(lang string) []Topic {
	var topics []Topic
	add := func(to flows.ID, message string) {
		if i := slices.IndexFunc(b.set.Doors, func(d flows.Door) bool { return d.To == to }); i >= 0 {
			topics = append(topics, Topic{b.set.Doors[i].Code, b.catalog.Say(lang, message)})
		}
	}
	add(b.engine.welcome.node.Acute, keyAcute)
	for _, o := range b.engine.welcome.node.Options {
		add(o.To, o.Message)
	}
	return topics
}

// Failed passes a delivery's failure on.
func (b *Bot) Failed(ctx context.Context, err error) { b.opts.Failed(ctx, err) }

// enter opens a door; an unknown code opens the first screen.
func (b *Bot) enter(here spot, code string) spot {
	first := b.engine.restart(here.State)
	for _, d := range b.set.Doors {
		if d.Code == code {
			return b.engine.enter(first.State, d.To)
		}
	}
	return first
}

// hear goes where a typed text leads. The line says what was done with it where the screen alone does not; it never repeats the text.
func (b *Bot) hear(here spot, text string) (to spot, line string, understood bool) {
	heard := b.hears.hear(text, string(here.Lang[:]))
	if heard.lang != "" {
		here.State = here.in(heard.lang)
	}
	if heard.place != 0 {
		here.Place = heard.place
	}
	lang := string(here.Lang[:])
	if heard.place != 0 {
		line = b.catalog.Phrase(lang, keyPlaceKept).Fill("Place", b.set.Places.Name(heard.place))
	}
	switch heard.what {
	case aNode:
		return b.engine.toward(here.State, heard), line, true
	case aPlace:
		return b.engine.toPlace(here), line, true
	case aLanguage:
		return here, "", true
	case aRestart:
		return b.engine.restart(here.State), "", true
	case aBack:
		return b.engine.back(here), "", true
	case aClear:
		return b.engine.clear(here.State), "", true
	}
	return b.engine.restart(here.State), b.catalog.Say(lang, keyStrayed), false
}

// For gives the handler of one channel: it answers as the Bot does, and tells Options.Observe.
func (b *Bot) For(channel string) Handler { return observed{b, channel} }

type observed struct {
	*Bot
	channel string
}

func (o observed) Handle(_ context.Context, u Update) Message {
	m, outcome := o.answer(u)
	if !u.Again {
		o.opts.Observe(o.channel, outcome)
	}
	return m
}
