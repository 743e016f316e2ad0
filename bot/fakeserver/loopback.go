package fakeserver

import (
	"bytes"
	"context"
	"errors"
	"io"
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

// MaxBody is what is read of a call or an answer, in bytes: far more than any text with its buttons.
const MaxBody = 8 << 20

// Post sends a body and reads the answer.
func Post(ctx context.Context, client *http.Client, url string, header http.Header, body []byte) (status int, answer []byte, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(body))
	if err != nil {
		return 0, nil, err
	}
	req.Header = header
	resp, err := client.Do(req)
	if err != nil {
		return 0, nil, err
	}
	defer resp.Body.Close()
	answer, err = io.ReadAll(io.LimitReader(resp.Body, MaxBody))
	return resp.StatusCode, answer, err
}
