package count

import (
	"fmt"
	"math"
	"testing"
)

// weight is the probability of x under discrete Laplace noise of this scale.
func weight(scale float64, x int) float64 {
	a := math.Exp(-1 / scale)
	return (1 - a) / (1 + a) * math.Pow(a, math.Abs(float64(x)))
}

// fits compares draws with the exact probabilities, the tails as far as a hundred draws are expected in them and all beyond in one: what is wrong
// with them, or nothing. A right sampler is refused once in some millions of cases.
func fits(scale float64, draws []int64) error {
	a := math.Exp(-1 / scale)
	n := float64(len(draws))
	edge := 0
	for n*math.Pow(a, float64(edge+1))/(1+a) > 100 {
		edge++
	}
	seen := map[int]float64{}
	farthest := 0.0
	for _, x := range draws {
		seen[max(-edge, min(edge, int(x)))]++
		farthest = max(farthest, math.Abs(float64(x)))
	}
	chi := 0.0
	for x := -edge; x <= edge; x++ {
		expected := n * weight(scale, x)
		if x == -edge || x == edge {
			expected = n * math.Pow(a, float64(edge)) / (1 + a)
		}
		chi += (seen[x] - expected) * (seen[x] - expected) / expected
	}
	if z := (chi - 2*float64(edge)) / math.Sqrt(4*float64(edge)); z > 6 {
		return fmt.Errorf("chi squared is %.0f with %d degrees of freedom", chi, 2*edge)
	}
	if most := scale * math.Log(n/5); farthest < most { // expected beyond are five or so on either side
		return fmt.Errorf("the farthest of %d draws is %.0f, expected some beyond %.0f: the tail is cut off", len(draws), farthest, most)
	}
	return nil
}

// The noise has the distribution that the guarantee is computed from, its tails too. Noise of another scale, with a cut tail, or with two ways to
// nothing is found.
func TestNoiseIsDiscreteLaplace(t *testing.T) {
	t.Parallel()
	const many = 400_000
	for _, scale := range []uint64{cellScale, totalScale} {
		draws := make([]int64, many)
		drawn := noiseOf(secretOf(1))
		for i := range draws {
			draws[i] = drawn(scale, "2026-H1/telegram/buy", int64(i))
		}
		if err := fits(float64(scale), draws); err != nil {
			t.Errorf("scale %d: %v", scale, err)
		}
		for name, fault := range map[string]func(i int, x int64) int64{
			"another scale": func(i int, _ int64) int64 { return drawn(scale+1, "x", int64(i)) },
			"a cut tail":    func(_ int, x int64) int64 { return max(-6*int64(scale), min(6*int64(scale), x)) },
			"nothing twice": func(i int, x int64) int64 {
				if i%50 == 0 {
					return 0
				}
				return x
			},
			"a lean": func(i int, x int64) int64 {
				if i%50 == 0 {
					return max(x, -x)
				}
				return x
			},
		} {
			wrong := make([]int64, many)
			for i, x := range draws {
				wrong[i] = fault(i, x)
			}
			if fits(float64(scale), wrong) == nil {
				t.Errorf("scale %d: %s was not found", scale, name)
			}
		}
	}
}

// Draws for one number say nothing about those for the next number, another cell or another scale; the same is always drawn for the same.
func TestDrawsAreIndependent(t *testing.T) {
	const many = 50_000
	type pair func(noise, int64) (int64, int64)
	for name, of := range map[string]pair{
		"the next number": func(d noise, i int64) (int64, int64) { return d(4, "a", i), d(4, "a", i+1) },
		"another cell":    func(d noise, i int64) (int64, int64) { return d(4, "a", i), d(4, "b", i) },
		"another scale":   func(d noise, i int64) (int64, int64) { return d(4, "a", i), d(12, "a", i) },
		"another secret":  func(d noise, i int64) (int64, int64) { return d(4, "a", i), noiseOf(secretOf(3))(4, "a", i) },
	} {
		d := noiseOf(secretOf(2))
		var sum, a, b float64
		for i := range int64(many) {
			x, y := of(d, i)
			sum, a, b = sum+float64(x*y), a+float64(x*x), b+float64(y*y)
		}
		if r := sum / math.Sqrt(a*b); math.Abs(r)*math.Sqrt(many) > 5 {
			t.Errorf("%s: correlated by %.4f", name, r)
		}
		if d(4, "a", 1) != noiseOf(secretOf(2))(4, "a", 1) {
			t.Error("the same was drawn otherwise")
		}
	}
}

// What was published is published the same by every later version: were the draws others, two reports of one period would have an average with less
// noise.
func TestDrawsNeverChange(t *testing.T) {
	var got []int64
	for i := range int64(12) {
		got = append(got, noiseOf(secretOf(1))([]uint64{cellScale, totalScale}[i%2], "2026-H1/telegram/buy", 100+i/2))
	}
	if want := fmt.Sprint(golden); fmt.Sprint(got) != want {
		t.Errorf("drawn %v, expected %v", got, want)
	}
}

var golden = []int64{8, 3, 6, -10, 1, 10, -5, -3, -1, -7, 0, 42}
