package count

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

// An adversary knows all conversations but some, how all this is computed, and everything but the secret. They know how likely each report is
// with and without those conversations, see one that is drawn with the real noise, and say the likelier. They are right no more often than is
// promised. That the adversary is able is shown first: with noise that has no tails they are sure of seven.
func TestAdversary(t *testing.T) {
	t.Parallel()
	const tries = 3000
	tailless := func(secret []byte) noise {
		return func(_ uint64, what string, n int64) int64 {
			x := noiseOf(secret)(1000, what, n) % 7
			return (x+7)%7 - 3
		}
	}
	right := func(see func([]byte) noise, a, b map[view]float64, without, with Counts) float64 {
		hits := 0
		for i := range tries {
			drawn := see(secretOf(i))
			quiet := func(scale uint64, what string, n int64) int64 {
				if still[what] != nil {
					return 0
				}
				return drawn(scale, what, n)
			}
			if v := report(quiet, without); a[v] >= b[v] {
				hits++
			}
			if v := report(quiet, with); b[v] > a[v] {
				hits++
			}
		}
		return 100 * float64(hits) / (2 * tries)
	}
	few, more := of(40, 0), of(47, 0)
	if got := right(tailless, chances(report, few, bounded, still), chances(report, more, bounded, still), few, more); got < 99 {
		t.Errorf("of noise without tails the adversary makes only %.1f: too weak to show anything", got)
	}
	for _, k := range []int64{1, 7} {
		worst := 0.0
		for _, at := range where {
			got := right(noiseOf, looked(at[0], at[1]), looked(at[0]+k, at[1]), of(at[0], at[1]), of(at[0]+k, at[1]))
			worst = max(worst, got)
			if got > guessed(float64(k)*epsilon)+2 { // a mean of this many tries is not farther off
				t.Errorf("at %v, %d conversations: right in %.1f of 100 tries", at, k, got)
			}
		}
		t.Logf("whether there were %d conversations is guessed right in at most %.1f of 100 tries, promised are %.1f", k, worst, guessed(float64(k)*epsilon))
	}
}

// The numbers in the README, the threat model and the package's own comment are those of the code, and the report says them too.
func TestPromisedNumbers(t *testing.T) {
	one := fmt.Sprintf("%.1f", guessed(epsilon))
	seven := fmt.Sprintf("%.1f", guessed(7*epsilon))
	all := []string{one, seven, fmt.Sprintf("%.1f", guessed(2*epsilon)), fmt.Sprintf("%.1f", guessed(3*epsilon)), fmt.Sprintf("%.1f", guessed(5*epsilon))}
	groups := fmt.Sprintf("%.1f", guessed(2./cellScale))
	said := strings.Join(rules, "\n")
	for name, want := range map[string][]string{
		"../../README.md":   append(all, groups, fmt.Sprintf("within %d of the truth", within(cellScale)), fmt.Sprintf("within %d\n", within(totalScale))),
		"../../SECURITY.md": {one, seven, groups},
		"count.go":          append(all, groups),
		"":                  all,
	} {
		text := said
		if name != "" {
			data, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			text = string(data)
		}
		for _, w := range want {
			if !strings.Contains(text, w) {
				t.Errorf("%q does not say %q", name, w)
			}
		}
	}
}
