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
	from, err := strconv.ParseUint(lo, 10, 8)
	if !ok || err != nil || from > maxAge {
		return Ages{}, fmt.Errorf("%q is no range of ages, expected such as 18-, 15-25 or 0-17", s)
	}
	if hi == "" {
		return Ages{Min: int(from)}, nil
	}
	to, err := strconv.ParseUint(hi, 10, 8)
	if err != nil || to < from || to == 0 || to > maxAge {
		return Ages{}, fmt.Errorf("%q is no range of ages, expected such as 18-, 15-25 or 0-17", s)
	}
	return Ages{Min: int(from), Max: int(to)}, nil
}

// overlaps reports whether some age is in both.
func (a Ages) overlaps(b Ages) bool {
	return (a.Max == 0 || a.Max >= b.Min) && (b.Max == 0 || b.Max >= a.Min)
}

// Limited reports whether an age can be outside.
func (a Ages) Limited() bool { return a != Ages{} }

// String is a range as it stands in a file: 18-, 15-25.
func (a Ages) String() string {
	if a.Max == 0 {
		return strconv.Itoa(a.Min) + "-"
	}
	return strconv.Itoa(a.Min) + "-" + strconv.Itoa(a.Max)
}
