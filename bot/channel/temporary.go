package channel

import (
	"net/http"
	"time"
)

// Temporary is a temporary (transient) error, one that the next try may not have: the network, a server that is down, an answer that is none,
// or, with After, a server that tells us to wait (Retry-After). What an adapter's try gives beside it is a permanent error: a refusal,
// which trying again does not change, in a type of the adapter's own with the platform's codes.
//
// Both hold what was called, and codes. Neither holds the server's words, an address, an id or a token: they are logged as they are.
type Temporary struct {
	Channel string        // the adapter's name
	Call    string        // the method or the route, as a constant: "getMe", "an interaction's answer"
	What    string        // what happened: "the connection failed"
	After   time.Duration // to be left alone so long; 0: the server did not say
}

func (t *Temporary) Error() string { return t.Channel + ": " + t.Call + ": " + t.What }

// IsTemporary reports whether an HTTP status is a temporary error: 429 and 5xx.
func IsTemporary(status int) bool {
	return status == http.StatusTooManyRequests || status >= http.StatusInternalServerError
}
