package standin

import (
	"net/http"

	"motkraft/bot/fakeserver"
)

// refusal is an answer that is not a success.
type refusal struct {
	status int
	code   int // Discord's
	text   string
	errors any // where the fault is, of 50035
}

func (r *refusal) Error() string { return r.text }

// problems are what is wrong with a request.
type problems = fakeserver.Problems

// The refusals that a correct program may meet.
var (
	errUnauthorized = &refusal{http.StatusUnauthorized, 0, "401: Unauthorized", nil}
	errNotFound     = &refusal{http.StatusNotFound, 0, "404: Not Found", nil}
	errAgent        = &refusal{http.StatusForbidden, 40333, "internal network error", nil}
	errApplication  = &refusal{http.StatusForbidden, 20012, "You are not authorized to perform this action on this application", nil}
	errNoWebhook    = &refusal{http.StatusNotFound, 10015, "Unknown Webhook", nil}
	errExpired      = &refusal{http.StatusUnauthorized, 50027, "Invalid Webhook Token", nil}
	errNoMessage    = &refusal{http.StatusNotFound, 10008, "Unknown Message", nil}
	errTooLate      = &refusal{http.StatusNotFound, 10062, "Unknown interaction", nil}
	errTwice        = &refusal{http.StatusBadRequest, 40060, "Interaction has already been acknowledged.", nil}
	errInvalid      = &refusal{http.StatusBadRequest, 50035, "Invalid Form Body", map[string]any{
		"_errors": []map[string]string{{"code": "STAND_IN_CHECK", "message": "what is wrong stands in Violations"}},
	}}
	errEmpty  = &refusal{http.StatusBadRequest, 50006, "Cannot send an empty message", nil}
	errNoJSON = &refusal{http.StatusBadRequest, 50109, "The request body contains invalid JSON.", nil}
)

// allowed puts the headers on an answer that tell how much more of this would be allowed.
func allowed(a fakeserver.Answer) fakeserver.Answer {
	a.Header = http.Header{}
	a.Header.Set("X-RateLimit-Limit", "50")
	a.Header.Set("X-RateLimit-Remaining", "49")
	a.Header.Set("X-RateLimit-Reset-After", "1.000")
	a.Header.Set("X-RateLimit-Bucket", "abcd1234")
	return a
}

// encode gives the answer to a call.
func encode(status int, result any, err error) fakeserver.Answer {
	if err != nil {
		no := err.(*refusal)
		m := map[string]any{"message": no.text, "code": no.code}
		if l, ok := no.errors.(limited); ok {
			m["retry_after"], m["global"] = l.after, l.global
		} else if no.errors != nil {
			m["errors"] = no.errors
		}
		status, result = no.status, m
	}
	if status == http.StatusNoContent {
		return fakeserver.Answer{Status: status}
	}
	return fakeserver.Answer{Status: status, Body: fakeserver.JSON(result)}
}

// limited stands in the place of errors in a 429.
type limited struct {
	after  float64 // seconds
	global bool
}
