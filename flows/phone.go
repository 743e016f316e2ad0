package flows

import (
	"fmt"
	"strings"
	"unicode"

	"github.com/nyaruka/phonenumbers"
)

// checkPhone reports what is wrong with a number as it is shown and as it is dialled, or nil. Numbers of the campaign's region are dialled in
// international form, its short numbers as they are.
func (c *Campaign) checkPhone(display, dial string) error {
	if dial == "" {
		return fmt.Errorf("%q without dial, expected beside it what is dialled, such as %s", display, c.exampleNumber())
	}
	if _, ok := c.Short[dial]; ok {
		if digits(display) != dial {
			return fmt.Errorf("shown as %q and dialled as %q, expected the same digits", display, dial)
		}
		return nil
	}
	number, err := phonenumbers.Parse(dial, c.Region)
	if err != nil || !phonenumbers.IsValidNumber(number) || phonenumbers.GetRegionCodeForNumber(number) != c.Region {
		return fmt.Errorf("%q is no number of %s, expected such as %s, a freephone number as it is dialled there, or one of the short numbers in %s", dial, c.Region, c.exampleNumber(), campaignFile)
	}
	national := digits(phonenumbers.Format(number, phonenumbers.NATIONAL))
	international := phonenumbers.Format(number, phonenumbers.E164)
	switch phonenumbers.GetNumberType(number) {
	case phonenumbers.PREMIUM_RATE, phonenumbers.SHARED_COST:
		return fmt.Errorf("%q costs whoever rings it more than a call, and stands on their bill, expected a number that does not", dial)
	}
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

// exampleNumber is how a number of the region is dialled.
func (c *Campaign) exampleNumber() string {
	return phonenumbers.Format(phonenumbers.GetExampleNumber(c.Region), phonenumbers.E164)
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
