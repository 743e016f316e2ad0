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
// Numbers are published with noise: a whole number that may be any, drawn from the discrete Laplace distribution (noise.go), the same whenever
// one asks, from the secret, what is counted and its count. Only then small numbers are left out. Noise that ends at 3 was there before: whoever
// saw the farthest of it was sure.
//
// The guarantee is differential privacy. Its unit is one conversation: whatever a report shows, it is at most e^epsilon times as likely with it as
// without. A conversation is in one cell (epsilon 1/4) and in its period's total (1/12), so epsilon is 1/3: whoever knows everything else is right
// about it in at most 58.3 of 100 tries, where 50 is knowing nothing. Which of two groups it was in (both cells change, no total) costs 1/2, 62.3
// of 100; which of two periods 2/3, 66.1 of 100. Delta is 0 as far as the secret's 256 bits, HMAC-SHA-256 and ChaCha8 are random to who does not
// know the secret: nothing is rounded and no tail is cut off. One fetching of the web chat, which belongs to no conversation, costs 1/4.
//
// The noisy total decides whether it is shown or the cells are: that is what its epsilon is for, and the number shown is the same draw. So total and
// cells never stand together, though by this reckoning they could.
//
// A person who comes k times costs k times as much. Guesses whether they came so often or not at all are right in at most e^(k/3)/(1+e^(k/3)):
//
//	k       1     2     3     5     7
//	        58.3  66.1  73.2  84.2  91.2  of 100
//
// That is not bounded further: to count a person's conversations as one, somebody would have to know that they are one person's. What can be
// bounded without knowing anybody is: a conversation counts once, whatever is done in it.
//
// A cell must not tell of a conversation by being in the store either. So Counter puts all cells there that there can be, with 0, once a day,
// whether or not anybody came; and noise may show some of them.
//
// The secret is made by the store and kept in it, not set by whoever runs the program: it guards the published numbers, and whoever can
// read the store has the exact ones anyway. As a setting it could be lost or changed, and the same numbers would be published anew with
// other noise: an average of two such reports has less of it. So a store that has counts and no secret is refused, and no new one is made.
//
// Redis is spoken to by redigo, for which the program is 0.1 MB larger. With go-redis it was 8.1 MB larger, for the same five commands.
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
func (k Key) String() string { return string(k.Period) + "/" + k.Channel + "/" + k.Group }

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
