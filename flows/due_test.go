package flows_test

import (
	"math"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"motkraft/flows"
)

// Everybody meets the first screen, nobody a node that is none, and a node more can only be met by more people.
func TestReach(t *testing.T) {
	set := embedded(t)
	reach := func(ids ...flows.ID) float64 {
		return set.Reach(func(n *flows.Node) bool { return slices.Contains(ids, n.ID) })
	}
	if all := reach(flows.Welcome); all != 1000 {
		t.Errorf("%v of 1000 meet the first screen", all)
	}
	if none := reach("buy/nowhere"); none != 0 {
		t.Errorf("%v meet what there is not", none)
	}
	// One of eight ways from the first screen leads to it, and most others within six presses.
	if acute := reach(flows.Acute); acute < 125 || acute > 1000 {
		t.Errorf("%v meet acute help", acute)
	}
	var ids []flows.ID
	before := 0.0
	for _, n := range set.Nodes {
		if n.ID == flows.Welcome {
			continue
		}
		ids = append(ids, n.ID)
		now := reach(ids...)
		if now < before-1e-9 || now > 1000+1e-9 {
			t.Errorf("%v meet one of %v, %v without the last", now, ids, before)
		}
		before = now
	}
	if math.Abs(before-1000) > 1e-9 { // whatever is pressed first
		t.Errorf("%v of 1000 meet one of all screens but the first", before)
	}
}

// In the good content one of three ways leads to the place question, which all answer; the house in Malmö is for one municipality of five.
func TestReachOfALocalService(t *testing.T) {
	set, problems := flows.Load(good(t))
	if err := problems.Err(); err != nil {
		t.Fatal(err)
	}
	var house, sos float64
	for _, s := range set.Services {
		switch s.ID {
		case "house":
			house = set.ReachOf(s)
			near := set.Reach(func(n *flows.Node) bool { return n.ID == "help/near" })
			if math.Abs(house-near/5) > 1e-9 || house == 0 {
				t.Errorf("%v meet the house, %v its referral, expected a fifth", house, near)
			}
		case "sos":
			sos = set.ReachOf(s)
		}
	}
	if sos <= house {
		t.Errorf("%v meet the national line, and %v the local one", sos, house)
	}
}

func TestDue(t *testing.T) {
	content := good(t)
	content["claims.yaml"] = &fstest.MapFile{Data: []byte(`claims:
  fresh: {says: So it is., source: https://example.se/a, checked: 2026-03}
  old: {says: So it was., source: https://example.se/a, checked: 2025-01-31}
  law: {says: So says the law., source: https://example.se/a, checked: 2026-03, law: true}
  read: {says: So says the law., source: https://example.se/a, checked: 2026-03, law: true, lawyer: 2026-03-31}
`)}
	content["help.yaml"].Data = append(content["help.yaml"].Data, "    claim: [fresh, old, law, read]\n"...)
	set, problems := flows.Load(content)
	if err := problems.Err(); err != nil {
		t.Fatal(err)
	}
	for now, want := range map[string]string{
		"2026-06-01": `look up on its own page, and never ring to try, 112 (112)
ring 070-174 06 05 (The line for adults)
write to line@example.se (The line for adults)
ring 040-628 04 00 (The house in Malmö)
hold the claim "old"
have a lawyer read what is said of "law"`,
		"2026-02-01": `open https://example.se/house (The house in Malmö): verified on 2026-02-28, which is still to come`,
		"2027-03-02": `open https://example.se/house (The house in Malmö) again: last verified on 2026-02-28
hold the claim "fresh"
hold the claim "law"
hold the claim "read"`,
	} {
		at, err := time.Parse(time.DateOnly, now)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		met := math.Inf(1)
		for _, d := range set.Due(at) {
			got = append(got, d.Text)
			if d.Met > met {
				t.Errorf("%s: %q is met by more than what stands before it", now, d.Text)
			}
			met = d.Met
		}
		for line := range strings.Lines(want) {
			line = strings.TrimSuffix(line, "\n")
			if !slices.ContainsFunc(got, func(text string) bool { return strings.HasPrefix(text, line) }) {
				t.Errorf("%s: %q is not due; due are:\n%s", now, line, strings.Join(got, "\n"))
			}
		}
		if now == "2026-06-01" && len(got) != strings.Count(want, "\n")+1 {
			t.Errorf("%d things are due, expected %d:\n%s", len(got), strings.Count(want, "\n")+1, strings.Join(got, "\n"))
		}
	}
}
