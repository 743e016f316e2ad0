package count

import (
	"math"
	"slices"
	"sync"
	"testing"
)

// view is all that a report can show of a period with two cells: the total, the cells, and for a planted fault something more.
type view [4]int64

// law is how likely each noise is at a scale.
type law func(scale uint64) map[int64]float64

// cut is how much of each tail the laws here leave out.
const cut = 1e-6

// exact is the law of the noise as it is.
func exact(scale uint64) map[int64]float64 {
	out := map[int64]float64{0: weight(float64(scale), 0)}
	for x := 1; weight(float64(scale), x)*float64(scale) > cut; x++ {
		out[int64(x)], out[int64(-x)] = weight(float64(scale), x), weight(float64(scale), x)
	}
	return out
}

// bounded is a law that has no tails.
func bounded(uint64) map[int64]float64 {
	out := map[int64]float64{}
	for x := int64(-3); x <= 3; x++ {
		out[x] = 1. / 7
	}
	return out
}

// none is a law of no noise.
func none(uint64) map[int64]float64 { return map[int64]float64{0: 1} }

// of is two cells of one period.
func of(buy, sell int64) Counts {
	return Counts{{"2026-H1", telegram, "buy"}: buy, {"2026-H1", telegram, "sell"}: sell}
}

// report is what an outsider sees.
func report(drawn noise, c Counts) view {
	p := publish(drawn, "2026-H1", c)
	out := view{p.Total}
	for _, cell := range p.Cells {
		out[1+slices.Index([]string{"buy", "sell"}, cell.Group)] = cell.Conversations
	}
	return out
}

// chances gives how likely each view is, by running the code with every noise that there can be. Where fixed gives a law for a name it is that
// one's: noise that is drawn alike with and without a conversation may be held still, whatever it is.
func chances(see func(noise, Counts) view, c Counts, noises law, fixed map[string]law) map[view]float64 {
	laws := map[uint64]map[int64]float64{cellScale: noises(cellScale), totalScale: noises(totalScale)}
	out := map[view]float64{}
	var walk func(path []int64, p float64)
	walk = func(path []int64, p float64) {
		var next map[int64]float64 // what is drawn after the path, if anything
		taken := 0
		v := see(func(scale uint64, what string, _ int64) int64 {
			if taken++; taken <= len(path) {
				return path[taken-1]
			}
			if next == nil {
				if next = laws[scale]; fixed[what] != nil {
					next = fixed[what](scale)
				}
			}
			return 0
		}, c)
		if next == nil {
			out[v] += p
			return
		}
		for x, q := range next {
			walk(append(path[:len(path):len(path)], x), p*q)
		}
	}
	walk(nil, 1)
	return out
}

// delta is by how much a is likelier than e^epsilon times b, over all views: the delta of differential privacy.
func delta(a, b map[view]float64, epsilon float64) float64 {
	sum := 0.0
	for v, p := range a {
		sum += max(0, p-math.Exp(epsilon)*b[v])
	}
	return sum
}

// spent is the epsilon of the views that are likely enough to be computed well.
func spent(a, b map[view]float64) (worst float64) {
	for v, p := range a {
		if p > 1e-4 && b[v] > 1e-4 {
			worst = max(worst, math.Abs(math.Log(p/b[v])))
		}
	}
	return worst
}

// still holds the noise of the second cell, which k conversations in the first do not change.
var still = map[string]law{"2026-H1/telegram/sell": none}

var likely sync.Map // what looked gives, by counts

// looked is what a report of two cells can show, and how likely that is.
func looked(buy, sell int64) map[view]float64 {
	of, _ := likely.LoadOrStore([2]int64{buy, sell}, sync.OnceValue(func() map[view]float64 {
		return chances(report, of(buy, sell), exact, still)
	}))
	return of.(func() map[view]float64)()
}

// where are counts at which one conversation may matter most.
var where = [][2]int64{
	{0, 0}, {3, 0}, {9, 0}, {39, 0}, {0, 45}, // a total alone, about the smallest
	{280, 0}, {299, 0}, {0, 299}, {12, 290}, {9, 320}, // where the bound is passed
	{0, 500}, {9, 500}, {40, 500}, {500, 0}, // cells
}

// allowed is the delta that the cut tails make: three numbers, two tails.
const allowed = 6 * cut

// However one looks at a report, it is at most e^epsilon times as likely with a conversation as without, and e^(k*epsilon) times with k of them.
// This is computed over everything that a report can show, from the exact probabilities of the noise (TestNoiseIsDiscreteLaplace holds the noise
// to them), and so has no error but that of the tails which are cut off here.
func TestGuaranteeIsExact(t *testing.T) {
	t.Parallel()
	worst := map[int64]float64{}
	for _, at := range where {
		without := looked(at[0], at[1])
		for _, k := range []int64{1, 7} {
			with := looked(at[0]+k, at[1])
			d := max(delta(without, with, float64(k)*epsilon), delta(with, without, float64(k)*epsilon))
			if d > allowed {
				t.Errorf("at %v, %d conversations: delta is %g over e^%.3f", at, k, d, float64(k)*epsilon)
			}
			worst[k] = max(worst[k], spent(without, with))
		}
	}
	for k, e := range worst {
		t.Logf("%d conversations spend at most %.4f of %.4f: a guess is right in %.1f of 100 tries", k, e, float64(k)*epsilon, guessed(e))
	}
	if worst[1] < 0.9*epsilon {
		t.Errorf("one conversation spends %.3f: the promise of %.3f could be a better one, or this looks away", worst[1], epsilon)
	}

	// Which of two groups: two cells change, and the total does not.
	alike := map[string]law{"2026-H1": none}
	a, b := chances(report, of(41, 500), exact, alike), chances(report, of(40, 501), exact, alike)
	if d := max(delta(a, b, 2./cellScale), delta(b, a, 2./cellScale)); d > allowed {
		t.Errorf("which of two groups: delta is %g", d)
	}
}

// The same computation finds what would break the guarantee.
func TestGuaranteeFindsFaults(t *testing.T) {
	t.Parallel()
	absent := of(0, 0)
	delete(absent, Key{"2026-H1", telegram, "buy"})
	alike := map[string]law{"2026-H1": none, "2026-H1/telegram/sell": none}
	for name, c := range map[string]struct {
		see           func(noise, Counts) view
		without, with Counts
		noises        law
		fixed         map[string]law
	}{
		"noise without tails":       {report, of(40, 0), of(41, 0), bounded, still},
		"a bound without noise":     {report, of(299, 0), of(300, 0), exact, map[string]law{"2026-H1": none, "2026-H1/telegram/sell": none}},
		"a cell that was not there": {report, Counts{{"2026-H1", telegram, "sell"}: 500}, of(1, 500), exact, alike},
		"a total of its own noise beside the cells": {func(drawn noise, c Counts) view {
			v := report(drawn, c)
			for _, n := range c {
				v[3] += n
			}
			v[3] += drawn(cellScale, "beside", v[3])
			return v
		}, of(400, 100), of(401, 100), exact, alike},
		"small numbers left out before the noise": {func(drawn noise, c Counts) view {
			return report(func(scale uint64, what string, n int64) int64 {
				x := drawn(scale, what, n)
				if n < smallest {
					return -n
				}
				return x
			}, c)
		}, of(9, 500), of(10, 500), exact, alike},
	} {
		a, b := chances(c.see, c.without, c.noises, c.fixed), chances(c.see, c.with, c.noises, c.fixed)
		if d := max(delta(a, b, epsilon), delta(b, a, epsilon)); d < 1000*allowed {
			t.Errorf("%s was not found: delta is %g", name, d)
		} else {
			t.Logf("%s: delta is %.3g", name, d)
		}
	}
}
