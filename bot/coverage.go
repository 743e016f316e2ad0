package bot

import (
	"slices"
	"time"

	"motkraft/flows"
)

// Lead is what a referral shows first to somebody in a municipality at some moment: who they are most likely to turn to.
type Lead struct {
	Referral  flows.ID
	At        flows.Place
	First     *flows.Service // the emergency number does not count, where others stand behind it
	Named     bool           // a service for the place is shown at all
	Reachable bool           // one of those can be reached: it has more than a page
}

// Coverage gives what each referral that asks for a place leads with, in every municipality, in the order of the tree and then of the places.
func Coverage(set *flows.Set, now time.Time) []Lead {
	var out []Lead
	for _, n := range set.Nodes {
		if n.Refer == nil || !n.Refer.Near {
			continue
		}
		for _, county := range set.Places.Counties {
			for _, at := range set.Places.Municipalities(county) {
				out = append(out, lead(n, at, now))
			}
		}
	}
	return out
}

func lead(n *flows.Node, at flows.Place, now time.Time) Lead {
	offers := offers(n.Refer.At(at), now)
	first := offers[0].service
	if first.Emergency && len(offers) > 1 {
		first = offers[1].service
	}
	return Lead{
		Referral:  n.ID,
		At:        at,
		First:     first,
		Named:     slices.ContainsFunc(offers, offer.near),
		Reachable: slices.ContainsFunc(offers, func(o offer) bool { return o.near() && len(o.service.Ways()) > 0 }),
	}
}
