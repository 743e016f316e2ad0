package main

import (
	"os"
	"strings"
	"testing"
	"time"

	"motkraft/flows"
)

// TestCoverage holds what comes first in all municipalities against testdata/golden/coverage.txt, which is there to be read: on a weekday's forenoon, on a
// Saturday night and on Christmas Eve. -update writes it anew after a change of the directory.
func TestCoverage(t *testing.T) {
	set, problems := flows.Load(flows.Embedded)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	var moments []time.Time
	for _, at := range []string{"2026-11-24T10:30", "2026-11-28T23:00", "2026-12-24T15:00"} {
		now, err := time.ParseInLocation(atLayout, at, set.Campaign.Zone)
		if err != nil {
			t.Fatal(err)
		}
		moments = append(moments, now)
	}
	var found strings.Builder
	if err := writeCoverage(&found, set, moments); err != nil {
		t.Fatal(err)
	}
	const golden = "testdata/golden/coverage.txt"
	if *update {
		if err := os.WriteFile(golden, []byte(found.String()), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if found.String() != string(want) {
		t.Errorf("other services come first than %s says; -update writes it:\n%s", golden, found.String())
	}
}

// Wherever somebody local is named, somebody local comes first, at any hour: a table of who comes first could be wrong by heart.
func TestCoverageLinesAreWhole(t *testing.T) {
	set, _ := flows.Load(flows.Embedded)
	var found strings.Builder
	if err := writeLeads(&found, set, time.Date(2026, 11, 28, 22, 0, 0, 0, time.UTC)); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(found.String()), "\n")
	referrals := 0
	for _, n := range set.Nodes {
		if n.Refer != nil && n.Refer.Near {
			referrals++
		}
	}
	if want := 1 + 290*referrals; len(lines) != want || referrals < 10 {
		t.Errorf("%d lines for %d referrals, expected %d", len(lines), referrals, want)
	}
	if want := "1280,Malmö,buy/referral,Evonhuset,phone email,local"; !strings.Contains(found.String(), want+"\n") {
		t.Errorf("no line %q", want)
	}
}
