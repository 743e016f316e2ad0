package count

import (
	"crypto/hmac"
	"crypto/sha256"
	"fmt"
	"math"
	"math/rand/v2"
)

// The noise's scales, in conversations: one conversation more or less changes how likely a number is by a factor of at most e^(1/scale), which is
// the number's epsilon.
const (
	cellScale  = 4  // of a cell, and of the web's fetches: epsilon 1/4
	totalScale = 12 // of a period's total: epsilon 1/12
)

// epsilon is what one conversation costs in all: it is in one cell and in one total.
const epsilon = 1./cellScale + 1./totalScale

// noise gives what is added to a number: a whole number, at this scale, for what is counted and how much of it there is.
type noise func(scale uint64, what string, n int64) int64

// noiseOf draws noise that only the secret knows and that is always the same for the same number. Its randomness is ChaCha8's
// (https://c2sp.org/chacha8rand), begun with an HMAC-SHA-256.
func noiseOf(secret []byte) noise {
	return func(scale uint64, what string, n int64) int64 {
		mac := hmac.New(sha256.New, secret)
		fmt.Fprintf(mac, "discrete Laplace\n%d\n%s\n%d", scale, what, n) // no name has a line break
		return laplace(rand.NewChaCha8([32]byte(mac.Sum(nil))).Uint64, scale)
	}
}

// laplace draws from the discrete Laplace distribution, which is the two-sided geometric one of Ghosh, Roughgarden and Sundararajan ("Universally
// Utility-Maximizing Privacy Mechanisms", 2009): x comes with probability (1-a)/(1+a) * a^|x|, where a = e^(-1/scale).
//
// It follows Algorithm 2 of Canonne, Kamath and Steinke ("The Discrete Gaussian for Differential Privacy", 2020), which needs whole numbers
// alone: nothing is rounded, no tail is cut off, and so the probabilities are exact.
func laplace(bits func() uint64, scale uint64) int64 {
	for {
		rest := below(bits, scale)
		if !decayed(bits, rest, scale) {
			continue
		}
		whole := uint64(0)
		for decayed(bits, 1, 1) {
			whole++
		}
		x := int64(whole*scale + rest) // #nosec G115 -- a tail of 2^62 never comes
		if below(bits, 2) == 0 {
			return x
		}
		if x != 0 { // else there were two ways to nothing
			return -x
		}
	}
}

// decayed is true with probability e^(-p/q), for p from 0 to q: Algorithm 1 of the same paper.
func decayed(bits func() uint64, p, q uint64) bool {
	k := uint64(1)
	for below(bits, q*k) < p {
		k++
	}
	return k%2 == 1
}

// below draws a number under n, each as likely. What would favour small ones is drawn anew.
func below(bits func() uint64, n uint64) uint64 {
	for {
		if x := bits(); x < math.MaxUint64-math.MaxUint64%n {
			return x % n
		}
	}
}

// guessed is in how many of 100 tries somebody is right at most who holds two things for as likely, where what they see is at most e^e times as
// likely with the one as with the other. It is rounded up, to one decimal.
func guessed(e float64) float64 { return math.Ceil(1000*math.Exp(e)/(1+math.Exp(e))) / 10 }

// within is how far from the truth a number is at most in 19 of 20 cases.
func within(scale float64) int {
	a := math.Exp(-1 / scale)
	far := 0
	for 2*math.Pow(a, float64(far+1))/(1+a) > 1./20 {
		far++
	}
	return far
}
