package count

import (
	"cmp"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
)

// The bounds of what is published.
const (
	maxNoise = 3   // added or taken away at most
	smallest = 10  // what is under it, with its noise, is not shown
	fewest   = 300 // under so many conversations in a period there is one total
	spread   = 50  // and how far above it the bound may lie
)

// Report is what may be published: the same for the same counts, whoever asks and however often.
type Report struct {
	Periods []Published `json:"periods"`

	// Notes are sentences on what single channels' numbers leave out, for whoever reads the table or the page.
	Notes []string `json:"-"`
}

// Published is one period that has ended. It has a total or cells, never both, and maybe neither. What is missing may be nothing or
// anything under ten: a period, a cell or a total of which nothing may be shown is not in the report at all, since "too few to show" would
// tell one from none.
type Published struct {
	Period  Period `json:"period"`
	First   string `json:"first_day"`
	Last    string `json:"last_day"`
	Total   int64  `json:"conversations,omitempty"`
	Cells   []Cell `json:"cells,omitempty"`
	Fetched int64  `json:"web_screens_fetched,omitempty"`
}

// Cell is a number of conversations.
type Cell struct {
	Channel       string `json:"channel"`
	Group         string `json:"group"`
	Conversations int64  `json:"conversations"`
}

// Publish says what may be known of what a store keeps.
//
// One conversation more changes three things that are drawn from the secret: its cell's number, or the total's, each one of seven, and
// whether the period's bound is passed, one of fifty. Only two of them are ever seen together. Whoever knows everything but the secret and
// whether there was that one conversation is right in at most 1/2 + (1/7 + 1/50)/2 of tries, 58.1 of 100.
func Publish(kept Kept, now time.Time) Report {
	periods := map[Period]Counts{}
	for key, n := range kept.Counts {
		if now.Before(key.Period.Ends().Add(published)) {
			continue
		}
		if periods[key.Period] == nil {
			periods[key.Period] = Counts{}
		}
		periods[key.Period][key] = n
	}
	out := Report{Periods: []Published{}}
	for p, counts := range periods {
		if of := publish(kept.Secret, p, counts); of.Total > 0 || len(of.Cells) > 0 || of.Fetched > 0 {
			out.Periods = append(out.Periods, of)
		}
	}
	slices.SortFunc(out.Periods, func(a, b Published) int {
		return cmp.Or(a.Period.Begins().Compare(b.Period.Begins()), cmp.Compare(a.Period, b.Period))
	})
	return out
}

func publish(secret []byte, p Period, counts Counts) Published {
	out := Published{Period: p, First: p.Begins().Format(day), Last: p.Ends().AddDate(0, 0, -1).Format(day)}
	var total int64
	for key, n := range counts {
		if key.Channel == Web {
			out.Fetched = shown(secret, key.String(), n)
			continue
		}
		total += n
	}
	if total < fewest+int64(draw(secret, spread, "bound", string(p))) { // #nosec G115 -- draw is below its bound, which is small
		out.Total = shown(secret, string(p), total)
		return out
	}
	byName := func(a, b Key) int { return cmp.Compare(a.String(), b.String()) }
	for _, key := range slices.SortedFunc(maps.Keys(counts), byName) {
		if n := shown(secret, key.String(), counts[key]); key.Channel != Web && n > 0 {
			out.Cells = append(out.Cells, Cell{key.Channel, key.Group, n})
		}
	}
	return out
}

// shown gives a number as it is published, 0 where it is not. The noise comes first: were small numbers taken out before it, that one is
// shown would tell that there were ten.
func shown(secret []byte, cell string, n int64) int64 {
	n += int64(draw(secret, 2*maxNoise+1, "noise", cell, strconv.FormatInt(n, 10))) - maxNoise // #nosec G115 -- draw is below its bound, which is small
	if n < smallest {
		return 0
	}
	return n
}

// draw gives a number from 0 to below n that only the secret knows, the same for the same names.
func draw(secret []byte, n uint64, names ...string) uint64 {
	mac := hmac.New(sha256.New, secret)
	mac.Write([]byte(strings.Join(names, "\n"))) // no name has a line break
	return binary.BigEndian.Uint64(mac.Sum(nil)) % n
}
