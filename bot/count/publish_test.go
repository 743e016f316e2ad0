package count

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"math/rand/v2"
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

// Over many counts and secrets: no number under its bound is published, a total and cells never stand together, numbers are as near to the truth
// as the report says, and the same counts give the same report.
func TestWhatIsPublished(t *testing.T) {
	random := rand.New(rand.NewPCG(7, 8))
	now := stockholm(t, "2027-03-01 12:00")
	var totals, cells, web [2]int // of each, how many are farther off than is said, and how many there are
	near := func(of *[2]int, got, truth, least int64, most int) {
		switch {
		case got != 0 && got < least:
			t.Fatalf("%d is published", got)
		case got != 0 && truth > 100: // of smaller ones the noise that takes away is not seen
			of[1]++
			if got < truth-int64(most) || got > truth+int64(most) {
				of[0]++
			}
		}
	}
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
		fetches := Key{"2026-H1", Web, Fetched}
		kept.Counts[fetches] = random.Int64N(20)
		r := Publish(kept, now)
		if said(t, r) != said(t, Publish(kept, now.AddDate(1, 0, 0))) {
			t.Fatal("the same counts were published otherwise")
		}
		for _, p := range r.Periods {
			if sum < fewest-100 {
				near(&totals, p.Total, sum, smallestTotal, within(totalScale))
			}
			near(&web, p.Fetched, kept.Counts[fetches], smallest, within(cellScale))
			if p.Total > 0 && len(p.Cells) > 0 || p.Total >= fewest {
				t.Fatalf("a total of %d stands beside %d cells", p.Total, len(p.Cells))
			}
			for _, c := range p.Cells {
				near(&cells, c.Conversations, kept.Counts[Key{p.Period, c.Channel, c.Group}], smallest, within(cellScale))
				if c.Conversations == 0 || c.Channel == Web {
					t.Fatalf("a cell is %+v", c)
				}
			}
		}
	}
	for name, of := range map[string][2]int{"totals": totals, "cells": cells} {
		if share := float64(of[0]) / float64(of[1]); of[1] < 100 || share > 0.07 || share < 0.02 {
			t.Errorf("%d of %d %s are farther from the truth than is said, expected one in twenty", of[0], of[1], name)
		}
	}
}

func TestReportOfNothing(t *testing.T) {
	r := Publish(Kept{}, stockholm(t, "2027-03-01 12:00"))
	var out map[string]any
	if err := json.Unmarshal([]byte(said(t, r)), &out); err != nil || out["periods"] == nil {
		t.Errorf("%v: %v", out, err)
	}
}
