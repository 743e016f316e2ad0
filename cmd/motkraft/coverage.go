package main

import (
	"encoding/csv"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"motkraft/bot"
	"motkraft/flows"
)

// coverageCmd says whom every referral shows first.
type coverageCmd struct {
	CSV bool   `name:"csv" help:"Write a line for each municipality and referral."`
	At  string `help:"When, in the campaign's time, such as 2026-11-24T10:30; default: now." placeholder:"TIME"`
	flags
}

// atLayout is how --at is written.
const atLayout = "2006-01-02T15:04"

// Run writes a summary where no lines are asked for.
func (c *coverageCmd) Run(w *world) error {
	s := w.settings(c.flags)
	content, err := w.content(w.ctx, s.value("CONTENT"))
	if err != nil {
		return err
	}
	now := time.Now()
	if c.At != "" {
		if now, err = time.ParseInLocation(atLayout, c.At, content.set.Campaign.Zone); err != nil {
			return usageError{"--at is no time: give one such as 2026-11-24T10:30"}
		}
	}
	if c.CSV {
		return writeLeads(w.out, content.set, now)
	}
	return writeCoverage(w.out, content.set, []time.Time{now})
}

// writeLeads writes a line for each municipality and referral.
func writeLeads(to io.Writer, set *flows.Set, now time.Time) error {
	out := csv.NewWriter(to)
	out.Write([]string{"code", "municipality", "referral", "first", "by", "area"}) // Error tells
	for _, l := range bot.Coverage(set, now) {
		out.Write([]string{fmt.Sprintf("%04d", l.At), set.Places.Name(l.At), string(l.Referral), l.First.Name, ways(l.First), area(l.First)})
	}
	out.Flush()
	return out.Error()
}

// writeCoverage writes a summary for each referral: in how many municipalities somebody local is named and can be reached, and who comes first
// where, at some moments. Moments at which the same come first are said together.
func writeCoverage(to io.Writer, set *flows.Set, moments []time.Time) error {
	var b strings.Builder
	var at [][]bot.Lead
	for _, now := range moments {
		at = append(at, bot.Coverage(set, now))
	}
	for rest := at[0]; len(rest) > 0; {
		id := rest[0].Referral
		of := func(leads []bot.Lead) []bot.Lead {
			return slices.DeleteFunc(slices.Clone(leads), func(l bot.Lead) bool { return l.Referral != id })
		}
		leads := of(at[0])
		rest = rest[len(leads):]
		named, reachable := 0, 0
		for _, l := range leads {
			if l.Named {
				named++
			}
			if l.Reachable {
				reachable++
			}
		}
		r := set.Node(id).Refer
		fmt.Fprintf(&b, "%s (%s, %s): somebody local is named in %d of %d municipalities and can be reached in %d; in %d only somebody national\n",
			id, r.To, r.For, named, len(leads), reachable, len(leads)-named)
		said := map[string][]string{}
		var order []string
		for i, now := range moments {
			lines := firsts(set, of(at[i]))
			if said[lines] == nil {
				order = append(order, lines)
			}
			said[lines] = append(said[lines], now.In(set.Campaign.Zone).Format("Mon 2 Jan 15:04"))
		}
		for _, lines := range order {
			fmt.Fprintf(&b, "  %s\n%s", strings.Join(said[lines], ", "), lines)
		}
		b.WriteByte('\n')
	}
	_, err := io.WriteString(to, b.String())
	return err
}

// firsts says who comes first where, most widely first.
func firsts(set *flows.Set, leads []bot.Lead) string {
	where := map[*flows.Service][]flows.Place{}
	var order []*flows.Service
	for _, l := range leads {
		if where[l.First] == nil {
			order = append(order, l.First)
		}
		where[l.First] = append(where[l.First], l.At)
	}
	slices.SortStableFunc(order, func(a, b *flows.Service) int { return len(where[b]) - len(where[a]) })
	var b strings.Builder
	for _, s := range order {
		fmt.Fprintf(&b, "    %3d  %s (%s, %s): %s\n", len(where[s]), s.Name, area(s), ways(s), named(set, where[s], s.Local()))
	}
	return b.String()
}

// named names places, a county for all of its municipalities.
func named(set *flows.Set, places []flows.Place, local bool) string {
	if !local {
		return "everywhere else"
	}
	var out []string
	for _, county := range set.Places.Counties {
		in := slices.DeleteFunc(slices.Clone(places), func(at flows.Place) bool { return at.County() != county })
		if len(in) == len(set.Places.Municipalities(county)) {
			out = append(out, set.Places.Name(county))
			continue
		}
		for _, at := range in {
			out = append(out, set.Places.Name(at))
		}
	}
	return strings.Join(out, ", ")
}

// area says whether a service is for a part of the country.
func area(s *flows.Service) string {
	if s.Local() {
		return "local"
	}
	return "national"
}

// ways says how a service can be reached.
func ways(s *flows.Service) string {
	var out []string
	for _, k := range s.Ways() {
		out = append(out, string(k))
	}
	if len(out) == 0 {
		return "a page alone"
	}
	return strings.Join(out, " ")
}
