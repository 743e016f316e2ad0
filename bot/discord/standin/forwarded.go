package standin

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strconv"

	"motkraft/bot/fakeserver"
)

// ForwardFault is how the sending of one interaction goes wrong.
type ForwardFault int

// The kinds of faults in sending.
const (
	NoFault   ForwardFault = iota
	CutShort               // the whole is sent, and the connection closed before an answer could come
	HalfSent               // half of the body is sent, then the connection is closed
	SentTwice              // the same is sent twice, at the same time; the answer that is read first counts
)

// FailForward asks plan about every interaction that is forwarded from now on; nil ends that. plan is called by many at once, and must not
// wait.
func (s *Server) FailForward(plan func(*Act) ForwardFault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.failForward = plan
}

// post forwards an act. Those of one person set out in the order in which they were done, and are under way at the same time. It needs the
// lock.
func (s *Server) post(a *Act, body []byte) {
	to, before, plan := s.forward, a.in.person.sending, s.failForward
	a.in.person.sending = a.in.started
	s.core.Tasks.Go(func() {
		defer a.in.setOut()
		if before != nil {
			select {
			case <-before:
			case <-s.core.Ctx.Done():
				return
			}
		}
		if fakeserver.Ask(s.core, s.core.IsAway) {
			s.failed(a.in, errors.New("the platform is away"))
			return
		}
		fault := NoFault
		if plan != nil {
			fault = plan(a)
		}
		if fault == CutShort || fault == HalfSent {
			s.failed(a.in, s.breakOff(to, body, fault == HalfSent))
			return
		}
		copies := 1
		if fault == SentTwice {
			copies = 2
		}
		s.deliver(a.in, to, body, copies)
	})
}

// deliver sends one or more copies and takes what comes back; when none brought an answer, the act has failed.
func (s *Server) deliver(in *interaction, to string, body []byte, copies int) {
	ctx, cancel := context.WithTimeout(s.core.Ctx, s.FirstAnswer)
	defer cancel()
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{WroteRequest: func(httptrace.WroteRequestInfo) { in.setOut() }})
	results := make(chan error, copies)
	for range copies {
		s.core.Tasks.Go(func() { results <- s.take(ctx, in, to, body) })
	}
	var err error
	for range copies {
		err = errors.Join(err, <-results)
	}
	if err != nil {
		s.failed(in, err)
	}
}

func (in *interaction) setOut() { in.start.Do(func() { close(in.started) }) }

// failed notes why there is no answer, unless there was one.
func (s *Server) failed(in *interaction, why error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if in.answered.IsZero() && s.core.Ctx.Err() == nil {
		in.failed = why.Error()
		s.core.Touch()
	}
}

// take sends an interaction once and carries out what it is answered.
func (s *Server) take(ctx context.Context, in *interaction, to string, body []byte) error {
	status, answer, err := s.send(ctx, to, body, Signed{})
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	in.http = status
	switch {
	case !in.answered.IsZero(): // by a callback, or the other copy
		return nil
	case status == http.StatusAccepted || status == http.StatusNoContent:
		return nil // a callback has to come in what is left of the time
	case status != http.StatusOK:
		return fmt.Errorf("the answer is %d", status)
	}
	given, err := s.readAnswer("the answer to a forwarded interaction", in, answer)
	if err != nil {
		return err
	}
	return s.apply(in, given)
}

// breakOff sends all or half of an interaction and goes away.
func (s *Server) breakOff(to string, body []byte, half bool) error {
	u, err := url.Parse(to)
	if err != nil {
		return err
	}
	conn, err := fakeserver.Dial(s.core.Ctx, "tcp", u.Host)
	if err != nil {
		return err
	}
	defer conn.Close()
	h := s.headers(body, Signed{})
	h.Set("Content-Length", strconv.Itoa(len(body)))
	w := net.Buffers{fmt.Appendf(nil, "POST %s HTTP/1.1\r\nHost: %s\r\n", u.RequestURI(), u.Host)}
	for name, values := range h {
		w = append(w, fmt.Appendf(nil, "%s: %s\r\n", name, values[0]))
	}
	if half {
		body = body[:len(body)/2]
	}
	w = append(w, []byte("\r\n"), body)
	if _, err := w.WriteTo(conn); err != nil {
		return err
	}
	return errors.New("the connection broke off")
}
