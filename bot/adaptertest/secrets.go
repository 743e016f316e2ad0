package adaptertest

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// minCanary is the length of a canary, in bytes, under which it could stand in an error by chance.
const minCanary = 6

// searchAll fails the case for each canary in each error. Beside the stage's canaries, these are the suite's own: what was typed, in a
// room too, what was answered, and the data of the buttons.
func (p *play) searchAll(errs []error) {
	canaries := slices.Clone(p.stage.Canaries())
	if len(canaries) == 0 {
		p.tb.Error("the stage has no canaries: nothing can be found with it")
	}
	for _, c := range canaries {
		if len(c) < minCanary {
			p.tb.Errorf("canary %q has %d bytes, expected %d at least", c, len(c), minCanary)
		}
	}
	own := append(p.said(), saidInRoom...) // of which the handler need not have been told
	for _, u := range p.heard() {
		own = append(own, u.Data, u.Text)
	}
	for _, s := range own {
		if len(s) >= minCanary {
			canaries = append(canaries, s)
		}
	}
	slices.Sort(canaries)
	canaries = slices.Compact(canaries)
	for _, err := range errs {
		for _, c := range canaries {
			if where, ok := findCanary(err, c); ok {
				p.tb.Errorf("an error holds the canary %s: %s", short(c), where)
			}
		}
	}
}

// findCanary looks for a canary in an error, in every error that it wraps, and in what %+v and %#v print of each. A canary is found also in upper or
// lower case, quoted, and escaped as in an address. It gives the string that holds it.
func findCanary(err error, canary string) (where string, ok bool) {
	if err == nil {
		return "", false
	}
	for _, s := range []string{err.Error(), fmt.Sprintf("%+v", err), fmt.Sprintf("%#v", err)} {
		if holds(s, canary) {
			return s, true
		}
	}
	switch e := err.(type) {
	case interface{ Unwrap() error }:
		return findCanary(e.Unwrap(), canary)
	case interface{ Unwrap() []error }:
		for _, inner := range e.Unwrap() {
			if where, ok := findCanary(inner, canary); ok {
				return where, ok
			}
		}
	}
	return "", false
}

func holds(s, canary string) bool {
	s = strings.ToLower(s)
	for _, form := range []string{
		canary,
		url.QueryEscape(canary),
		url.PathEscape(canary),
		unquoted(strconv.Quote(canary)),
		unquoted(strconv.QuoteToASCII(canary)),
	} {
		if strings.Contains(s, strings.ToLower(form)) {
			return true
		}
	}
	return false
}

func unquoted(s string) string { return s[1 : len(s)-1] }
