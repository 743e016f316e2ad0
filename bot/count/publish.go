package count

import (
	"cmp"
	"maps"
	"slices"
	"time"
)

// The bounds of what is published, each held to a number that has its noise already.
const (
	smallest      = 10  // a smaller number of a cell is not shown
	smallestTotal = 40  // nor a smaller total, whose noise is wider: it would mostly be of nothing
	fewest        = 300 // under so many conversations in a period there is one total
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
// It is a function of numbers that have their noise, and of nothing else that hangs on people. Each period's total has one draw of noise, each
// cell another. One conversation more or less changes one total and one cell: whatever the report says, it is at most e^epsilon times as likely
// with it as without. To leave numbers out, to choose between total and cells, and to show the same again costs nothing more.
//
// It holds for what the store knows: a cell that only a conversation brings into the store would tell of it by being there. So Counter puts all of
// them there, with 0.
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
	drawn := noiseOf(kept.Secret)
	for p, counts := range periods {
		if of := publish(drawn, p, counts); of.Total > 0 || len(of.Cells) > 0 || of.Fetched > 0 {
			out.Periods = append(out.Periods, of)
		}
	}
	slices.SortFunc(out.Periods, func(a, b Published) int {
		return cmp.Or(a.Period.Begins().Compare(b.Period.Begins()), cmp.Compare(a.Period, b.Period))
	})
	return out
}

func publish(drawn noise, p Period, counts Counts) Published {
	out := Published{Period: p, First: p.Begins().Format(day), Last: p.Ends().AddDate(0, 0, -1).Format(day)}
	cell := func(key Key) int64 {
		return shown(counts[key]+drawn(cellScale, key.String(), counts[key]), smallest)
	}
	byName := func(a, b Key) int { return cmp.Compare(a.String(), b.String()) }
	keys := slices.SortedFunc(maps.Keys(counts), byName)
	var total int64
	for _, key := range keys {
		if key.Channel == Web {
			out.Fetched = cell(key)
			continue
		}
		total += counts[key]
	}
	total += drawn(totalScale, string(p), total)
	if total < fewest {
		out.Total = shown(total, smallestTotal)
		return out
	}
	for _, key := range keys {
		if key.Channel == Web {
			continue
		}
		if n := cell(key); n > 0 {
			out.Cells = append(out.Cells, Cell{key.Channel, key.Group, n})
		}
	}
	return out
}

// shown gives a number that has its noise as it is published, 0 where it is not. Were small numbers left out before the noise came, that one is
// shown would tell that there were so many.
func shown(n, least int64) int64 {
	if n < least {
		return 0
	}
	return n
}
