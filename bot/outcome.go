package bot

import "context"

// Outcome is what became of one update. It has no field for what was said, in which language or on which screen: with a moment beside
// them, on a quiet day, those are one person.
type Outcome struct {
	Kind OutcomeKind

	// Group is the group of the referral that a conversation came to first, such as "buy"; empty for every other update. So no conversation
	// is counted twice, from the first screen or a door to "clear" or the next arrival.
	//
	// It is empty too for whoever typed where the adapter can not say on which screen, and for the rest of that conversation: nothing
	// tells whether it was counted already.
	Group string
}

// OutcomeKind is how an update was taken.
type OutcomeKind uint8

// The kinds of outcomes.
const (
	Arrived       OutcomeKind = iota // somebody came, by the first screen or a door
	Stepped                          // a button was pressed
	Strayed                          // a button was pressed whose data can not be read
	Understood                       // something was typed and understood
	NotUnderstood                    // something was typed and not understood
)

// OutcomeKinds are all kinds, in order.
var OutcomeKinds = []OutcomeKind{Arrived, Stepped, Strayed, Understood, NotUnderstood}

// String gives the kind in words.
func (k OutcomeKind) String() string {
	return [...]string{"arrived", "stepped", "strayed", "understood", "not understood"}[k]
}

// For gives the handler of one channel: it answers as the Bot does, and tells Options.Observe.
func (b *Bot) For(channel string) Handler { return observed{b, channel} }

type observed struct {
	*Bot
	channel string
}

func (o observed) Handle(_ context.Context, u Update) Message {
	m, outcome := o.answer(u)
	o.opts.Observe(o.channel, outcome)
	return m
}

// kindOf says how an update was taken: whether its data opened, and whether its text, if it has one, was understood.
func kindOf(u Update, opened, understood bool) OutcomeKind {
	switch {
	case u.Text != "" && understood:
		return Understood
	case u.Text != "":
		return NotUnderstood
	case u.Start != "" || u.Data == "":
		return Arrived
	case opened:
		return Stepped
	}
	return Strayed
}

// count gives the group that a State is to be counted under, if it is a conversation's first referral, and the State that says so from
// then on.
func (b *Bot) count(st State) (State, string) {
	_, r := b.engine.find(st)
	if st.Counted || r.node.Refer == nil {
		return st, ""
	}
	st.Counted = true
	return st, r.node.Group
}

// refers reports whether a State's screen is a referral. What is typed on one says which screen that is by the data of the button that led
// there, which is older than the count of it.
func (b *Bot) refers(st State) bool {
	_, r := b.engine.find(st)
	return r.node.Refer != nil
}
