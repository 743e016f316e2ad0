package flows_test

import (
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"motkraft/flows"
)

// embedded loads the content that the program is built with.
func embedded(t testing.TB) *flows.Set {
	t.Helper()
	set, problems := flows.Load(flows.Embedded)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	return set
}

func TestPlacesAreAllOfSweden(t *testing.T) {
	places := embedded(t).Places
	municipalities := 0
	for _, county := range places.Counties {
		municipalities += len(places.Municipalities(county))
	}
	if len(places.Counties) != 21 || municipalities != 290 || len(places.All()) != 311 {
		t.Errorf("%d counties, %d municipalities, %d in all, expected 21, 290, 311", len(places.Counties), municipalities, len(places.All()))
	}
}

// TestPlacesAreThoseOfTheFacts compares every code and every name with the list of which the facts tell the origin.
func TestPlacesAreThoseOfTheFacts(t *testing.T) {
	data, err := os.ReadFile(filepath.Join(factsDir(t), "content.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, section, found := strings.Cut(string(data), "\n### 7.3 ")
	section, _, end := strings.Cut(section, "\n## ")
	if !found || !end {
		t.Fatal("no section 7.3 in content.md")
	}
	want := map[flows.Place]string{}
	code := func(s string) flows.Place {
		n, err := strconv.ParseUint(s, 10, 16)
		if err != nil {
			t.Fatal(err)
		}
		return flows.Place(n)
	}
	// "* **03 Uppsala län:** 0305 Håbo, 0319 Älvkarleby, …"
	for _, line := range regexp.MustCompile(`(?m)^\* \*\*(\d\d) (.+):\*\* (.+)$`).FindAllStringSubmatch(section, -1) {
		want[code(line[1])] = line[2]
		for part := range strings.SplitSeq(line[3], ", ") {
			number, name, _ := strings.Cut(part, " ")
			want[code(number)] = strings.TrimSpace(name)
		}
	}
	got := map[flows.Place]string{}
	places := embedded(t).Places
	for _, at := range places.All() {
		got[at] = places.Name(at)
	}
	if len(want) != 311 {
		t.Fatalf("%d places in the facts, expected 311", len(want))
	}
	for at := range want {
		if got[at] != want[at] {
			t.Errorf("%04d is %q, expected %q", at, got[at], want[at])
		}
	}
	if !maps.Equal(got, want) {
		t.Errorf("%d places, the facts have %d", len(got), len(want))
	}
}

// Whoever types an official name, with or without its dots, is understood. Of two that differ by their dots only, the name as typed
// decides.
func TestEveryOfficialNameIsUnderstood(t *testing.T) {
	places := embedded(t).Places
	plain := strings.NewReplacer("å", "a", "ä", "a", "ö", "o", "Å", "A", "Ä", "A", "Ö", "O")
	for _, at := range places.All() {
		name := places.Name(at)
		typed := []string{name, strings.ToUpper(name), strings.ToLower(name)}
		if name != "Håbo" { // without its ring it is Habo, another municipality
			typed = append(typed, plain.Replace(name))
		}
		if !at.IsCounty() {
			typed = append(typed, name+" kommun", strings.TrimSuffix(name, "s")+"s kommun")
		}
		for _, text := range typed {
			if got, ok := places.Named(flows.Words(text)); !ok || got != at {
				t.Errorf("%q is %04d, expected %04d", text, got, at)
			}
		}
	}
}

// A letter that is missing in a long name gives that place or none, never another. The first letter must be there: "nköping" could
// be two towns.
func TestAMisspeltNameIsNeverAnotherPlace(t *testing.T) {
	places := embedded(t).Places
	understood := 0
	for _, at := range places.All() {
		if at.IsCounty() {
			continue
		}
		letters := []rune(places.Name(at))
		for i := 1; i < len(letters); i++ {
			text := string(slices.Delete(slices.Clone(letters), i, i+1))
			if _, exact := places.Named(flows.Words(text)); exact {
				continue
			}
			got, ok := places.Like(flows.Words(text))
			if ok && got != at {
				t.Errorf("%q is %s, expected %s or none", text, places.Name(got), places.Name(at))
			}
			if ok {
				understood++
			}
		}
	}
	if understood < 1000 {
		t.Errorf("%d misspelt names understood, expected most of the long ones", understood)
	}
	for text, want := range map[string]flows.Place{"Jönköpping": 680, "goteburg": 1480, "Stokholm": 180, "Ostresund": 2380, "Mamlö": 0, "Paris": 0, "": 0} {
		if got, _ := places.Like(flows.Words(text)); got != want {
			t.Errorf("%q is like %04d, expected %04d", text, got, want)
		}
	}
}
