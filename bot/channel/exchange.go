package channel

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"
)

// CallTimeout bounds one try at a call that nobody is given up for meanwhile, and the greeting of a connection.
const CallTimeout = 10 * time.Second

// NewTransport makes a connection pool (http.Transport): the default one's settings, with as many idle connections kept open to the
// platform as there are answers at a time.
func NewTransport(conns int) *http.Transport {
	t := http.DefaultTransport.(*http.Transport).Clone()
	t.MaxIdleConnsPerHost = conns
	t.TLSHandshakeTimeout = CallTimeout
	return t
}

// Exchange is the HTTP client of one call, a http.RoundTripper around the connection pool, that keeps the platform's library from telling or
// keeping too much. It bounds the answer, notes what the library passes over, and its error says nothing: that of net/http holds the
// address, and with it a token.
//
// A http.Client over it puts the address to the error again. Where a library calls by one, its errors are sorted by Trouble, and
// their words are never told.
type Exchange struct {
	Context   context.Context // of the call, for a library that knows none; nil: the request's own
	Transport http.RoundTripper
	MaxBody   int64 // bytes of an answer

	Status int         // of the answer; 0: there was none
	Header http.Header // of the answer
}

var errNoAnswer = errors.New("no answer")

// Do is what libraries ask of a client that is not net/http's.
func (e *Exchange) Do(r *http.Request) (*http.Response, error) {
	answer, err := (&http.Client{Transport: e}).Do(r)
	if err != nil {
		return nil, errNoAnswer
	}
	return answer, nil
}

// RoundTrip makes the request.
func (e *Exchange) RoundTrip(r *http.Request) (*http.Response, error) {
	if e.Context != nil {
		r = r.WithContext(e.Context)
	}
	answer, err := e.Transport.RoundTrip(r) // #nosec G704 -- the address is the operator's setting
	if err != nil {
		return nil, errNoAnswer
	}
	e.Status, e.Header = answer.StatusCode, answer.Header
	answer.Body = struct {
		io.Reader
		io.Closer
	}{io.LimitReader(answer.Body, e.MaxBody), answer.Body}
	return answer, nil
}

// Trouble sorts a call that failed and was not refused: it says all that HTTP alone tells of it. ctx is the call's.
func (e *Exchange) Trouble(ctx context.Context, channel, call string) *Temporary {
	t := &Temporary{Channel: channel, Call: call}
	switch {
	case e.Status == http.StatusTooManyRequests:
		t.What, t.After = "too many requests", e.RetryAfter()
	case IsTemporary(e.Status):
		t.What = fmt.Sprintf("the server failed with status %d", e.Status)
	case ctx.Err() != nil:
		t.What = "no answer in time"
	case e.Status != 0:
		t.What = fmt.Sprintf("an answer with status %d that cannot be read", e.Status)
	default:
		t.What = "the connection failed"
	}
	return t
}

// LongestAfter is how long a server is believed that tells us to wait: longer than any has reason to.
const LongestAfter = 5 * time.Minute

// RetryAfter reads the header of that name: seconds, with fractions on some platforms, up to LongestAfter. 1 s where there is none that can be
// read.
func (e *Exchange) RetryAfter() time.Duration {
	seconds, err := strconv.ParseFloat(e.Header.Get("Retry-After"), 64)
	if err != nil || !(seconds > 0) {
		return time.Second
	}
	return time.Duration(min(seconds, LongestAfter.Seconds()) * float64(time.Second))
}
