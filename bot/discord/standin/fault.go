package standin

import (
	"fmt"
	"html"
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// FaultKind is how an answer goes wrong.
type FaultKind int

// The kinds of faults.
const (
	Refuse  FaultKind = iota // an answer with Status, Code, Message and RetryAfter
	Hang                     // no answer until the caller gives up or the test ends
	Half                     // half of an answer, then the connection is closed
	BadJSON                  // a body that is no JSON
	HTML                     // a page of a proxy, 502 unless Status says otherwise
	Drop                     // the connection is closed without an answer
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

// Fail asks plan about every call from now on that is let in; nil as a fault lets the call pass, nil as a plan ends the faults. plan is
// called by many at once, and must not wait.
func (s *Server) Fail(plan func(Call) *Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fail = plan
}

// planned asks the test for a fault, without the lock: a plan may ask the server.
func (s *Server) planned(c Call) *Fault {
	s.mu.Lock()
	plan := s.fail
	s.mu.Unlock()
	if plan == nil {
		return nil
	}
	return plan(c)
}

// play lets an answer go wrong. status, result and err are the answer of a call that was carried out.
func (s *Server) play(w http.ResponseWriter, r *request, f *Fault, status int, result any, err error) {
	private := s.private(r)
	s.hold(r, f)
	if !f.Done || status == http.StatusNoContent {
		status, result, err = http.StatusOK, map[string]string{"private": private}, nil
	}
	switch f.Kind {
	case Refuse:
		f.headers(w.Header())
		s.note(r, f.Status)
		write(w, 0, nil, f.refusal(private))
	case Hang:
		select {
		case <-r.Context().Done():
		case <-s.ctx.Done():
		}
		panic(http.ErrAbortHandler)
	case Half:
		code, body := encode(status, result, err)
		if f.Status != 0 {
			code = f.Status
		}
		s.note(r, code)
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Content-Length", strconv.Itoa(len(body)))
		w.WriteHeader(code)
		_, _ = w.Write(body[:len(body)/2])
		_ = http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	case BadJSON:
		code := http.StatusOK
		if f.Status != 0 {
			code = f.Status
		}
		s.note(r, code)
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(code)
		fmt.Fprintf(w, `{"id":%q,,`, private)
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

// hold notes until when calls are too early.
func (s *Server) hold(r *request, f *Fault) {
	if f.RetryAfter <= 0 {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	held := r.held()
	if f.Global {
		held = everyBotCall
		if len(r.args) == 2 {
			held = everything
		}
	}
	s.holds[held] = time.Now().Add(f.RetryAfter)
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

// private is what nobody may pass on of a call: the token, and who and what it was about.
func (s *Server) private(r *request) string {
	s.mu.Lock()
	defer s.mu.Unlock()
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

// Canaries are all strings in play that no error, log line or metric may hold: the token, ids and names of people, of the guild and its
// channels, ids and tokens of interactions, ids of messages and of the gateway's session.
func (s *Server) Canaries() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := []string{s.Token, guildID, guildName, channelID, channelName}
	for _, p := range s.people {
		all = append(all, p.canaries()...)
	}
	for _, in := range s.interactions {
		all = append(all, in.id, in.token)
	}
	for _, m := range s.messages {
		all = append(all, m.id)
	}
	if s.gateway.session != nil {
		all = append(all, s.gateway.session.id)
	}
	return all
}
