package webhook

import (
	"net/http"
	"strconv"
	"strings"
	"sync"

	"motkraft/bot"
)

// step is the length of an answer, in bytes, and that of which it is a multiple where a screen needs more: a screen in text of two bytes a
// letter may.
const step = 4 << 10

// blanks are what an answer is filled up with.
var blanks = strings.Repeat(" ", step)

// answer writes a screen: always one message, in a list, so that there could be more some day. It is filled up to a step, since else its length
// would tell through TLS which screen it is. Its error says that the caller is gone.
func answer(rw http.ResponseWriter, by *signer, m bot.Message) error {
	body := buffers.Get().(*[]byte)
	defer buffers.Put(body)
	*body = append((*body)[:0], `{"messages":[`...)
	*body = appendMessage(*body, m)
	const end = "]}\n"
	short := (step - (len(*body)+len(end))%step) % step
	*body = append(append(*body, blanks[:short]...), end...)
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
	noStore     = []string{"no-store, no-transform"} // packed by a proxy, an answer's length would tell its screen after all
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
