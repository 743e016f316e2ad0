package standin

import (
	"fmt"
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"

	"motkraft/bot/fakeserver"
)

// FaultKind is how an answer goes wrong.
type FaultKind = fakeserver.FaultKind

// The kinds of faults.
const (
	Refuse  = fakeserver.Refuse
	Hang    = fakeserver.Hang
	Half    = fakeserver.Half
	BadJSON = fakeserver.BadJSON
	HTML    = fakeserver.HTML
	Drop    = fakeserver.Drop
)

// Fault is one planned failure. Whatever is said in it also holds the token, the interaction's and what is known of the person, so that a
// leak shows.
type Fault struct {
	Kind       FaultKind
	Status     int    // of Refuse; default of HTML 502, of Half and BadJSON the status of success
	Code       int    // Discord's, in the body of Refuse
	Message    string // default: the status in words
	RetryAfter time.Duration
	Global     bool   // the 429 is for all; else for the route, and in an interaction's address for this one
	Scope      string // X-RateLimit-Scope; default "global" or "user"
	Done       bool   // the call is carried out all the same, only its answer is lost
}

// failure is a fault as it is played on a call; nil: there is none.
func (s *Server) failure(r *request, f *Fault) *fakeserver.Failure {
	if f == nil {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	private, held := s.private(r), r.held()
	if f.Global {
		held = everyBotCall
		if len(r.args) == 2 {
			held = everything
		}
	}
	s.core.Hold(held, f.RetryAfter)
	no := encode(0, nil, f.refusal(private))
	no.Header = http.Header{}
	f.headers(no.Header)
	return &fakeserver.Failure{Kind: f.Kind, Status: f.Status, Done: f.Done, Private: private, Refusal: no}
}

func (f *Fault) headers(h http.Header) {
	if f.RetryAfter > 0 {
		h.Set("Retry-After", strconv.Itoa(int(math.Ceil(f.RetryAfter.Seconds()))))
	}
	if f.Status != http.StatusTooManyRequests {
		return
	}
	scope := f.Scope
	if f.Global {
		h.Set("X-RateLimit-Global", "true")
		scope = "global"
	}
	if scope == "" {
		scope = "user"
	}
	h.Set("X-RateLimit-Scope", scope)
}

// refusal is the fault as an answer.
func (f *Fault) refusal(private string) *refusal {
	text := f.Message
	switch {
	case text != "":
	case f.Status == http.StatusTooManyRequests:
		text = "You are being rate limited."
	default:
		text = fmt.Sprintf("%d: %s", f.Status, http.StatusText(f.Status))
	}
	no := &refusal{f.Status, f.Code, text + " (" + private + ")", nil}
	if f.Status == http.StatusTooManyRequests {
		no.errors = limited{f.RetryAfter.Seconds(), f.Global}
	}
	return no
}

// private is what nobody may pass on of a call: the token, and who and what it was about. It needs the lock.
func (s *Server) private(r *request) string {
	all := []string{s.Token, string(r.body)}
	in := r.in
	if in == nil && len(s.interactions) > 0 {
		in = s.interactions[len(s.interactions)-1]
	}
	if in != nil {
		all = append(all, in.id, in.token)
		all = append(all, in.person.canaries()...)
	}
	return strings.Join(all, " ")
}
