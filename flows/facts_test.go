package flows_test

import (
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"motkraft/flows"
)

// factsDir is the folder of facts from which the content was written: it is no part of the project, so its tests are skipped
// where nobody says where it is.
func factsDir(t *testing.T) string {
	t.Helper()
	const variable = "MOTKRAFT_TEST_FACTS"
	dir := os.Getenv(variable)
	if dir == "" {
		const missing = "set " + variable + " to the folder with content.md and services.yaml"
		if slices.Contains(strings.Split(os.Getenv("MOTKRAFT_TEST_REQUIRE"), ","), "facts") {
			t.Fatal(missing)
		}
		t.Skip(missing)
	}
	return dir
}

// fact is a service as the facts have it. Anonymous and Free are true, false or "unknown".
type fact struct {
	ID        string
	Audiences []string
	Certainty string
	Anonymous any
	Free      any
	MinAge    int `yaml:"min_age"`
	MaxAge    int `yaml:"max_age"`
	Languages []string
	Phones    []struct{ Dial, Display, Certainty, Source string }
	Email     string
	Chat      string
	URL       string
}

// facts gives the services of the facts by id, and the whole text.
func facts(t *testing.T) (map[string]fact, string) {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(factsDir(t), "services.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	var file struct{ Services []fact }
	if err := yaml.Unmarshal(data, &file); err != nil {
		t.Fatal(err)
	}
	out := map[string]fact{}
	for _, f := range file.Services {
		out[f.ID] = f
	}
	if len(out) == 0 || len(out) != len(file.Services) {
		t.Fatalf("%d services of %d ids in the facts", len(file.Services), len(out))
	}
	return out, string(data)
}

// reviewed are services that the facts' own list does not have, and the words of the review that name them with a page that was read. Nobody could
// read a number of theirs, unless the list has it for another service.
var reviewed = map[string]string{
	"regionkoordinator-syd":            "Evonhuset's two are for Skåne, **Blekinge, Kronoberg and Kalmar, all ages** (malmo.se, 020-35 40 40)",
	"regionkoordinator-ovriga":         "all 290 have one** (nmtsverige.se 2018",
	"regionkoordinator-yrkesverksamma": "all 290 have one** (nmtsverige.se 2018",
	"slaa":                             "S.L.A.A. (slaa.se)",
	"saa":                              "SAA (saasverige.se)",
	"akutmottagningen-valdtagna":       "Akutmottagningen för våldtagna absent",
	"killar-se":                        "Killar.se (mfj.se: boys 10–20, anonymous chat)",
	"tjejjouren-se":                    "tjejjouren.se, ungdomsjour: own pages exist",
}

// review gives the text of the review.
func review(t *testing.T) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(factsDir(t), "review-2.md"))
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// TestReviewedServicesAreThoseOfTheReview: each is named there, and each host that people are sent to or that was read.
func TestReviewedServicesAreThoseOfTheReview(t *testing.T) {
	text := review(t)
	known, all := facts(t)
	services := map[string]*flows.Service{}
	for _, s := range embedded(t).Services {
		services[s.ID] = s
	}
	for id, words := range reviewed {
		s := services[id]
		if s == nil || known[id].ID != "" {
			t.Errorf("%s is not shipped, or is in the facts' own list", id)
			continue
		}
		if id == "akutmottagningen-valdtagna" {
			words = "(sodersjukhuset.se: all genders from 13, round the clock, free)"
		}
		if !strings.Contains(text, words) {
			t.Errorf("%s: the review does not say %q", id, words)
		}
		for _, c := range s.Contacts {
			links := []string{c.Source}
			switch c.Kind {
			case flows.Phone:
				if !strings.Contains(all, `dial: "`+c.Dial+`"`) {
					t.Errorf("%s: %s is nowhere in the facts", c.Pos, c.Dial)
				}
			case flows.Email:
				t.Errorf("%s: no address of it was read", c.Pos)
			case flows.Through:
			default:
				links = append(links, c.Address)
			}
			for _, link := range links {
				if u, err := url.Parse(link); err != nil || !strings.Contains(strings.ToLower(text), strings.TrimPrefix(u.Host, "www.")) {
					t.Errorf("%s: the review names no %s", c.Pos, link)
				}
			}
			if c.Certainty == flows.High {
				t.Errorf("%s: high, and the review read it in an archived copy", c.Pos)
			}
		}
	}
}

// digits are what somebody dials of a number as it is shown; what the facts add in parentheses is no part of it.
func digits(shown string) string {
	shown, _, _ = strings.Cut(shown, "(")
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, shown)
}

// address is what two links to one page have in common: http and https are one.
func address(t *testing.T, link string) string {
	t.Helper()
	u, err := url.Parse(link)
	if err != nil {
		t.Fatal(err)
	}
	return u.Host + u.Path + "?" + u.RawQuery
}

// TestContactsAreThoseOfTheFacts: people in danger use these numbers, so not one digit is from anywhere else. Whether the facts are
// right is not asserted: that is for whoever rings and opens them.
func TestContactsAreThoseOfTheFacts(t *testing.T) {
	known, text := facts(t)
	addresses := map[string]bool{}
	for _, link := range regexp.MustCompile(`https?://[^\s"<>\])]+`).FindAllString(text, -1) {
		addresses[address(t, strings.TrimRight(link, ".,;"))] = true
	}
	for _, host := range regexp.MustCompile(`\b[a-z0-9-]+\.se\b`).FindAllString(review(t), -1) { // the review names sites
		addresses[host+"/?"] = true
	}
	for _, s := range embedded(t).Services {
		f, ok := known[s.ID]
		if !ok {
			if reviewed[s.ID] == "" {
				t.Errorf("%s: %s is not in the facts", s.Pos, s.ID)
			}
			continue
		}
		for _, c := range s.Contacts {
			certainty := f.Certainty
			switch c.Kind {
			case flows.Phone:
				i := slices.IndexFunc(f.Phones, func(p struct{ Dial, Display, Certainty, Source string }) bool { return p.Dial == c.Dial })
				if i < 0 {
					t.Errorf("%s: %s is dialled, the facts have no such number for %s", c.Pos, c.Dial, s.ID)
					continue
				}
				p := f.Phones[i]
				certainty = p.Certainty
				if digits(p.Display) != digits(c.Address) {
					t.Errorf("%s: shown as %q, in the facts as %q", c.Pos, c.Address, p.Display)
				}
				if address(t, p.Source) != address(t, c.Source) {
					t.Errorf("%s: read at %s, in the facts at %s", c.Pos, c.Source, p.Source)
				}
			case flows.Email:
				if c.Address != f.Email {
					t.Errorf("%s: %s, in the facts %q", c.Pos, c.Address, f.Email)
				}
			case flows.Through: // its number is not known: only that there is such a service is claimed
				if certainty == "low" {
					certainty = "medium"
				}
			case flows.Chat, flows.Page, flows.About:
				if !addresses[address(t, c.Address)] {
					t.Errorf("%s: %s is nowhere in the facts", c.Pos, c.Address)
				}
			}
			if !addresses[address(t, c.Source)] {
				t.Errorf("%s: its source %s is nowhere in the facts", c.Pos, c.Source)
			}
			if c.Certainty == flows.High && certainty != "high" || certainty == "low" {
				t.Errorf("%s: %s, in the facts %s", c.Pos, c.Certainty, certainty)
			}
		}
	}
}

// What a service promises must stand in the facts. It may promise less.
func TestPromisesAreThoseOfTheFacts(t *testing.T) {
	known, _ := facts(t)
	for _, s := range embedded(t).Services {
		f, ok := known[s.ID]
		if !ok {
			continue // see TestReviewedServicesAreThoseOfTheReview
		}
		if s.Anonymous && f.Anonymous != true {
			t.Errorf("%s: anonymous, in the facts %v", s.Pos, f.Anonymous)
		}
		if s.Free && f.Free != true {
			t.Errorf("%s: free, in the facts %v", s.Pos, f.Free)
		}
		if want := (flows.Ages{Min: f.MinAge, Max: f.MaxAge}); s.Ages != want {
			t.Errorf("%s: ages %v, in the facts %v", s.Pos, s.Ages, want)
		}
		for _, language := range s.Languages {
			if !slices.Contains(f.Languages, language) {
				t.Errorf("%s: language %q, in the facts %q", s.Pos, language, f.Languages)
			}
		}
	}
}

// Every service of the facts that somebody can reach is shipped, and none of which the facts are not sure, but for these.
func TestServicesAreThoseOfTheFacts(t *testing.T) {
	exceptions := map[string]string{ // id → why it is left out, or shown all the same
		"talita":     "its number is of about 2017, and newer pages describe it as for residents and authorities",
		"preventell": "shown by name alone: its number is what the facts are not sure of",
	}
	known, _ := facts(t)
	shipped := map[string]bool{}
	for _, s := range embedded(t).Services {
		shipped[s.ID] = true
	}
	for id, f := range known {
		sure := f.Certainty == "high" || f.Certainty == "medium"
		reachable := len(f.Phones) > 0 || f.Email != "" || f.Chat != "" || f.URL != ""
		_, excepted := exceptions[id]
		switch {
		case !sure && shipped[id] && !excepted:
			t.Errorf("%s is shipped, in the facts its certainty is %s", id, f.Certainty)
		case sure && reachable && shipped[id] == excepted:
			t.Errorf("%s: shipped is %t, an exception is %t", id, shipped[id], excepted)
		}
	}
}

// Those whom the facts name for professionals alone are shown to nobody else.
func TestProfessionalsOnlyAreThoseOfTheFacts(t *testing.T) {
	known, _ := facts(t)
	found := 0
	for _, s := range embedded(t).Services {
		if !slices.Equal(known[s.ID].Audiences, []string{"professional"}) {
			continue
		}
		found++
		if !slices.Contains(professionalsOnly, s.ID) {
			t.Errorf("%s: %s is for professionals only, expected it in the list of these tests", s.Pos, s.ID)
		}
	}
	if found != len(professionalsOnly) {
		t.Errorf("%d services for professionals only in the facts, %d in the list of these tests", found, len(professionalsOnly))
	}
}

// What is claimed was read in the facts. Whether the words say no more than the source is for whoever reads the texts.
func TestClaimsAreThoseOfTheFacts(t *testing.T) {
	data, err := os.ReadFile(filepath.Join(factsDir(t), "content.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, services := facts(t)
	text := string(data) + services + review(t)
	set := embedded(t)
	if len(set.Claims) == 0 {
		t.Fatal("no claims")
	}
	for _, c := range set.Claims {
		for _, source := range c.Sources {
			_, rest, _ := strings.Cut(source, "://")
			if !strings.Contains(text, strings.TrimSuffix(rest, "/")) {
				t.Errorf("%s: its source %s is nowhere in the facts", c.Pos, source)
			}
		}
	}
}
