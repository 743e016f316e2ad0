package fakeserver

import (
	"fmt"
	"unicode/utf16"
)

// Problem is something wrong with a call: what no correct program does, and how the real server refuses it. Without a refusal it lets it pass.
type Problem struct {
	What    string
	Refusal error
}

// Judge records problems as violations and gives the first that the real server refuses. It needs the lock.
func (c *Core) Judge(where string, problems []Problem) error {
	var refused error
	for _, p := range problems {
		c.Violate("%s: %s", where, p.What)
		if refused == nil {
			refused = p.Refusal
		}
	}
	return refused
}

// Problems collects what is wrong with a call.
type Problems []Problem

// Add adds a problem that is refused so; nil: the real server lets it pass.
func (p *Problems) Add(refusal error, format string, args ...any) {
	*p = append(*p, Problem{fmt.Sprintf(format, args...), refusal})
}

// Bound adds a problem where n, of the unit, is not from least to most. The format says what has so many.
func (p *Problems) Bound(refusal error, n int, unit string, least, most int, format string, args ...any) {
	bounds := fmt.Sprintf("%d to %d", least, most)
	if least == 0 {
		bounds = fmt.Sprintf("at most %d", most)
	}
	if n < least || n > most {
		p.Add(refusal, "%s has %d %s, %s", fmt.Sprintf(format, args...), n, unit, bounds)
	}
}

// Units is how long a text is in UTF-16 units, as the platforms count.
func Units(s string) int { return len(utf16.Encode([]rune(s))) }
