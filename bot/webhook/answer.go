package webhook

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strconv"

	"motkraft/bot"
)

// reply is what goes back: always one message, in a list, so that there could be more some day.
type reply struct {
	Messages [1]message `json:"messages"`
}

type message struct {
	Text    string   `json:"text"`
	Lang    string   `json:"lang"`
	Buttons []button `json:"buttons"`
	Here    string   `json:"here,omitempty"`
	Clear   bool     `json:"clear,omitempty"`
}

type button struct {
	Label string `json:"label"`
	Data  string `json:"data,omitempty"`
	URL   string `json:"url,omitempty"`
	Phone string `json:"phone,omitempty"`
	Kind  string `json:"kind"`
}

// kinds are the names of the kinds of buttons.
var kinds = [...]string{bot.Contact: "contact", bot.Option: "option", bot.Standing: "standing"}

// answer writes a screen. Its error says that the caller is gone.
func answer(rw http.ResponseWriter, by *signer, m bot.Message) error {
	out := message{Text: m.Text, Lang: m.Lang, Here: m.Here, Clear: m.Clear, Buttons: make([]button, len(m.Buttons))}
	for i, b := range m.Buttons {
		out.Buttons[i] = button{Label: b.Label, Data: b.Data, URL: b.URL, Phone: b.Phone, Kind: kinds[b.Kind]}
	}
	return write(rw, by, http.StatusOK, "application/json", reply{[1]message{out}})
}

// problem is why there is no screen, as RFC 9457 has it. Its type is about:blank, which is left out: the status says it all.
type problem struct {
	Title  string `json:"title"`
	Status int    `json:"status"`
	Detail string `json:"detail"`
}

// refuse writes a problem. It is signed where the request was: only then is there a caller who could look at it. That it arrives is nobody's
// need.
func refuse(rw http.ResponseWriter, by *signer, r *refusal) {
	write(rw, by, r.status, "application/problem+json", problem{http.StatusText(r.status), r.status, r.detail})
}

// write sends the JSON of v, and waits until it has left.
func write(rw http.ResponseWriter, by *signer, status int, kind string, v any) error {
	var body bytes.Buffer
	e := json.NewEncoder(&body)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		panic("webhook: an answer of our own can not be written: " + err.Error())
	}
	h := rw.Header()
	if by != nil {
		if err := by.sign(h, body.Bytes()); err != nil {
			panic("webhook: an answer can not be signed")
		}
	}
	h.Set("Content-Type", kind)
	h.Set("Content-Length", strconv.Itoa(body.Len()))
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	rw.WriteHeader(status)
	if _, err := rw.Write(body.Bytes()); err != nil {
		return err
	}
	return http.NewResponseController(rw).Flush()
}
