// Package count counts conversations, keeps the counts, and says what of them may be published. It knows nobody: there are only numbers.
//
// Start at Counter, which is told of every conversation and adds what it counted to a Store at most once a day. File and Redis are the two
// stores. Publish makes a Report of what a store keeps; write.go and page.go put it into a table, JSON and a page.
//
// # Why
//
// A number can tell of a person too: "one person of this channel came to the services for people who sell sex, this half-year" is somebody,
// for whoever knows the others. So three things hold, and each leans on the one before:
//
// What is counted is conversations, each at most once, at its first referral (package bot sees to that). It adds one to one number. Were
// every screen counted, one curious evening would move a number by twenty, and no noise that leaves the numbers useful could hide it.
//
// A period is a campaign's five weeks, or what is left of a half-year beside them, so that no conversation is in two periods. A period takes
// no counts after it was published, so that it is published once and never beside an older, slightly smaller self.
//
// Each number is published with a whole number from -3 to +3 added, drawn from the secret, the cell and its count: whoever asks again sees
// the same. Only then numbers under 10 are left out. Somebody who knows all conversations but one tells n from n+1 in 4 of 7 tries. A total
// beside the cells would be a second look at the same conversation, and would give back what was left out by taking away the rest; so there
// is either one total or cells, never both. Which of the two is itself a look: the bound is drawn between 300 and 349 for each period, and
// nobody but the secret knows where. Both looks together give 58 of 100 tries; see publish.go.
//
// The secret is made by the store and kept in it, not set by whoever runs the program: it guards the published numbers, and whoever can
// read the store has the exact ones anyway. As a setting it could be lost or changed, and the same numbers would be published anew with
// other noise: an average of two such reports has less of it.
//
// Redis is spoken to by redigo, for which the program is 0.2 MB larger. With go-redis it was 8.2 MB larger, for the same five commands.
package count

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
)

// Web is the channel from which nothing comes back: only the fetching of its screens is counted. That number stands under Fetched, in the
// place of a group.
const (
	Web     = "web"
	Fetched = "fetched"
)

// Key says what a count is of.
type Key struct {
	Period  Period
	Channel string
	Group   string
}

// String gives the key as stores write it: "2026-H1/telegram/buy".
func (k Key) String() string { return fmt.Sprintf("%s/%s/%s", k.Period, k.Channel, k.Group) }

// Counts are numbers by what they are of.
type Counts map[Key]int64

// A channel's name is one word, and so is a flow's group: flows holds to the same.
var (
	channel = regexp.MustCompile(`^[a-z]+$`)
	group   = regexp.MustCompile(`^[a-z0-9][a-z0-9-]*$`)
)

// parseKey reads what String wrote, and nothing else.
func parseKey(s string) (Key, error) {
	parts := strings.Split(s, "/")
	if len(parts) != 3 {
		return Key{}, errors.New("a key of another form, expected period/channel/group")
	}
	k := Key{Period(parts[0]), parts[1], parts[2]}
	switch {
	case !k.Period.ok():
		return Key{}, errors.New("a period of another form, expected a half-year (2026-H1) or a campaign's first day (2026-09-14)")
	case k.Channel == Web && k.Group == Fetched:
	case k.Channel == Web:
		return Key{}, fmt.Errorf("a group of the %s, expected only how often its screens were %s", Web, Fetched)
	case !channel.MatchString(k.Channel):
		return Key{}, errors.New("a channel of another form, expected one word in small letters")
	case !group.MatchString(k.Group):
		return Key{}, errors.New("a group of another form, expected small letters, digits and hyphens")
	}
	return k, nil
}
