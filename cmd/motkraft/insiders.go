package main

import (
	"net"
	"net/http"
	"net/netip"
	"strings"
)

// insideNames end the names of hosts that only a network of one's own has.
var insideNames = []string{".localhost", ".svc", ".cluster.local", ".internal"}

// insiders answers only to those who asked for an address, or for a name that nobody can have registered. A page on the web may let its own name lead
// to this machine and have a browser here ask it (DNS rebinding): then the name stands in Host.
func insiders(next http.Handler) http.Handler {
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if !inside(r.Host) {
			http.Error(rw, "this address answers to no such name", http.StatusMisdirectedRequest)
			return
		}
		next.ServeHTTP(rw, r)
	})
}

// inside reports whether a Host, with or without a port, is an address or a name of one's own network.
func inside(host string) bool {
	name := host
	if h, _, err := net.SplitHostPort(host); err == nil {
		name = h
	}
	if _, err := netip.ParseAddr(strings.Trim(name, "[]")); err == nil {
		return true
	}
	name = strings.ToLower(strings.TrimSuffix(name, "."))
	if !strings.Contains(name, ".") {
		return name != ""
	}
	for _, end := range insideNames {
		if strings.HasSuffix(name, end) {
			return true
		}
	}
	return false
}
