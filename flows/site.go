package flows

import (
	"net/url"
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// hostName is a host as people write it, without "www.".
var hostName = regexp.MustCompile(`^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+$`)

// site reads the hosts that are a service's own: one, or a list.
func (r *reader) site(n *yaml.Node, s *Service) {
	read := func(n *yaml.Node) {
		if n.Kind != yaml.ScalarNode || !hostName.MatchString(n.Value) || strings.HasPrefix(n.Value, "www.") {
			r.Problems.Add(r.Pos(n), ruleSite, "%q, expected a host such as example.se: in lower case, without https:// and www.", n.Value)
			return
		}
		s.Site = append(s.Site, n.Value)
	}
	if n.Kind == yaml.SequenceNode {
		r.Items(n, "site", read)
		return
	}
	read(n)
}

// ownPages holds a service's links to its own hosts. A button that says it leads to somebody leads there, and not to a newspaper's article.
func (r *reader) ownPages(s *Service) {
	for _, c := range s.Contacts {
		u, err := url.Parse(c.Address)
		if c.Kind != Page && c.Kind != Chat && c.Kind != About || err != nil || u.Hostname() == "" {
			continue // a phone number, or said already
		}
		switch host := u.Hostname(); {
		case c.Kind == About && s.owns(host):
			r.Problems.Add(c.Pos, ruleSite, "%s is one of the own hosts of %q and stands as about, expected page", host, s.ID)
		case c.Kind == About || s.owns(host):
		case len(s.Site) == 0:
			r.Problems.Add(c.Pos, ruleSite, "%s on %s, and no site says which hosts are %q's own, expected site: %s, or about where it is a page of somebody else", c.Kind, host, s.ID, strings.TrimPrefix(host, "www."))
		default:
			r.Problems.Add(c.Pos, ruleSite, "%s on %s, which is none of %q's own hosts (%s), expected about: it is a page of somebody else", c.Kind, host, s.ID, strings.Join(s.Site, ", "))
		}
	}
}

// owns reports whether a host is the service's own.
func (s *Service) owns(host string) bool {
	return slices.ContainsFunc(s.Site, func(own string) bool { return host == own || strings.HasSuffix(host, "."+own) })
}
