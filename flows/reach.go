package flows

// Reach says how many of a thousand people would meet one of some nodes.
//
// It is a rough measure, for putting work in order, and knows of no real person: everybody begins at the first screen and presses
// MaxTapsToLeaf times, each time one of the screen's own choices or the standing buttons for contacts and acute help, all as likely. The
// question for a place is answered by all, and a press on it counts.
func (s *Set) Reach(met func(*Node) bool) float64 {
	const people = 1000
	here := map[*Node]float64{s.byID[Welcome]: people}
	var found float64
	for press := 0; ; press++ {
		next := map[*Node]float64{}
		for _, n := range s.Nodes { // in order, so that the sum is the same each time
			share := here[n]
			switch {
			case share == 0:
			case met(n):
				found += share
			default:
				ways := n.ways()
				for _, to := range ways {
					next[s.byID[to]] += share / float64(len(ways))
				}
			}
		}
		if press == MaxTapsToLeaf {
			return found
		}
		here = next
	}
}

// ways gives where the buttons of a screen lead that a person may take to be helped.
func (n *Node) ways() []ID {
	if n.Ask != nil {
		return []ID{n.Ask.To}
	}
	return append(n.leads(), n.Contacts, n.Acute)
}

// ReachOf says how many of a thousand people would meet a service. Of those who meet a referral with a local one, as many see it as there
// are municipalities in its area.
func (s *Set) ReachOf(service *Service) float64 {
	found := s.Reach(func(n *Node) bool { return n.Refer != nil && n.Refer.names(service) })
	if !service.Local() {
		return found
	}
	all, covered := 0, 0
	for _, county := range s.Places.Counties {
		for _, at := range s.Places.Municipalities(county) {
			all++
			if service.covers(at) {
				covered++
			}
		}
	}
	return found * float64(covered) / float64(all)
}

// names reports whether a referral shows a service at some place.
func (r *Refer) names(s *Service) bool {
	for _, shown := range r.services {
		if shown == s {
			return true
		}
	}
	return false
}
