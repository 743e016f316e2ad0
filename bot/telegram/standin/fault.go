package standin

import (
	"fmt"
	"html"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// FaultKind is how an answer goes wrong.
type FaultKind int

// The kinds of faults.
const (
	Refuse  FaultKind = iota // an answer with Status, Description and RetryAfter
	Hang                     // no answer until the caller gives up or the test ends
	Half                     // half of an answer, then the connection is closed
	BadJSON                  // 200, and a body that is no JSON
	HTML                     // a page of a proxy, 502 unless Status says otherwise
	Drop                     // the connection is closed without an answer
)

// Fault is one planned failure. Whatever is said in it also holds the token and what is known of the person, so that a leak shows.
type Fault struct {
	Kind        FaultKind
	Status      int    // of Refuse and HTML
	Description string // default: the status in words
	RetryAfter  int    // seconds; calls for the same chat before that are counted by RetryEarly
	Done        bool   // the call is carried out all the same, only its answer is lost
}

// Fail asks plan about every call from now on; nil as a fault lets the call pass, nil as a plan ends the faults. plan is called by
// many at once, and must not wait.
func (s *Server) Fail(plan func(Call) *Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fail = plan
}

// Rival starts or stops another poller with the same token: while it runs, every getUpdates ends with 409.
func (s *Server) Rival(runs bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.rival = runs
	if runs {
		s.queue.terminate(polledElsewhere)
	}
	s.touch(nil)
}

// planned asks the test for a fault, without the lock: a plan may ask the server.
func (s *Server) planned(c Call) *Fault {
	s.mu.Lock()
	plan := s.fail
	s.mu.Unlock()
	if plan == nil {
		return nil
	}
	return plan(copied(c))
}

func tooMany(seconds int) *refusal {
	return &refusal{http.StatusTooManyRequests, "Too Many Requests: retry after " + strconv.Itoa(seconds), seconds}
}

// play lets an answer go wrong. result and err are the answer of a call that was carried out.
func (s *Server) play(w http.ResponseWriter, r *request, f *Fault, result any, err error) {
	if f.RetryAfter > 0 {
		s.mu.Lock()
		s.holds[r.held()] = time.Now().Add(time.Duration(f.RetryAfter) * time.Second)
		s.mu.Unlock()
	}
	private := s.private(r)
	if !f.Done {
		result, err = map[string]string{"private": private}, nil
	}
	switch f.Kind {
	case Refuse:
		s.answer(w, r, nil, f.refusal(private))
	case Hang:
		select {
		case <-r.Context().Done():
		case <-s.ctx.Done():
		}
		panic(http.ErrAbortHandler)
	case Half:
		code, body := encode(result, err)
		s.note(r, code)
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Content-Length", strconv.Itoa(len(body)))
		w.WriteHeader(code)
		_, _ = w.Write(body[:len(body)/2])
		_ = http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	case BadJSON:
		s.note(r, http.StatusOK)
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprintf(w, `{"ok":true,"result":%q,,`, private)
	case HTML:
		code := f.Status
		if code == 0 {
			code = http.StatusBadGateway
		}
		s.note(r, code)
		w.Header().Set("Content-Type", "text/html")
		w.WriteHeader(code)
		fmt.Fprintf(w, "<html><h1>%d %s</h1><p>%s</p></html>", code, http.StatusText(code), html.EscapeString(private))
	case Drop:
		panic(http.ErrAbortHandler)
	default:
		panic("no such kind of fault")
	}
}

// refusal is the fault as an answer.
func (f *Fault) refusal(private string) *refusal {
	text := f.Description
	if text == "" && f.RetryAfter > 0 {
		text = tooMany(f.RetryAfter).text
	} else if text == "" {
		text = http.StatusText(f.Status)
	}
	return &refusal{f.Status, text + " (" + private + ")", f.RetryAfter}
}

// private is what nobody may pass on of a call: the token, and who and what it was about.
func (s *Server) private(r *request) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := []string{s.Token, r.params.text("callback_query_id"), r.params.text("text"), r.params.text("secret_token")}
	chat := s.chats[r.call.Chat]
	if chat == nil && len(s.people) > 0 {
		chat = s.people[len(s.people)-1].Chat
	}
	if chat != nil {
		all = append(all, chat.canaries()...)
	}
	return strings.Join(all, " ")
}

// Canaries are all strings in play that no error, log line or metric may hold: the token, the webhook's secret, ids and names of people
// and groups, ids of queries, and what people typed where it is long enough not to turn up by chance.
func (s *Server) Canaries() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	_, secret, _ := strings.Cut(s.Token, ":")
	all := []string{s.Token, secret}
	if s.hook != nil && s.hook.secret != "" {
		all = append(all, s.hook.secret)
	}
	for _, c := range s.chats {
		all = append(all, c.canaries()...)
	}
	for id := range s.queries {
		all = append(all, id)
	}
	return all
}
