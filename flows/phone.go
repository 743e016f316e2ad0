package flows

import (
	"fmt"
	"strings"
	"unicode"

	"github.com/nyaruka/phonenumbers"
)

// shortNumbers are the numbers that exist only inside Sweden's own plan, and why each may be shown. They are dialled as they are:
// in international form (+46112) they reach somebody else or nobody.
var shortNumbers = map[string]string{
	"112":    "the emergency number, 112.se",
	"11414":  "the police where it is not urgent, polisen.se",
	"1177":   "the regions' medical advice, 1177.se",
	"90101":  "Mind Självmordslinjen, mind.se",
	"116006": "the EU's number for victims of crime, Brottsofferjouren",
	"116016": "the EU's number for women subjected to violence, Kvinnofridslinjen",
	"116111": "the EU's number for children, Bris",
}

// checkPhone reports what is wrong with a number as it is shown and as it is dialled, or nil.
func checkPhone(display, dial string) error {
	if dial == "" {
		return fmt.Errorf("%q without dial, expected beside it what is dialled, such as +46812345678", display)
	}
	if _, ok := shortNumbers[dial]; ok {
		if digits(display) != dial {
			return fmt.Errorf("shown as %q and dialled as %q, expected the same digits", display, dial)
		}
		return nil
	}
	number, err := phonenumbers.Parse(dial, "SE")
	if err != nil || !phonenumbers.IsValidNumber(number) || phonenumbers.GetRegionCodeForNumber(number) != "SE" {
		return fmt.Errorf("%q is no Swedish number, expected such as +46812345678, 020123456, or one of the short numbers in phone.go", dial)
	}
	national := "0" + phonenumbers.GetNationalSignificantNumber(number)
	international := phonenumbers.Format(number, phonenumbers.E164)
	// Freephone numbers do not answer from abroad, so they are dialled in national form.
	freephone := phonenumbers.GetNumberType(number) == phonenumbers.TOLL_FREE
	if dial != international && !(freephone && dial == national) {
		return fmt.Errorf("dialled as %q, expected %q", dial, international)
	}
	if shown := digits(display); shown != national && shown != strings.TrimPrefix(international, "+") {
		return fmt.Errorf("shown as %q and dialled as %q, expected the same number", display, dial)
	}
	return nil
}

// digits drops all else.
func digits(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsDigit(r) {
			return r
		}
		return -1
	}, s)
}
