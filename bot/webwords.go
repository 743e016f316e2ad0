package bot

// maxPage is how long a text on a page may be, in UTF-16 units: it is read at leisure.
const maxPage = 4000

// How schedules name their days, where the time is not known.
const (
	keyHoursDaily    = "web.hours-daily"
	keyHoursHolidays = "web.hours-holidays"
)

// webBookWords are what the conversation on a web page says beside the screens, and how long each may be, in UTF-16 units.
var webBookWords = map[string]int{
	"web.conversation": MaxLabel,
	"web.contact":      MaxLabel,
	"web.option":       MaxLabel,
	"web.standing":     MaxLabel,
	"web.leave":        MaxLabel,
	"web.shift":        MaxLabel, // how to leave by the keyboard
	"web.once-more":    MaxLabel, // said when one press more leaves
	"web.again":        MaxLabel,
	"web.calls":        MaxQuestion, // that a call stays in the phone's list
	"web.copied":       MaxLabel,
	"web.type":         MaxLabel,
	"web.type-note":    MaxQuestion,
	"web.send":         MaxLabel,
	"web.traces":       MaxLabel,
	"web.traces-text":  MaxText, // what leaving can do, and what it can not
}

// webBookPhrases are those with blanks, each as long as a label.
var webBookPhrases = []string{
	"web.choices", // what the log says of a new screen
	"web.offers",
	"web.copy",
}

// webPageWords are what stands on the pages around the conversation.
var webPageWords = map[string]int{
	keyHoursDaily:            MaxLabel,
	keyHoursHolidays:         MaxLabel,
	"web.title":              MaxQuestion,
	"web.all-contacts":       MaxLabel,
	"web.no-script":          MaxQuestion,
	"web.unreachable":        MaxQuestion, // said where the screens can not be fetched
	"web.statement":          MaxQuestion, // the accessibility statement
	"web.statement-text":     maxPage,
	"web.statement-contact":  MaxText,
	"web.statement-nobody":   MaxText,
	"web.statement-complain": MaxText,
	"web.statement-link":     MaxQuestion,
	"web.embed":              MaxQuestion, // how another site shows the conversation
	"web.embed-text":         maxPage,
	"web.embed-same":         maxPage,
	"web.embed-other":        maxPage,
	"web.embed-origins":      MaxQuestion,
	"web.embed-no-origins":   MaxQuestion,
	"web.embed-style":        maxPage,
}

// keyAudience is the heading of an audience's services in the list of all contacts.
func keyAudience(audience string) string { return "web.audience-" + audience }
