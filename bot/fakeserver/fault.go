package fakeserver

import (
	"fmt"
	"html"
	"net/http"
	"strconv"
)

// FaultKind is how an answer goes wrong.
type FaultKind int

// The kinds of faults.
const (
	Refuse  FaultKind = iota // an answer with the fault's status, words and retry-after
	Hang                     // no answer until the caller gives up or the test ends
	Half                     // half of an answer, then the connection is closed
	BadJSON                  // 200, unless the fault has a status, and a body that is no JSON
	HTML                     // a page of a proxy, 502 unless the fault has a status
	Drop                     // the connection is closed without an answer
)

// Failure is a fault as it is played.
type Failure struct {
	Kind    FaultKind
	Status  int    // 0: the kind's
	Done    bool   // the call is carried out all the same, only its answer is lost
	Private string // what nobody may pass on of this call: it stands in whatever is said, so that a leak shows
	Refusal Answer // of the kind Refuse
}

// Carry carries a call out and answers it. With a failure the answer goes wrong, and unless that is Done nothing is carried out.
func (c *Core) Carry(w http.ResponseWriter, r *http.Request, call *Call, f *Failure, do func() Answer) {
	c.LeaveIfAway()
	var a Answer
	if f == nil || f.Done {
		a = do()
	}
	if f == nil {
		c.Answer(w, call, a)
		return
	}
	c.play(w, r, call, f, a)
}

// play lets an answer go wrong.
func (c *Core) play(w http.ResponseWriter, r *http.Request, call *Call, f *Failure, a Answer) {
	if len(a.Body) == 0 {
		a = Answer{Status: http.StatusOK, Body: fmt.Appendf(nil, `{"private":%q}`, f.Private)}
	}
	begin := func(kind string, status int) {
		if f.Status != 0 {
			status = f.Status
		}
		if c.note(call, status) {
			panic(http.ErrAbortHandler)
		}
		w.Header().Set("Content-Type", kind)
		w.WriteHeader(status)
	}
	switch f.Kind {
	case Refuse:
		c.Answer(w, call, f.Refusal)
	case Hang:
		select {
		case <-r.Context().Done():
		case <-c.Ctx.Done():
		}
		panic(http.ErrAbortHandler)
	case Half:
		w.Header().Set("Content-Length", strconv.Itoa(len(a.Body)))
		begin("application/json", a.Status)
		_, _ = w.Write(a.Body[:len(a.Body)/2])
		_ = http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	case BadJSON:
		begin("application/json", http.StatusOK)
		fmt.Fprintf(w, `{"private":%q,,`, f.Private)
	case HTML:
		begin("text/html", http.StatusBadGateway)
		fmt.Fprintf(w, "<html><h1>%s</h1><p>%s</p></html>", http.StatusText(call.Status), html.EscapeString(f.Private))
	case Drop:
		panic(http.ErrAbortHandler)
	default:
		panic("no such kind of fault")
	}
}
