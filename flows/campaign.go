package flows

import (
	"io/fs"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/nyaruka/phonenumbers"
	"go.yaml.in/yaml/v3"

	"motkraft/bot/problem"
)

// Campaign is what belongs to one campaign in one country and is neither the tree nor the words. It stands in campaign.yaml, whose head
// explains each field to editors, and does not change after it was read.
type Campaign struct {
	*Calendar // the time zone and the public holidays in which all opening hours are meant

	Language  string            // the default one, in two small letters: the file of its words is in package locales
	Region    string            // the country of phone numbers, in two capital letters as ISO 3166 has them, such as "SE"
	Short     map[string]string // numbers that exist only inside the region, as they are dialled → why each may be shown
	Emergency string            // one of Short, such as "112"
	Exposed   []string          // audiences for whom the police are never the first step
	Others    []string          // all other audiences
	Leave     string            // the https address that the web chat leaves to: harmless to be seen with
	Complain  string            // the https address where an authority takes complaints about accessibility

	emergencyPos problem.Pos
	audiences    map[string]problem.Pos // of Exposed and Others; nil where they were not read
}

// Audiences gives all audiences, the exposed ones first.
func (c *Campaign) Audiences() []string { return slices.Concat(c.Exposed, c.Others) }

const (
	campaignFile               = "campaign.yaml"
	ruleCampaign  problem.Rule = "campaign"
	ruleEmergency problem.Rule = "emergency" // a screen of acute help without the emergency number
)

// LoadCampaign reads campaign.yaml alone, for whoever needs it before the rest: its language decides how the words are read. The campaign is
// whole only where the list of problems is empty; until then what is missing is empty, and its time is UTC without holidays.
func LoadCampaign(fsys fs.FS) (*Campaign, problem.List) {
	var problems problem.List
	return loadCampaign(fsys, &problems), problems.Sorted()
}

// newCampaign is one of which nothing is known.
func newCampaign() *Campaign {
	return &Campaign{Calendar: &Calendar{Zone: time.UTC}, Short: map[string]string{}}
}

func loadCampaign(fsys fs.FS, problems *problem.List) *Campaign {
	c := newCampaign()
	r := &reader{problem.Reader{File: folder + campaignFile, Problems: problems}}
	if names, err := fs.Glob(fsys, campaignFile); err == nil && len(names) == 0 {
		problems.Add(problem.Pos{File: r.File, Line: 1, Column: 1}, problem.RuleMissing, "no such file, expected it: the time zone, the country's numbers and the audiences stand in it")
		return c
	}
	doc := r.Document(fsys, campaignFile)
	if doc == nil {
		return c
	}
	r.Fields(doc, "the campaign", map[string]problem.Field{
		"language": {Required: true, Read: func(n *yaml.Node) { r.language(n, c) }},
		"timezone": {Required: true, Read: func(n *yaml.Node) { r.timezone(n, c) }},
		"holidays": {Required: true, Read: func(n *yaml.Node) {
			var ok bool
			if c.holidays, ok = publicHolidays(n.Value); !ok {
				r.Problems.Add(r.Pos(n), ruleCampaign, "holidays of %s, expected a country whose holidays are known: se", problem.Describe(n))
			}
		}},
		"phones": {Required: true, Read: func(n *yaml.Node) { r.phones(n, c) }},
		"emergency": {Required: true, Read: func(n *yaml.Node) {
			c.emergencyPos = r.Pos(n)
			r.Text(n, "the emergency number", &c.Emergency)
		}},
		"audiences": {Required: true, Read: func(n *yaml.Node) { r.audiences(n, c) }},
		"leave": {Required: true, Read: func(n *yaml.Node) {
			if r.Text(n, "the page to leave to", &c.Leave) {
				r.contactLink(n)
			}
		}},
		"complain": {Required: true, Read: func(n *yaml.Node) {
			if r.Text(n, "where to complain", &c.Complain) {
				r.contactLink(n)
			}
		}},
	})
	if _, ok := c.Short[c.Emergency]; !ok && c.Emergency != "" && len(c.Short) > 0 {
		problems.Add(c.emergencyPos, ruleCampaign, "%q is none of the short numbers, expected one of %s", c.Emergency, strings.Join(slices.Sorted(maps.Keys(c.Short)), ", "))
		c.Emergency = "" // so that no screen is said to be without it
	}
	return c
}

func (r *reader) language(n *yaml.Node, c *Campaign) {
	other := func(letter rune) bool { return letter < 'a' || letter > 'z' }
	if len(n.Value) != 2 || strings.ContainsFunc(n.Value, other) {
		r.Problems.Add(r.Pos(n), ruleCampaign, "%s, expected the two small letters of a language, such as sv", problem.Describe(n))
		return
	}
	c.Language = n.Value
}

func (r *reader) timezone(n *yaml.Node, c *Campaign) {
	zone, err := time.LoadLocation(n.Value)
	if err != nil || n.Value == "" || n.Value == "Local" { // these two are whatever the server has
		r.Problems.Add(r.Pos(n), ruleCampaign, "%s, expected a time zone of the IANA database, such as Europe/Stockholm", problem.Describe(n))
		return
	}
	c.Zone = zone
}

func (r *reader) phones(n *yaml.Node, c *Campaign) {
	r.Fields(n, "the phones", map[string]problem.Field{
		"region": {Required: true, Read: func(n *yaml.Node) {
			if !phonenumbers.GetSupportedRegions()[n.Value] {
				r.Problems.Add(r.Pos(n), ruleCampaign, "%s, expected the two capital letters of a country, such as SE", problem.Describe(n))
				return
			}
			c.Region = n.Value
		}},
		"short": {Required: true, Read: func(n *yaml.Node) {
			r.Pairs(n, "the short numbers", func(key, value *yaml.Node) {
				var why string
				if key.Value == "" || strings.Trim(key.Value, "0123456789") != "" {
					r.Problems.Add(r.Pos(key), ruleCampaign, "%q, expected a short number as it is dialled, such as 112", key.Value)
				}
				r.Text(value, "why the number may be shown", &why)
				c.Short[key.Value] = why
			})
		}},
	})
}

// audiences reads both lists. An audience stands in one of them, once.
func (r *reader) audiences(n *yaml.Node, c *Campaign) {
	c.audiences = map[string]problem.Pos{}
	list := func(into *[]string) func(*yaml.Node) {
		return func(n *yaml.Node) {
			r.Items(n, "the audiences", func(n *yaml.Node) {
				r.name(n, "an audience")
				if before, ok := c.audiences[n.Value]; ok {
					r.Problems.Add(r.Pos(n), problem.RuleDuplicate, "audience %q again, expected once in one of the lists; the first one stands at %s", n.Value, before)
					return
				}
				c.audiences[n.Value] = r.Pos(n)
				*into = append(*into, n.Value)
			})
		}
	}
	r.Fields(n, "the audiences", map[string]problem.Field{
		"exposed": {Required: true, Read: list(&c.Exposed)},
		"others":  {Required: true, Read: list(&c.Others)},
	})
}
