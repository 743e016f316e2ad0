package flows

import (
	"fmt"
	"strconv"
	"strings"
)

// Ages is a range of ages in whole years, both ends included; the zero value has no limits. Max 0 means no upper limit.
type Ages struct{ Min, Max int }

// maxAge bounds what an editor can mean by an age.
const maxAge = 120

// parseAges reads "18-", "15-25" or "0-17".
func parseAges(s string) (Ages, error) {
	lo, hi, ok := strings.Cut(s, "-")
	a := Ages{}
	var err error
	if a.Min, err = strconv.Atoi(lo); !ok || err != nil || a.Min < 0 || a.Min > maxAge {
		return Ages{}, fmt.Errorf("%q is no range of ages, expected such as 18-, 15-25 or 0-17", s)
	}
	if hi == "" {
		return a, nil
	}
	if a.Max, err = strconv.Atoi(hi); err != nil || a.Max < a.Min || a.Max == 0 || a.Max > maxAge {
		return Ages{}, fmt.Errorf("%q is no range of ages, expected such as 18-, 15-25 or 0-17", s)
	}
	return a, nil
}

// overlaps reports whether some age is in both.
func (a Ages) overlaps(b Ages) bool {
	return (a.Max == 0 || a.Max >= b.Min) && (b.Max == 0 || b.Max >= a.Min)
}

// Limited reports whether an age can be outside.
func (a Ages) Limited() bool { return a != Ages{} }
