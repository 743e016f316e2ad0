package standin

import (
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

// Fault is one planned failure. Whatever is said in it also holds the token and what is known of the person, so that a leak shows.
type Fault struct {
	Kind        FaultKind
	Status      int    // of Refuse; default of the others: the kind's
	Description string // default: the status in words
	RetryAfter  int    // seconds; calls for the same chat before that are counted by RetryEarly
	Done        bool   // the call is carried out all the same, only its answer is lost
}

// Rival starts or stops another poller with the same token: while it runs, every getUpdates ends with 409.
func (s *Server) Rival(runs bool) {
	s.core.Do(func() {
		s.rival = runs
		if runs {
			s.queue.terminate(polledElsewhere)
		}
	})
}

func tooMany(seconds int) *refusal {
	return &refusal{http.StatusTooManyRequests, "Too Many Requests: retry after " + strconv.Itoa(seconds), seconds}
}

// failure is a fault as it is played on a call; nil: there is none.
func (s *Server) failure(r *request, f *Fault) *fakeserver.Failure {
	if f == nil {
		return nil
	}
	text := f.Description
	if text == "" && f.RetryAfter > 0 {
		text = tooMany(f.RetryAfter).text
	} else if text == "" {
		text = http.StatusText(f.Status)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.core.Hold(r.held(), time.Duration(f.RetryAfter)*time.Second)
	private := s.private(r)
	return &fakeserver.Failure{
		Kind: f.Kind, Status: f.Status, Done: f.Done, Private: private,
		Refusal: encode(nil, &refusal{f.Status, text + " (" + private + ")", f.RetryAfter}),
	}
}

// private is what nobody may pass on of a call: the token, and who and what it was about. It needs the lock.
func (s *Server) private(r *request) string {
	all := []string{s.Token, r.params.text("callback_query_id"), r.params.text("text"), r.params.text("secret_token")}
	chat := s.chats[r.call.Chat]
	if chat == nil && len(s.people) > 0 {
		chat = s.people[len(s.people)-1].Chat
	}
	if chat != nil {
		all = append(all, chat.canaries...)
	}
	return strings.Join(all, " ")
}
