package count

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
)

// secretOf is a secret by number, so that a test sees the same every time.
func secretOf(i int) []byte {
	sum := sha256.Sum256(binary.BigEndian.AppendUint64(nil, uint64(i)))
	return sum[:]
}

// said is a report as an outsider has it.
func said(t *testing.T, r Report) string {
	t.Helper()
	var b bytes.Buffer
	if err := r.WriteJSON(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestPublishedOnlyAfterTheEnd(t *testing.T) {
	kept := Kept{Secret: secretOf(1), Counts: Counts{buy: 500, acute: 200, fetched: 400}}
	for at, want := range map[string]int{
		"2026-06-30 23:59": 0,
		"2026-07-02 23:59": 0, // counts may still come
		"2026-07-03 00:00": 1,
		"2026-10-20 23:59": 1,
		"2026-10-21 00:00": 2,
	} {
		if got := len(Publish(kept, stockholm(t, at)).Periods); got != want {
			t.Errorf("at %s %d periods are published, expected %d", at, got, want)
		}
	}
}

// Over many counts and secrets: no published number is under ten, a total and cells never stand together, under 300 conversations there
// are no cells, every number is within three of the truth, and the same counts give the same report.
func TestWhatIsPublished(t *testing.T) {
	random := rand.New(rand.NewPCG(7, 8))
	now := stockholm(t, "2027-03-01 12:00")
	totals, cells := 0, 0
	for i := range 5000 {
		kept := Kept{Secret: secretOf(i), Counts: Counts{}}
		var sum int64
		for _, channel := range counted {
			for g := range random.IntN(12) {
				n := random.Int64N([]int64{3, 14, 60, 400}[random.IntN(4)])
				kept.Counts[Key{"2026-H1", channel, fmt.Sprintf("g%d", g)}] = n
				sum += n
			}
		}
		web := Key{"2026-H1", Web, Fetched}
		kept.Counts[web] = random.Int64N(20)
		r := Publish(kept, now)
		if said(t, r) != said(t, Publish(kept, now.AddDate(1, 0, 0))) {
			t.Fatal("the same counts were published otherwise")
		}
		for _, p := range r.Periods {
			near := func(what string, got, truth int64) {
				if got != 0 && (got < smallest || got < truth-maxNoise || got > truth+maxNoise) {
					t.Fatalf("%s is published as %d, the truth is %d", what, got, truth)
				}
			}
			near("the total", p.Total, sum)
			near("the web", p.Fetched, kept.Counts[web])
			if p.Total > 0 && len(p.Cells) > 0 {
				t.Fatal("a total stands beside cells: what is left out can be had by taking the rest away")
			}
			if len(p.Cells) > 0 && sum < fewest {
				t.Fatalf("%d conversations are told apart", sum)
			}
			if p.Total > 0 && sum >= fewest+spread {
				t.Fatalf("%d conversations have only a total", sum)
			}
			for _, c := range p.Cells {
				near(c.Group, c.Conversations, kept.Counts[Key{p.Period, c.Channel, c.Group}])
				if c.Conversations == 0 || c.Channel == Web {
					t.Fatalf("a cell is %+v", c)
				}
				cells++
			}
			if p.Total > 0 {
				totals++
			}
		}
	}
	if totals < 100 || cells < 1000 {
		t.Errorf("%d totals and %d cells were seen: too few to show anything", totals, cells)
	}
}

// An adversary knows all conversations but one, how all this is computed, and everything but the secret, and sees the whole report. They
// learn on one half of the secrets what each report looks like with and without the one conversation, say on the other half which of the
// two they see, and are right in at most 60 of 100 tries, wherever the one conversation may matter most.
//
// That the adversary is able is shown first: were a total with noise of its own published beside the cells, they would be right more often.
func TestAdversary(t *testing.T) {
	t.Parallel()
	with := func(n, beside int64) Counts { return Counts{buy: n, {"2026-H1", telegram, "sell"}: beside} }
	type view [4]int64 // all that a report of these counts can hold: the total, the two cells, and for a moment something more
	const learned, tried = 5000, 5000
	right := func(see func(secret int, c Counts) view, without, one Counts) float64 {
		seen := map[view]int{}
		for i := range learned {
			seen[see(i, without)]--
			seen[see(i, one)]++
		}
		hits := 0
		for i := learned; i < learned+tried; i++ {
			if seen[see(i, without)] <= 0 {
				hits++
			}
			if seen[see(i, one)] > 0 {
				hits++
			}
		}
		return float64(hits) / (2 * tried)
	}
	report := func(i int, c Counts) view {
		p := publish(secretOf(i), "2026-H1", c)
		out := view{p.Total}
		for _, cell := range p.Cells {
			out[1+slices.Index([]string{"buy", "sell"}, cell.Group)] = cell.Conversations
		}
		return out
	}
	both := func(i int, c Counts) view {
		var total int64
		for _, n := range c {
			total += n
		}
		out := report(i, c)
		out[3] = shown(secretOf(i), "total", total)
		return out
	}
	if got := right(both, with(400, 0), with(401, 0)); got <= 0.61 {
		t.Errorf("of a total beside the cells the adversary makes only %.3f: too weak to show anything", got)
	}
	worst := 0.0
	for _, c := range []struct{ n, beside int64 }{
		{0, 0}, {1, 0}, {6, 0}, {7, 0}, {9, 0}, {12, 0}, // a total alone, about the smallest
		{0, 5}, {3, 5}, {250, 30}, // a total of two cells
		{296, 0}, {299, 0}, {300, 0}, {302, 0}, {310, 0}, {325, 0}, {348, 0}, {349, 0}, {350, 0}, // where the bound is passed
		{10, 290}, {3, 297}, {12, 320}, {9, 335},
		{500, 0}, {0, 500}, {6, 500}, {9, 500}, {11, 500}, {40, 500}, // cells
	} {
		without, one := with(c.n, c.beside), with(c.n+1, c.beside)
		if c.n == 0 {
			delete(without, buy) // the store does not know the cell
		}
		got := right(report, without, one)
		worst = max(worst, got)
		if got > 0.60 {
			t.Errorf("%d or %d, beside %d: the adversary is right in %.3f of tries", c.n, c.n+1, c.beside, got)
		}
	}
	t.Logf("the adversary is right in at most %.3f of tries", worst)
}

func TestReportOfNothing(t *testing.T) {
	r := Publish(Kept{}, stockholm(t, "2027-03-01 12:00"))
	var out map[string]any
	if err := json.Unmarshal([]byte(said(t, r)), &out); err != nil || out["periods"] == nil {
		t.Errorf("%v: %v", out, err)
	}
}
