package flows_test

import (
	"testing"
	"time"

	"motkraft/flows"
)

// Content without campaign.yaml has that one problem, and none that follows from it.
func TestNoCampaign(t *testing.T) {
	content := good(t)
	delete(content, "campaign.yaml")
	const want = "flows/campaign.yaml:1:1: no such file, expected it: the time zone, the country's numbers and the audiences stand in it [missing]\n"
	if got := problems(content); got != want {
		t.Errorf("found:\n%sexpected:\n%s", got, want)
	}
	c, list := flows.LoadCampaign(content)
	if list.Error()+"\n" != want {
		t.Errorf("found:\n%s\nexpected:\n%s", list, want)
	}
	if got := c.Midnight(time.Unix(0, 0)); got.Unix() != 0 {
		t.Errorf("the day begins at %v, expected UTC", got)
	}
}

// What campaign.yaml says is what the set has, field by field.
func TestCampaign(t *testing.T) {
	set, list := flows.Load(good(t))
	if len(list) > 0 {
		t.Fatal(list)
	}
	c := set.Campaign
	for field, got := range map[string][2]string{
		"language":  {c.Language, "sv"},
		"timezone":  {c.Zone.String(), "Europe/Stockholm"},
		"region":    {c.Region, "SE"},
		"short":     {c.Short["11414"], "the police where it is not urgent"},
		"emergency": {c.Emergency, "112"},
		"leave":     {c.Leave, "https://example.se/weather"},
		"complain":  {c.Complain, "https://example.se/complain"},
	} {
		if got[0] != got[1] {
			t.Errorf("%s is %q, expected %q", field, got[0], got[1])
		}
	}
	if len(c.Exposed) != 0 || len(c.Others) != 1 || c.Others[0] != "anybody" {
		t.Errorf("exposed %q, others %q", c.Exposed, c.Others)
	}
	if midsummer := time.Date(2026, time.June, 19, 12, 0, 0, 0, c.Zone); !c.IsHoliday(midsummer) {
		t.Error("midsummer's eve is no holiday of Sweden")
	}
}
