package standin

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
)

// refusal is an answer that is not a success.
type refusal struct {
	status int
	code   int // Discord's
	text   string
	errors any // where the fault is, of 50035
}

func (r *refusal) Error() string { return r.text }

// problem is something wrong with a request: what no correct program does, and with which words the real server refuses it, if it does.
type problem struct {
	what    string
	refusal error
}

func wrong(format string, args ...any) problem {
	what := fmt.Sprintf(format, args...)
	return problem{what, &refusal{http.StatusBadRequest, 50035, "Invalid Form Body", map[string]any{
		"_errors": []map[string]string{{"code": "STAND_IN_CHECK", "message": what}},
	}}}
}

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
	errEmpty        = &refusal{http.StatusBadRequest, 50006, "Cannot send an empty message", nil}
	errNoJSON       = &refusal{http.StatusBadRequest, 50109, "The request body contains invalid JSON.", nil}
)

// judge records problems as violations and gives the first that the real server refuses. It needs the lock.
func (s *Server) judge(route string, problems []problem) error {
	var refused error
	for _, p := range problems {
		s.violate("%s: %s", route, p.what)
		if refused == nil && p.refusal != nil {
			refused = p.refusal
		}
	}
	return refused
}

// answer notes the status and writes.
func (s *Server) answer(w http.ResponseWriter, r *request, status int, result any, err error) {
	code, _ := encode(status, result, err)
	s.note(r, code)
	limits(w.Header())
	write(w, status, result, err)
}

func (s *Server) note(r *request, status int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	r.call.Status = status
	s.touch()
}

// limits are the headers that tell how much more of this would be allowed.
func limits(h http.Header) {
	h.Set("X-RateLimit-Limit", "50")
	h.Set("X-RateLimit-Remaining", "49")
	h.Set("X-RateLimit-Reset-After", "1.000")
	h.Set("X-RateLimit-Bucket", "abcd1234")
}

func write(w http.ResponseWriter, status int, result any, err error) {
	code, body := encode(status, result, err)
	if len(body) > 0 {
		w.Header().Set("Content-Type", "application/json")
	}
	w.WriteHeader(code)
	_, _ = w.Write(body)
}

// encode gives status and body of an answer.
func encode(status int, result any, err error) (int, []byte) {
	var body any = result
	if err != nil {
		var no *refusal
		if !errors.As(err, &no) {
			no = &refusal{http.StatusInternalServerError, 0, err.Error(), nil}
		}
		m := map[string]any{"message": no.text, "code": no.code}
		if l, ok := no.errors.(limited); ok {
			m["retry_after"], m["global"] = l.after, l.global
		} else if no.errors != nil {
			m["errors"] = no.errors
		}
		status, body = no.status, m
	}
	if status == http.StatusNoContent {
		return status, nil
	}
	out, err := json.Marshal(body)
	if err != nil {
		panic(err) // every result is built here
	}
	return status, out
}

// limited stands in the place of errors in a 429.
type limited struct {
	after  float64 // seconds
	global bool
}
