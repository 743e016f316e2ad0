package flows_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"motkraft/flows"
)

// professionalsOnly are lines of named officials and of an authority that answers those who meet exposed people at work.
var professionalsOnly = []string{"nspm-stodtelefon", "regionkoordinatorer-stockholm"}

// streetWork are services whose pages tell where exposed people are found. Whoever buys sex must not be shown them.
var streetWork = []string{"rosenlundstodet", "fralsningsarmen-manniskohandel", "noomi-malmo"}

func TestEmbeddedContentHasNoProblem(t *testing.T) { embedded(t) }

// referrals gives the nodes that refer.
func referrals(t testing.TB, set *flows.Set) []*flows.Node {
	t.Helper()
	var out []*flows.Node
	for _, n := range set.Nodes {
		if n.Refer != nil {
			out = append(out, n)
		}
	}
	if len(out) == 0 {
		t.Fatal("no referral")
	}
	return out
}

// places gives not said, and all counties and municipalities.
func places(set *flows.Set) []flows.Place { return append([]flows.Place{0}, set.Places.All()...) }

// takes reports whether a service takes somebody of an age, or who says none where it is under 0.
func takes(s *flows.Service, age int) bool {
	if age < 0 {
		return !s.Ages.Limited()
	}
	return age >= s.Ages.Min && (s.Ages.Max == 0 || age <= s.Ages.Max)
}

// ages gives those for which somebody may stand at a referral: every one that it takes, and not said where it takes all.
func ages(r *flows.Refer) []int {
	const oldest = 100
	var out []int
	if !r.Ages.Limited() {
		out = append(out, -1)
	}
	for age := 0; age <= oldest; age++ {
		if age >= r.Ages.Min && (r.Ages.Max == 0 || age <= r.Ages.Max) {
			out = append(out, age)
		}
	}
	return out
}

// TestSomebodyAnswersEveryoneEverywhere: for every place and every age, at every hour of two years, with their clock changes and their
// holidays. It does not assert that a line has no queue.
func TestSomebodyAnswersEveryoneEverywhere(t *testing.T) {
	set := embedded(t)
	var moments []time.Time
	for at := moment(t, "2026-01-01 00:00"); at.Year() < 2028; at = at.Add(time.Hour) {
		moments = append(moments, at)
	}
	if len(moments) != 2*365*24 {
		t.Fatalf("%d hours, expected those of two years", len(moments))
	}
	open := map[*flows.Service][]bool{}
	for _, s := range set.Services {
		for _, at := range moments {
			open[s] = append(open[s], s.OpenAt(at))
		}
	}
	// Most places and ages are shown what others are: each list of services is looked at once.
	seen := map[string]bool{}
	for _, n := range referrals(t, set) {
		for _, at := range places(set) {
			for _, age := range ages(n.Refer) {
				services := slices.DeleteFunc(slices.Clone(n.Refer.At(at)), func(s *flows.Service) bool { return !takes(s, age) })
				var list strings.Builder
				for _, s := range services {
					list.WriteString(s.ID + " ")
				}
				if seen[list.String()] {
					continue
				}
				seen[list.String()] = true
				for i, now := range moments {
					if !slices.ContainsFunc(services, func(s *flows.Service) bool { return open[s][i] }) {
						t.Errorf("%s: nobody answers at %s for age %d in %q on %s", n.Refer.Pos, n.ID, age, set.Places.Name(at), now)
						break
					}
				}
			}
		}
	}
	if len(seen) < 50 {
		t.Errorf("%d lists of services looked at, expected more", len(seen))
	}
}

// What is shown at a place is what the directory says by itself: services for it or its county, in the directory's order, before those
// for all of Sweden.
func TestLocalServicesComeFirst(t *testing.T) {
	set := embedded(t)
	for _, n := range referrals(t, set) {
		r := n.Refer
		for _, at := range places(set) {
			var local, national []*flows.Service
			for _, s := range set.Services {
				needs, helps := s.Helps[r.To]
				fits := helps && (r.For == "" || slices.Contains(needs, r.For)) && !(r.Unlimited && s.Ages.Limited()) &&
					slices.ContainsFunc(ages(r), func(age int) bool { return takes(s, age) })
				switch {
				case fits && s.Area == nil && !slices.Contains(s.Except, at) && !slices.Contains(s.Except, at.County()):
					national = append(national, s)
				case fits && r.Near && (slices.Contains(s.Area, at) || slices.Contains(s.Area, at.County())):
					local = append(local, s)
				}
			}
			if want := append(local, national...); !slices.Equal(r.At(at), want) {
				t.Errorf("%s: %s in %q shows %d services, expected %d, or in another order", r.Pos, n.ID, set.Places.Name(at), len(r.At(at)), len(want))
			}
		}
	}
}

// Adults of the good content are for 18 and older; sos and house have no limits.
func TestAgesOfAReferral(t *testing.T) {
	for ages, want := range map[string]string{
		"":                  "house sos adults",
		", ages: 18-":       "house sos adults",
		", ages: 0-18":      "house sos adults", // some of these are 18
		", ages: 0-17":      "house sos",
		", ages: 65-":       "house sos adults",
		", ages: unlimited": "house sos",
	} {
		content := good(t)
		const near = "for: talk, near: place}"
		content["help.yaml"].Data = []byte(strings.Replace(string(content["help.yaml"].Data), near, strings.TrimSuffix(near, "}")+ages+"}", 1))
		set, problems := flows.Load(content)
		if len(problems) > 0 {
			t.Fatal(problems)
		}
		var found []string
		for _, s := range set.Node("help/near").Refer.Services() {
			found = append(found, s.ID)
		}
		if got := strings.Join(found, " "); got != want {
			t.Errorf("near place%s shows %q, expected %q", ages, got, want)
		}
	}
}

// Load looks at the distinct places only, so every other one must be shown what one of them is.
func TestDistinctPlacesStandForAll(t *testing.T) {
	set := embedded(t)
	nodes := referrals(t, set)
	shown := func(at flows.Place) (out []*flows.Service) {
		for _, n := range nodes {
			out = append(append(out, n.Refer.At(at)...), nil)
		}
		return out
	}
	distinct := set.Distinct()
	if all := len(places(set)); len(distinct) >= all {
		t.Errorf("%d distinct places of %d, expected fewer", len(distinct), all)
	}
	for _, at := range places(set) {
		if !slices.ContainsFunc(distinct, func(d flows.Place) bool { return slices.Equal(shown(d), shown(at)) }) {
			t.Errorf("nothing distinct is shown what %q is", set.Places.Name(at))
		}
	}
}

// Somebody who said that they are under 18 can press on for as long as they like, contacts and acute help included, without being
// sent to somebody who turns them away. What they type is not looked at here.
func TestNobodyUnder18IsSentToAServiceForAdults(t *testing.T) {
	set := embedded(t)
	seen := map[flows.ID]bool{}
	queue := []flows.ID{"young/start"}
	for len(queue) > 0 {
		n := set.Node(queue[0])
		queue = queue[1:]
		if n == nil || seen[n.ID] {
			continue
		}
		seen[n.ID] = true
		queue = append(queue, n.Contacts, n.Acute)
		for _, o := range n.Options {
			queue = append(queue, o.To)
		}
		if n.Ask != nil {
			queue = append(queue, n.Ask.To)
		}
		if n.Refer == nil {
			continue
		}
		for _, s := range n.Refer.Services() {
			if s.Ages.Min >= 18 {
				t.Errorf("%s: %s shows %s, which is for %d and older", n.Refer.Pos, n.ID, s.ID, s.Ages.Min)
			}
		}
	}
	if len(seen) < 5 || !seen["young/crisis"] {
		t.Errorf("only %d nodes are reached from young/start: %v", len(seen), seen)
	}
}

func TestWhoIsShownToWhom(t *testing.T) {
	set := embedded(t)
	unlimited, professional, buyer := 0, 0, 0
	for _, n := range referrals(t, set) {
		for _, s := range n.Refer.Services() {
			if n.Refer.Unlimited {
				unlimited++
				if s.Ages.Limited() {
					t.Errorf("%s: %s is for whoever has not said an age, and shows %s with limits %v", n.Refer.Pos, n.ID, s.ID, s.Ages)
				}
			}
			if slices.Contains(professionalsOnly, s.ID) {
				professional++
				if n.Refer.To != "professional" {
					t.Errorf("%s: %s refers %s to %s, which is for professionals only", n.Refer.Pos, n.ID, n.Refer.To, s.ID)
				}
			}
			if n.Refer.To == "buyer" || n.ID.Flow() == "buy" {
				buyer++
				if slices.Contains(streetWork, s.ID) {
					t.Errorf("%s: %s shows %s to whoever buys sex", n.Refer.Pos, n.ID, s.ID)
				}
			}
		}
	}
	if unlimited == 0 || professional == 0 || buyer == 0 {
		t.Errorf("%d for no age, %d for professionals, %d for buyers, expected some of each", unlimited, professional, buyer)
	}
	for _, id := range slices.Concat(professionalsOnly, streetWork) {
		if !slices.ContainsFunc(set.Services, func(s *flows.Service) bool { return s.ID == id }) {
			t.Errorf("no service %q, expected the lists of these tests to name what there is", id)
		}
	}
}

// A channel that offers the first choices by themselves leads into them by their doors.
func TestEveryFirstChoiceHasADoor(t *testing.T) {
	set := embedded(t)
	for _, o := range set.Node(flows.Welcome).Options {
		if !slices.ContainsFunc(set.Doors, func(d flows.Door) bool { return d.To == o.To }) {
			t.Errorf("%s: no door leads to %s", o.Pos, o.To)
		}
	}
}
