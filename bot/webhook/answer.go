package webhook

import (
	"net/http"
	"strconv"
	"sync"

	"motkraft/bot"
)

// answer writes a screen: always one message, in a list, so that there could be more some day. Its error says that the caller is gone.
func answer(rw http.ResponseWriter, by *signer, m bot.Message) error {
	body := buffers.Get().(*[]byte)
	defer buffers.Put(body)
	*body = append((*body)[:0], `{"messages":[`...)
	*body = appendMessage(*body, m)
	*body = append(*body, "]}\n"...)
	return write(rw, by, http.StatusOK, kindJSON, *body)
}

// refuse writes a problem as RFC 9457 has it. Its type is about:blank, which is left out: the status says it all. It is signed where the
// request was: only then is there a caller who could look at it. That it arrives is nobody's need.
func refuse(rw http.ResponseWriter, by *signer, r *refusal) {
	body := appendText([]byte(`{"title":`), http.StatusText(r.status))
	body = strconv.AppendInt(append(body, `,"status":`...), int64(r.status), 10)
	body = appendText(append(body, `,"detail":`...), r.detail)
	_ = write(rw, by, r.status, kindProblem, append(body, "}\n"...))
}

// What the headers of every answer say; net/http only reads them.
var (
	kindJSON    = []string{mediaType}
	kindProblem = []string{"application/problem+json"}
	noStore     = []string{"no-store"}
	noSniff     = []string{"nosniff"}
)

// buffers are for screens, so that not every one makes its own.
var buffers = sync.Pool{New: func() any { return new([]byte) }}

// write sends an answer, and waits until it has left.
func write(rw http.ResponseWriter, by *signer, status int, kind []string, body []byte) error {
	h := rw.Header()
	if by != nil {
		by.sign(h, body)
	}
	h["Content-Type"] = kind
	h["Content-Length"] = []string{strconv.Itoa(len(body))}
	h["Cache-Control"] = noStore
	h["X-Content-Type-Options"] = noSniff
	rw.WriteHeader(status)
	if _, err := rw.Write(body); err != nil { // #nosec G705 -- JSON that says so, and nosniff
		return err
	}
	return http.NewResponseController(rw).Flush()
}
