package flows

import (
	"net/url"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// shorteners hide where a link leads, and count who follows it.
var shorteners = []string{"bit.ly", "buff.ly", "cutt.ly", "goo.gl", "is.gd", "lnkd.in", "ow.ly", "rb.gy", "rebrand.ly", "shorturl.at", "t.co", "t.ly", "tiny.cc", "tinyurl.com"}

// trackers are the parameters by which a link tells who followed it from where. utm_ stands for all that begin so.
var trackers = []string{"utm_", "mtm_", "pk_", "fbclid", "gclid", "dclid", "msclkid", "twclid", "ttclid", "yclid", "igshid", "mc_cid", "mc_eid", "_hsenc", "_hsmi", "ref_src"}

// link checks that a text is a whole web address in one of the schemes.
func (r *reader) link(n *yaml.Node, schemes ...string) bool {
	u, err := url.Parse(n.Value)
	if err != nil || u.Host == "" || u.User != nil || !slices.Contains(schemes, u.Scheme) {
		r.Problems.Add(r.Pos(n), ruleLink, "%q, expected an %s address", n.Value, schemes[0])
		return false
	}
	return true
}

// contactLink checks an address that people are sent to: nobody stands between them and the service.
func (r *reader) contactLink(n *yaml.Node) {
	if !r.link(n, "https") {
		return
	}
	u, err := url.Parse(n.Value)
	if err != nil {
		return // said already
	}
	if host := strings.TrimPrefix(strings.ToLower(u.Hostname()), "www."); slices.Contains(shorteners, host) {
		r.Problems.Add(r.Pos(n), ruleLink, "the shortener %s, expected the service's own address", host)
	}
	for name := range u.Query() {
		if slices.ContainsFunc(trackers, func(t string) bool { return strings.HasPrefix(strings.ToLower(name), t) }) {
			r.Problems.Add(r.Pos(n), ruleLink, "the tracker %q in an address, expected the address without it", name)
		}
	}
}
