package count

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// sampleReport has each kind of period.
func sampleReport(t *testing.T) Report {
	t.Helper()
	counts := Counts{
		{"2026-H1", Telegram, "buy"}: 412, {"2026-H1", Telegram, "sell"}: 120, {"2026-H1", Telegram, "acute"}: 41, {"2026-H1", Telegram, "young"}: 5,
		{"2026-H1", Telegram, "counter"}: 230, {"2026-H1", Telegram, "worried"}: 77, {"2026-H1", Webhook, "buy"}: 61, {"2026-H1", Webhook, "counter"}: 18,
		{"2026-H1", Web, Fetched}:    8412,
		{"2026-H2", Telegram, "buy"}: 100, {"2026-H2", Web, Fetched}: 4,
		{"2026-09-14", Telegram, "buy"}: 3,
	}
	return Publish(Kept{Secret: secretOf(1), Counts: counts}, stockholm(t, "2027-03-01 12:00"))
}

// The page needs nothing from anywhere: no script, no address, no font. Each channel has a chart in which each number stands.
func TestPageStandsAlone(t *testing.T) {
	r := sampleReport(t)
	var b bytes.Buffer
	if err := r.WritePage(&b); err != nil {
		t.Fatal(err)
	}
	page := b.String()
	if m := regexp.MustCompile(`(?i)<script|<link|<img|\bsrc=|href=|url\(|@import|//`).FindAllString(page, -1); m != nil {
		t.Errorf("the page asks for something: %q", m)
	}
	if len(r.Periods) != 2 || len(r.Periods[0].Cells) != 7 || r.Periods[1].Total == 0 {
		t.Fatalf("the sample is %+v", r)
	}
	charts := regexp.MustCompile(`(?s)<svg.*?</svg>`).FindAllString(page, -1)
	if len(charts) != 2 {
		t.Fatalf("%d charts, expected one for each channel", len(charts))
	}
	for _, c := range r.Periods[0].Cells {
		i := 0
		if c.Channel == Webhook {
			i = 1
		}
		if !strings.Contains(charts[i], ">"+c.Group+"<") || strings.Count(charts[i], strconv.FormatInt(c.Conversations, 10)) < 2 {
			t.Errorf("%+v is not in its chart, as a bar and in words", c)
		}
	}
	for _, svg := range charts {
		for dec := xml.NewDecoder(strings.NewReader(svg)); ; {
			if _, err := dec.Token(); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				t.Fatal(err)
			}
		}
	}
}

func TestTable(t *testing.T) {
	var b bytes.Buffer
	if err := sampleReport(t).WriteTable(&b); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"January to June 2026, without campaigns\n", "July to December 2026", "  telegram ", "all channels"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("%q is not in the table:\n%s", want, &b)
		}
	}
	if strings.Contains(b.String(), "Campaign 14") {
		t.Errorf("a campaign of three conversations is named:\n%s", &b)
	}
	b.Reset()
	if err := (Report{}).WriteTable(&b); err != nil || !strings.Contains(b.String(), "nothing to publish") {
		t.Errorf("%v: %s", err, &b)
	}
	of := Published{Period: "2026-09-14"}
	if got := of.Title(); got != "Campaign 14 September to 18 October 2026" {
		t.Errorf("a campaign is called %q", got)
	}
}
