package bot

import (
	"regexp"

	"motkraft/flows"
)

// Word is a message of the catalog that belongs to no node and no service: one of the bot's own, or what a channel says beside the
// conversation. Check holds the catalog to it in every language.
type Word struct {
	Key    string
	Limit  int      // in UTF-16 units: what the platform allows, or a bound of ours; 0: none
	Blanks []string // the names of the blanks to fill in; no other may stand in it
	Form   *Form    // nil: any text
}

// Form is what a platform asks of a text beside its length, such as the form of a command's name.
type Form struct {
	Match *regexp.Regexp
	Says  string // what Match asks for, in words
}

// own is a message of the bot's own.
type own struct {
	Word
	use   use
	label label // of a button or a heading that a press looks up; 0: none
	lines int   // it has exactly so many lines; 0: any
}

// use says what a message of the bot's own is there for.
type use uint8

const (
	onScreens use = iota // said on screens, and on every device that draws them
	drawnHere            // said on screens, and already part of what a device is given
	typedText            // never said: phrases that are understood, one a line
	checkList            // never said: a list that Check reads
)

// The keys of the bot's own messages.
const (
	keyAcute    = "button.acute"
	keyContacts = "button.contacts"
	keyBack     = "button.back"
	keyStart    = "button.start"
	keyLanguage = "button.language"
	keyClear    = "button.clear"

	keyPlace           = "button.place"
	keyFind            = "button.find"
	keyElsewhere       = "button.elsewhere"
	keyElsewhereCounty = "button.elsewhere-county"
	keyUnsaid          = "button.unsaid"
	keyMunicipality    = "place.municipality"

	keyCall = "button.call"
	keyChat = "button.chat"
	keyPage = "button.page"

	keyAbout = "button.about"

	keyNone      = "referral.none" // nobody near is known; a referral with more to say of it has a message of its own (noneKey)
	keyEmergency = "referral.emergency"
	keyNear      = "referral.near"
	keyUnsure    = "referral.unsure" // nobody near is known to answer now
	keyOpen      = "referral.open"
	keyLater     = "referral.later"

	keyContactPhone = "contact.phone"
	keyContactChat  = "contact.chat"
	keyContactPage  = "contact.page"
	keyContactEmail = "contact.email"
	keyContactAbout = "contact.about"
	keyThrough      = "contact.through"

	keyThroughMunicipality = "contact.through-municipality"

	keyAnonymous = "service.anonymous"
	keyFree      = "service.free"
	keyAgesFrom  = "service.ages-from"
	keyAgesTo    = "service.ages-to"
	keyAges      = "service.ages"

	keySpoken      = "service.languages"
	keyInterpreter = "service.interpreter"

	keyHoursAlways   = "hours.always"
	keyHoursOpen     = "hours.open" // and for weeks
	keyHoursUntil    = "hours.until"
	keyHoursUntilOn  = "hours.until-on" // where it is a day or more away
	keyHoursToday    = "hours.today"
	keyHoursTomorrow = "hours.tomorrow"
	keyHoursOn       = "hours.on"
	keyHoursClosed   = "hours.closed"
	keyHoursUnknown  = "hours.unknown"
	keyHoursDaily    = "hours.daily"    // how a schedule names its days
	keyHoursHolidays = "hours.holidays" // the same
	keyWeekdays      = "hours.weekdays"
	keyMonths        = "hours.months"

	keyStrayed   = "say.strayed"
	keyPlaceKept = "say.place"
	keyLeads     = "say.place.typed"

	typed = ".typed" // behind a key: the phrases that are understood as it

	blankChecked = "Checked" // in what a node says of the law: the month in which it was checked
)

// The lists that editors keep among the words, one entry a line. They are never shown.
const (
	keyAvoid    = "check.avoid"    // word | what to write instead | why: in no text
	keyDiscreet = "check.discreet" // the same: in no label and no first sentence, which others may see over a shoulder
	keyClaims   = "check.claims"   // words of law and figures: a node whose text holds one names a claim
	keySame     = "check.same"     // in the default language: keys whose words may be the same in every language
)

// ownWords are all messages of the bot's own.
var ownWords = []own{
	{Word: Word{Key: keyAcute, Limit: MaxLabel}, label: labelAcute},
	{Word: Word{Key: keyContacts, Limit: MaxLabel}, label: labelContacts},
	{Word: Word{Key: keyBack, Limit: MaxLabel}, label: labelBack},
	{Word: Word{Key: keyStart, Limit: MaxLabel}, label: labelStart},
	{Word: Word{Key: keyLanguage, Limit: MaxLabel}, label: labelLanguage},
	{Word: Word{Key: keyClear, Limit: MaxLabel}, label: labelClear},
	{Word: Word{Key: keyPlace, Limit: MaxLabel}, label: labelPlace},
	{Word: Word{Key: keyFind, Limit: MaxLabel}, label: labelFind},
	{Word: Word{Key: keyElsewhere, Limit: MaxLabel}, label: labelElsewhere},
	{Word: Word{Key: keyElsewhereCounty, Limit: MaxLabel}, label: labelElsewhereCounty},
	{Word: Word{Key: keyUnsaid, Limit: MaxLabel}, label: labelUnsaid},
	{Word: Word{Key: keyMunicipality, Limit: MaxQuestion}, label: labelMunicipality},

	{Word: Word{Key: keyCall, Limit: MaxLabel, Blanks: []string{"Number"}}, use: drawnHere},
	{Word: Word{Key: keyChat, Limit: MaxLabel, Blanks: []string{"Name"}}, use: drawnHere},
	{Word: Word{Key: keyPage, Limit: MaxLabel, Blanks: []string{"Name"}}, use: drawnHere},
	{Word: Word{Key: keyAbout, Limit: MaxLabel, Blanks: []string{"Name"}}, use: drawnHere},

	{Word: Word{Key: keyNone, Limit: MaxQuestion}, label: labelNone},
	{Word: Word{Key: keyEmergency, Limit: MaxQuestion}, label: labelEmergency},
	{Word: Word{Key: keyNear, Limit: MaxQuestion}, label: labelNear},
	{Word: Word{Key: keyUnsure, Limit: MaxQuestion}, label: labelUnsure},
	{Word: Word{Key: keyOpen, Limit: MaxQuestion}, label: labelOpen},
	{Word: Word{Key: keyLater, Limit: MaxQuestion}, label: labelLater},
	{Word: Word{Key: keyContactPhone, Limit: MaxQuestion, Blanks: []string{"Number"}}, use: drawnHere},
	{Word: Word{Key: keyContactChat, Limit: MaxQuestion, Blanks: []string{"Address"}}, use: drawnHere},
	{Word: Word{Key: keyContactPage, Limit: MaxQuestion, Blanks: []string{"Address"}}, use: drawnHere},
	{Word: Word{Key: keyContactEmail, Limit: MaxQuestion, Blanks: []string{"Address"}}, use: drawnHere},
	{Word: Word{Key: keyContactAbout, Limit: MaxQuestion, Blanks: []string{"Address"}}, use: drawnHere},
	{Word: Word{Key: keyThrough, Limit: MaxQuestion, Blanks: []string{"Name", "Number"}}, use: drawnHere},
	{Word: Word{Key: keyThroughMunicipality, Limit: MaxQuestion, Blanks: []string{"Name"}}, use: drawnHere},
	{Word: Word{Key: keyAnonymous, Limit: MaxQuestion}, use: drawnHere},
	{Word: Word{Key: keyFree, Limit: MaxQuestion}, use: drawnHere},
	{Word: Word{Key: keySpoken, Limit: MaxQuestion, Blanks: []string{"Languages"}}, use: drawnHere},
	{Word: Word{Key: keyInterpreter, Limit: MaxQuestion}, use: drawnHere},
	{Word: Word{Key: keyAgesFrom, Limit: MaxQuestion, Blanks: []string{"Min"}}, use: drawnHere},
	{Word: Word{Key: keyAgesTo, Limit: MaxQuestion, Blanks: []string{"Max"}}, use: drawnHere},
	{Word: Word{Key: keyAges, Limit: MaxQuestion, Blanks: []string{"Max", "Min"}}, use: drawnHere},

	{Word: Word{Key: keyHoursAlways, Limit: MaxQuestion}},
	{Word: Word{Key: keyHoursOpen, Limit: MaxQuestion}},
	{Word: Word{Key: keyHoursUntil, Limit: MaxQuestion, Blanks: []string{"Time"}}},
	{Word: Word{Key: keyHoursUntilOn, Limit: MaxQuestion, Blanks: []string{"Day", "Time"}}},
	{Word: Word{Key: keyHoursToday, Limit: MaxQuestion, Blanks: []string{"Time"}}},
	{Word: Word{Key: keyHoursTomorrow, Limit: MaxQuestion, Blanks: []string{"Time"}}},
	{Word: Word{Key: keyHoursOn, Limit: MaxQuestion, Blanks: []string{"Day", "Time"}}},
	{Word: Word{Key: keyHoursClosed, Limit: MaxQuestion}},
	{Word: Word{Key: keyHoursUnknown, Limit: MaxQuestion}},
	{Word: Word{Key: keyHoursDaily, Limit: MaxLabel}, use: drawnHere},
	{Word: Word{Key: keyHoursHolidays, Limit: MaxLabel}, use: drawnHere},
	{Word: Word{Key: keyWeekdays}, use: drawnHere, lines: 7},
	{Word: Word{Key: keyMonths}, use: drawnHere, lines: 12},

	{Word: Word{Key: keyStrayed, Limit: MaxQuestion}},
	{Word: Word{Key: keyPlaceKept, Limit: MaxQuestion, Blanks: []string{"Place"}}},

	{Word: Word{Key: keyLeads}, use: typedText},
	{Word: Word{Key: keyLanguage + typed}, use: typedText},
	{Word: Word{Key: keyStart + typed}, use: typedText},
	{Word: Word{Key: keyBack + typed}, use: typedText},
	{Word: Word{Key: keyClear + typed}, use: typedText},

	{Word: Word{Key: keyAvoid}, use: checkList},
	{Word: Word{Key: keyDiscreet}, use: checkList},
	{Word: Word{Key: keyClaims}, use: checkList},
	{Word: Word{Key: keySame}, use: checkList},
}

// noneKey is what a referral says beside its text where nobody near is known, and what to do instead. It may be left out.
func noneKey(id flows.ID) string { return string(id) + "@none" }

// serviceKey is what a service does for whoever it is. It may say it to an audience in a sentence of its own.
func serviceKey(s *flows.Service, audience string) string {
	if audience == nobody {
		return "service/" + s.ID
	}
	return "service/" + s.ID + "@" + audience
}

// languageKey names a language within a sentence.
func languageKey(code string) string { return "language/" + code }

// keyAudience is the heading of an audience's services in the list of all contacts.
func keyAudience(audience string) string { return "service.for-" + audience }
