package standin

import (
	"regexp"
	"strconv"
	"strings"
	"time"
)

var maskedLink = regexp.MustCompile(`^\[((?:\[[^\]]*\]|[^\[\]])+)\]\(\s*<?((?:\([^)\s]*\)|[^\s()])+?)>?(?:\s+["'(][^\n]*?["')])?\s*\)`)

// masked reads [words](address).
func (r *reader) masked(s string) (int, string) {
	m := maskedLink.FindStringSubmatch(s)
	if m == nil {
		return 0, ""
	}
	address := strings.ReplaceAll(m[2], `\`, "")
	if !strings.HasPrefix(address, "https://") && !strings.HasPrefix(address, "http://") {
		return 0, ""
	}
	r.links = append(r.links, address)
	return len(m[0]), r.text(m[1], false)
}

var bareLink = regexp.MustCompile(`^(?i:https?)://[^\s<]+`)

// bare finds an address that stands by itself. Its characters mean nothing else.
func bare(s string) string {
	address := bareLink.FindString(s)
	for address != "" {
		last := address[len(address)-1:]
		unopened := last == ")" && strings.Count(address, "(") < strings.Count(address, ")")
		if !unopened && !strings.Contains(`.,:;"']`, last) {
			break
		}
		address = address[:len(address)-1]
	}
	if strings.HasSuffix(address, "/") && strings.Count(address, "/") < 3 { // nothing is left behind the //
		return ""
	}
	return address
}

// What stands between angle brackets, and what is read in its place.
var angles = []struct {
	pattern *regexp.Regexp
	reads   string // empty: what the brackets hold
	link    string // what stands before that as an address
}{
	{regexp.MustCompile(`^<(https?://[^\s>]+)>`), "", ""},
	{regexp.MustCompile(`^<([^\s<>@:]+@[^\s<>@]+\.[^\s<>@]+)>`), "", "mailto:"},
	{regexp.MustCompile(`^<(\+[0-9][0-9 ().-]+)>`), "", "tel:"},
	{regexp.MustCompile(`^<@!?([0-9]+)>`), "@somebody", ""},
	{regexp.MustCompile(`^<@&([0-9]+)>`), "@role", ""},
	{regexp.MustCompile(`^<#([0-9]+)>`), "#channel", ""},
	{regexp.MustCompile(`^<a?:([0-9A-Za-z_]+):[0-9]+>`), "(emoji)", ""},
	{regexp.MustCompile(`^</([^:>\n]{1,98}):[0-9]+>`), "/command", ""},
	{regexp.MustCompile(`^<id:([a-z-]+)(?::[0-9]+)?>`), "#guide", ""},
}

var moment = regexp.MustCompile(`^<t:(-?[0-9]{1,13})(?::[tTdDfFRsS])?>`)

func (r *reader) angle(s string) (int, string) {
	if m := moment.FindStringSubmatch(s); m != nil {
		seconds, _ := strconv.ParseInt(m[1], 10, 64) // at most 13 digits
		return len(m[0]), time.Unix(seconds, 0).UTC().Format("2 January 2006 15:04")
	}
	for _, a := range angles {
		m := a.pattern.FindStringSubmatch(s)
		if m == nil {
			continue
		}
		if a.reads != "" {
			return len(m[0]), a.reads
		}
		r.links = append(r.links, a.link+m[1])
		return len(m[0]), m[1]
	}
	return 0, ""
}
