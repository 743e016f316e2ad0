package count

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"text/tabwriter"
)

// rules are the words that go with every report, a sentence or two each, so that its numbers are read as what they are. Each channel's own come
// after them.
var rules = []string{
	"A conversation is counted at most once, where it first came to contacts.",
	fmt.Sprintf("Every number is changed at random, on purpose, so that nobody is to be found in it: in 19 of 20 cases by %d at most, a total by %d. A number that is then under %d is not shown, nor a total under %d; one that is little above it may be of nothing.",
		within(cellScale), within(totalScale), smallest, smallestTotal),
	fmt.Sprintf("Where a period's total, so changed, is under %d there is only the total. Otherwise there is none.", fewest),
	fmt.Sprintf("This is differential privacy by discrete Laplace noise: epsilon is 1/%d for a cell and 1/%d for its period's total, %.3f in all, for one conversation, and 1/%d for one fetching of the web chat. Whoever knows everything else, and held it for as likely as not that a conversation took place, is right about it in at most %.1f of 100 tries.",
		cellScale, totalScale, epsilon, cellScale, guessed(epsilon)),
	fmt.Sprintf("Nobody knows who comes again, so that is not bounded: whether somebody came 2, 3, 5 or 7 times or not at all is guessed right in at most %.1f, %.1f, %.1f or %.1f of 100 tries.",
		guessed(2*epsilon), guessed(3*epsilon), guessed(5*epsilon), guessed(7*epsilon)),
}

// Title names a period as people say it.
func (p Published) Title() string {
	begins := p.Period.Begins()
	if p.Period.Campaign() {
		return fmt.Sprintf("Campaign %s to %s", begins.Format("2 January"), p.Period.Ends().AddDate(0, 0, -1).Format("2 January 2006"))
	}
	return fmt.Sprintf("%s to %s %d, without campaigns", begins.Month(), p.Period.Ends().AddDate(0, 0, -1).Month(), begins.Year())
}

// WriteJSON writes the report for machines.
func (r Report) WriteJSON(w io.Writer) error {
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	return enc.Encode(r)
}

// WriteTable writes the report for a terminal.
func (r Report) WriteTable(w io.Writer) error {
	if len(r.Periods) == 0 {
		_, err := fmt.Fprintf(w, "nothing to publish: a period is published two days after its end, and only numbers from %d on, totals from %d\n", smallest, smallestTotal)
		return err
	}
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, p := range r.Periods {
		fmt.Fprintf(t, "%s\n", p.Title())
		if p.Total > 0 {
			fmt.Fprintf(t, "  all channels\tall groups\t%d\n", p.Total)
		}
		for _, c := range p.Cells {
			fmt.Fprintf(t, "  %s\t%s\t%d\n", c.Channel, c.Group, c.Conversations)
		}
		if p.Fetched > 0 {
			fmt.Fprintf(t, "  %s\tscreens fetched\t%d\n", Web, p.Fetched)
		}
		fmt.Fprintln(t)
	}
	for _, rule := range slices.Concat(rules, r.Notes) {
		fmt.Fprintln(t, rule)
	}
	return t.Flush()
}
