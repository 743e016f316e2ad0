package main

import (
	"net/http"
	"net/netip"
	"slices"
	"strings"
)

// proxies are the addresses that are believed about whom they speak for.
type proxies []netip.Prefix

// proxies reads TRUSTED_PROXIES.
func (s *settings) proxies() proxies {
	var out proxies
	for _, part := range strings.FieldsFunc(s.value("TRUSTED_PROXIES"), func(r rune) bool { return r == ',' || r == ' ' }) {
		network, err := netip.ParsePrefix(part)
		if err != nil {
			addr, failed := netip.ParseAddr(part)
			network, err = netip.PrefixFrom(addr, addr.BitLen()), failed
		}
		if err != nil {
			s.fault("%sTRUSTED_PROXIES: %q is no network: give addresses or networks such as 10.0.0.0/8, separated by commas", prefix, part)
			continue
		}
		out = append(out, network.Masked())
	}
	return out
}

func (p proxies) has(a netip.Addr) bool {
	return slices.ContainsFunc(p, func(n netip.Prefix) bool { return n.Contains(a) })
}

// client tells callers apart: by the peer's address, or where that is a trusted proxy, by the nearest address in X-Forwarded-For that is
// none. Of an IPv6 address the network counts, since a household has more addresses than we can count.
func (p proxies) client(r *http.Request) []byte {
	peer, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return nil // no TCP: all such callers count as one
	}
	addr := peer.Addr().Unmap()
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for _, hop := range slices.Backward(hops) {
		if !p.has(addr) {
			break
		}
		next, ok := parseHop(strings.TrimSpace(hop))
		if !ok {
			break // what the proxy says cannot be read: then it is the proxy itself
		}
		addr = next
	}
	return household(addr).AsSlice()
}

// household is what counts as one: an IPv4 address, or the network of an IPv6 address.
func household(addr netip.Addr) netip.Addr {
	const bits = 64
	if addr = addr.Unmap(); addr.Is6() {
		network, _ := addr.WithZone("").Prefix(bits)
		addr = network.Addr()
	}
	return addr
}

// parseHop reads an address, with or without a port.
func parseHop(s string) (netip.Addr, bool) {
	if a, err := netip.ParseAddr(s); err == nil {
		return a.Unmap(), true
	}
	a, err := netip.ParseAddrPort(s)
	return a.Addr().Unmap(), err == nil
}
