package bot

// Outcome is an update's result, for metrics: what became of it. It has no field for what was said, in which language or on which screen: with a moment beside
// them, on a quiet day, those are one person.
type Outcome struct {
	Kind OutcomeKind

	// Group is the group of the referral that a conversation came to first, such as "buy"; empty for every other update. So no conversation
	// is counted twice, from the first screen or a door to "clear" or the next arrival.
	//
	// It is empty too for whoever typed where the adapter cannot say on which screen, and for the rest of that conversation: nothing
	// tells whether it was counted already.
	Group string
}

// OutcomeKind is how an update was taken.
type OutcomeKind uint8

// The kinds of outcomes.
const (
	Arrived       OutcomeKind = iota // somebody came, by the first screen or a door
	Stepped                          // a button was pressed
	Strayed                          // a button was pressed whose data cannot be read
	Understood                       // something was typed and understood
	NotUnderstood                    // something was typed and not understood
)

// OutcomeKinds are all kinds, in order.
var OutcomeKinds = []OutcomeKind{Arrived, Stepped, Strayed, Understood, NotUnderstood}

// String gives the kind in words.
func (k OutcomeKind) String() string {
	return [...]string{"arrived", "stepped", "strayed", "understood", "not understood"}[k]
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

// count gives the group that a spot is to be counted under, if it is a conversation's first referral, and the spot that says so from then on.
func count(here spot) (spot, string) {
	if here.Counted || !here.refers() {
		return here, ""
	}
	here.Counted = true
	return here, here.at.node.Group
}

// refers reports whether a spot's screen is a referral. What is typed on one says which screen that is by the data of the button that led
// there, which is older than the count of it.
func (s spot) refers() bool { return s.at.node.Refer != nil }
