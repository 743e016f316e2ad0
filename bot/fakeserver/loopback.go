package fakeserver

import (
	"context"
	"errors"
	"net"
	"net/http"
	"time"
)

// Dial connects to this very host only: an address that a bot names may be anybody's.
func Dial(ctx context.Context, network, address string) (net.Conn, error) {
	host, _, err := net.SplitHostPort(address)
	if ip := net.ParseIP(host); err != nil || ip == nil || !ip.IsLoopback() {
		return nil, errors.New("the address is not on this host")
	}
	var d net.Dialer
	return d.DialContext(ctx, network, address)
}

// Client sends what a platform sends to a bot, by Dial, on as many connections as are wanted at once. It follows no redirection.
func Client(timeout time.Duration) *http.Client {
	return &http.Client{
		Timeout:       timeout,
		Transport:     &http.Transport{MaxIdleConnsPerHost: 100, IdleConnTimeout: time.Second, DialContext: Dial},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}
