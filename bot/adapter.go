package bot

import "context"

// Adapter is a platform's driver: it carries the platform's updates to a Handler, and the answers back. One whose platform must answer before it
// serves is a Reacher too.
type Adapter interface {
	// Name is the platform's, one word in lower case.
	Name() string

	// Run serves until ctx is done, then finishes what is in hand and returns nil. It returns an error only where it cannot go
	// on at all; the error names no person and holds no secret.
	Run(ctx context.Context, h Handler) error
}

// Reacher is a readiness check that an Adapter may have. One without it is reached as soon as it runs.
type Reacher interface {
	// Reached is false until the platform has answered once since Run began, then true for good: that the platform is away later is not told
	// here. It is safe for concurrent use.
	Reached() bool
}

// Handler answers updates. It is safe for concurrent use.
type Handler interface {
	// Handle always has an answer: what cannot be understood gets the first screen. It blocks on nothing, so ctx is only passed on.
	Handle(ctx context.Context, u Update) Message

	// Failed is told that an answer could not be delivered. The adapter makes sure that err names no person and holds no secret
	// (no id, no name, no text, no token, no address): it is logged as it is.
	Failed(ctx context.Context, err error)
}

// Update is an incoming event: one thing that one person did. Whom to answer stays in the adapter, on its stack: there is no field for it.
//
// With Text, Data says on which screen it was typed, where the adapter has that at hand, so that the answer goes on from there: the data of
// the last press, or the last message's Here.
type Update struct {
	Data  string // the data of the pressed button
	Text  string // what was typed; it is matched, answered and forgotten
	Lang  string // the platform's hint, such as "sv" or "en-GB"; may be empty
	Start string // a deep link's payload: a door's code

	// Again says that the adapter was asked the very same before, and asks again because its answer may have been lost: it is answered as
	// before, and not counted a second time.
	Again bool
}

// Message is one screen, shown in the place of the last one: plain text, buttons in order. It keeps to the bounds below.
type Message struct {
	Text    string
	Lang    string // of the text and the labels, two letters
	Buttons []Button
	Here    string // the answer to typed text only: this very screen, sealed, since no button led to it
	Clear   bool   // take away what can be taken away of the conversation
}

// Button has exactly one of Data, URL and Phone. What a platform has no button for (most have none for a phone number) stands in the
// text as well.
type Button struct {
	Label string
	Data  string // sealed; comes back in Update.Data
	URL   string // an https address
	Phone string // what is dialled: "112", "020505050" or "+46..."
	Kind  Kind
}

// Kind is what a button is there for, so that an adapter can lay it out. It changes nothing about what the button does.
type Kind uint8

// The kinds of buttons, in the order in which they stand in a message.
const (
	Contact  Kind = iota // reaches a service
	Option               // one of the screen's own choices
	Standing             // stands on every screen
)

// Topic is a deep link with its label: a door that a channel can offer before the conversation begins, under the words of the first screen's button.
type Topic struct{ Code, Label string }

// The bounds of every message, in UTF-16 units, tighter than any platform's, so that no adapter cuts or splits anything.
// Telegram: text 4096, callback_data 64 bytes (https://core.telegram.org/bots/api#inlinekeyboardbutton).
// Discord: content 2000, label 80, custom_id 100, 5 rows of 5 buttons
// (https://discord.com/developers/docs/components/reference#button).
const (
	MaxQuestion = 600  // a node's own text
	MaxText     = 1500 // a whole message
	MaxLabel    = 34
	MaxButtons  = 20
	MaxData     = 64 // and bytes, since data is ASCII
)
