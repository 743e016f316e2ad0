package count

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// sampleReport has each kind of period.
func sampleReport(t *testing.T) Report {
	t.Helper()
	counts := Counts{
		{"2026-H1", telegram, "buy"}: 412, {"2026-H1", telegram, "sell"}: 120, {"2026-H1", telegram, "acute"}: 41, {"2026-H1", telegram, "young"}: 5,
		{"2026-H1", telegram, "counter"}: 230, {"2026-H1", telegram, "worried"}: 77, {"2026-H1", webhook, "buy"}: 61, {"2026-H1", webhook, "counter"}: 18,
		{"2026-H1", Web, Fetched}:    8412,
		{"2026-H2", telegram, "buy"}: 100, {"2026-H2", Web, Fetched}: 4,
		{"2026-09-14", telegram, "buy"}: 3,
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
		if c.Channel == webhook {
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

// A period without charts says why in words.
func TestPageSaysWhyThereIsNoChart(t *testing.T) {
	for _, c := range []struct {
		of        Published
		says, not string
	}{
		{Published{Period: "2026-H1", Total: 97}, "one number and no chart", "cannot be said"},
		{Published{Period: "2026-H1", Fetched: 12}, "cannot be said without telling of single people", "one number"},
		{Published{Period: "2026-H1", Fetched: 12}, "so there is no chart of it", "<svg"},
		{Published{Period: "2026-H1", Cells: []Cell{{telegram, "buy", 300}}}, "<svg", "no chart"},
	} {
		var b strings.Builder
		if err := (Report{Periods: []Published{c.of}}).WritePage(&b); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(b.String(), c.says) || strings.Contains(b.String(), c.not) {
			t.Errorf("%+v: expected %q and not %q in\n%s", c.of, c.says, c.not, &b)
		}
	}
}

// Names of any length stay within the chart, and so do the bars and the numbers.
func TestNamesStayInTheChart(t *testing.T) {
	for _, name := range []string{"buy", "exposed-to-violence-by-a-partner", strings.Repeat("w", 200), strings.Repeat("å", maxName)} {
		for _, c := range charts([]Cell{{telegram, "buy", 9_999_999}, {telegram, name, 12}}) {
			if !strings.Contains(c.Said, name) {
				t.Errorf("%q is not said", name)
			}
			for _, b := range c.Bars {
				if b.Name < letter*len([]rune(b.Drawn)) || b.Left+b.Length > c.Width || b.Value+7*letter > c.Width {
					t.Errorf("%q leaves the chart: %+v", name, b)
				}
			}
		}
	}
}

// In print each period has a page, from which nothing is cut off.
func TestPrint(t *testing.T) {
	browser, err := exec.LookPath("chromium")
	if err != nil {
		lacks(t, "chromium", "install Debian's package chromium")
	}
	var full []Cell
	for _, channel := range []string{telegram, webhook} {
		for i := range 12 { // as many groups as there may be
			full = append(full, Cell{channel, fmt.Sprint("group-of-a-long-name-", i), int64(100 * (i + 1))})
		}
	}
	r := Report{Periods: []Published{
		{Period: "2026-H1", Cells: full, Fetched: 1234}, {Period: "2026-09-14", Cells: full, Fetched: 1234}, {Period: "2026-H2", Total: 97},
	}}
	var b bytes.Buffer
	if err := r.WritePage(&b); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	page, pdf := filepath.Join(dir, "page.html"), filepath.Join(dir, "page.pdf")
	if err := os.WriteFile(page, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(browser, "--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer", "--user-data-dir="+filepath.Join(dir, "profile"),
		"--print-to-pdf="+pdf, "file://"+page)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	printed, err := os.ReadFile(pdf)
	if err != nil {
		t.Fatal(err)
	}
	if n := len(regexp.MustCompile(`/Type /Page\b`).FindAll(printed, -1)); n != len(r.Periods) {
		t.Errorf("%d pages, expected one for each of %d periods", n, len(r.Periods))
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
