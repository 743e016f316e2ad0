package flows

import (
	"slices"
	"time"

	"go.yaml.in/yaml/v3"

	"motkraft/bot/problem"
)

// Refer is a referral: which services a node names.
type Refer struct {
	To        string // audience
	For       string // need; empty: any
	Near      bool   // services for the person's place too, not only those for all of Sweden
	Ages      Ages   // only services that somebody of these ages may use
	Unlimited bool   // only services without limits of age: the person would rather not say
	Pos       problem.Pos

	services []*Service           // those that fit at any place: local ones first, each in the directory's order
	national []*Service           // those for all of Sweden
	local    map[Place][]*Service // for each place that one of them names, and its county: all that are shown there
}

func (r *reader) refer(n *yaml.Node) *Refer {
	out := &Refer{Pos: r.Pos(n)}
	r.Fields(n, "a referral", map[string]problem.Field{
		"to": {Required: true, Read: func(n *yaml.Node) {
			if r.Text(n, "an audience", &out.To) {
				out.Pos = r.Pos(n)
			}
		}},
		"for": {Read: func(n *yaml.Node) { r.Text(n, "a need", &out.For) }},
		"near": {Read: func(n *yaml.Node) {
			if out.Near = n.Value == "place"; !out.Near {
				r.Problems.Add(r.Pos(n), ruleRefer, "near %s, expected near: place", problem.Describe(n))
			}
		}},
		"ages": {Read: func(n *yaml.Node) {
			if out.Unlimited = n.Value == "unlimited"; out.Unlimited {
				return
			}
			var err error
			if out.Ages, err = parseAges(n.Value); err != nil {
				r.Problems.Add(r.Pos(n), ruleAges, "%s, or unlimited", err)
			}
		}},
	})
	return out
}

// fits reports whether a service belongs to the referral, wherever the person is.
func (r *Refer) fits(s *Service) bool {
	needs, ok := s.Helps[r.To]
	return ok &&
		(r.For == "" || slices.Contains(needs, r.For)) &&
		(r.Near || !s.Local()) &&
		r.Ages.overlaps(s.Ages) &&
		!(r.Unlimited && s.Ages.Limited())
}

// prepare picks the services once, so that a press only looks them up by place.
func (r *Refer) prepare(all []*Service) {
	r.services, r.local = nil, map[Place][]*Service{}
	for _, local := range []bool{true, false} {
		for _, s := range all {
			if s.Local() == local && r.fits(s) {
				r.services = append(r.services, s)
				for _, at := range slices.Concat(s.Area, s.Except) {
					r.local[at], r.local[at.County()] = nil, nil
				}
			}
		}
	}
	shown := func(at Place) (out []*Service) {
		for _, s := range r.services {
			if s.covers(at) {
				out = append(out, s)
			}
		}
		return out
	}
	r.national = shown(0)
	for at := range r.local {
		r.local[at] = shown(at)
	}
}

// Services gives all that the referral can name at some place, in the order shown.
func (r *Refer) Services() []*Service { return r.services }

// At gives the services for a place in the order shown: local ones first. Place 0 has none of its own. The slice is not to be changed.
func (r *Refer) At(at Place) []*Service {
	if services, ok := r.local[at]; ok {
		return services
	}
	if services, ok := r.local[at.County()]; ok {
		return services
	}
	return r.national
}

// openAt reports whether somebody of the referral answers at a moment.
func openAt(services []*Service, t time.Time) bool {
	return slices.ContainsFunc(services, func(s *Service) bool { return s.OpenAt(t) })
}
