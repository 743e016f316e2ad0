package count

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"text/tabwriter"
)

// rules are the words that go with every report, a sentence each, so that its numbers are read as what they are. Each channel's own come after
// them.
var rules = []string{
	"A conversation is counted at most once, where it first came to contacts.",
	fmt.Sprintf("Every number is up to %d too high or too low, on purpose, and numbers under %d are not shown: nobody is to be found in them.", maxNoise, smallest),
	fmt.Sprintf("Where there were few conversations (under %d to %d) there is only one total. Otherwise there is none: it would give the small numbers back.", fewest, fewest+spread-1),
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
		_, err := fmt.Fprintf(w, "nothing to publish: a period is published two days after its end, and only numbers from %d on\n", smallest)
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
