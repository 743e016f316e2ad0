package webhook

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"unicode/utf8"

	"motkraft/bot"
)

// mediaType is what a request calls itself.
const mediaType = "application/json"

// The bounds of a request.
const (
	maxBody = 16 << 10 // bytes
	maxHint = 64       // characters of a language hint and of a door's code
)

// refusal is why a request is not answered with a screen. Its detail is for the caller's developers and holds no value of the request.
type refusal struct {
	status int
	detail string
}

// read takes a request's body.
func read(rw http.ResponseWriter, r *http.Request) ([]byte, *refusal) {
	if r.Method != http.MethodPost {
		rw.Header().Set("Allow", http.MethodPost)
		return nil, &refusal{http.StatusMethodNotAllowed, "expected POST"}
	}
	body, err := readAll(rw, r)
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		return nil, &refusal{http.StatusRequestEntityTooLarge, fmt.Sprintf("the body is larger than %d bytes", maxBody)}
	case err != nil:
		return nil, &refusal{http.StatusBadRequest, "the body ended before its end"}
	}
	return body, nil
}

// readAll reads no more than may be; where the length is known before, in one piece.
func readAll(rw http.ResponseWriter, r *http.Request) ([]byte, error) {
	if r.ContentLength < 0 || r.ContentLength > maxBody {
		return io.ReadAll(http.MaxBytesReader(rw, r.Body, maxBody))
	}
	body := make([]byte, r.ContentLength)
	_, err := io.ReadFull(r.Body, body)
	return body, err
}

// field is one thing that a request may say.
type field struct {
	name string
	to   *string
	most int // characters; 0: as many as there is room for
	said bool
}

// parse reads a body that is believed: one JSON object of known fields, each at most once, each a text.
func parse(body []byte, h http.Header) (bot.Update, *refusal) {
	kind := h.Get("Content-Type")
	if kind != mediaType {
		kind, _, _ = mime.ParseMediaType(kind)
	}
	if kind != mediaType {
		return bot.Update{}, &refusal{http.StatusUnsupportedMediaType, "expected Content-Type: " + mediaType}
	}
	var u bot.Update
	err := decode(body, []field{
		{name: "data", to: &u.Data, most: bot.MaxData},
		{name: "text", to: &u.Text},
		{name: "lang", to: &u.Lang, most: maxHint},
		{name: "start", to: &u.Start, most: maxHint},
	})
	if err != nil {
		return bot.Update{}, &refusal{http.StatusBadRequest, err.Error()}
	}
	return u, nil
}

var (
	errNoObject = errors.New("the body is no JSON object in UTF-8")
	errMore     = errors.New("something stands behind the JSON object")
)

// decode reads one flat object of texts into the fields. The package encoding/json would take a field twice and in other letters, and its
// Decoder takes as long for it as the screen takes.
func decode(body []byte, fields []field) error {
	rest, ok := cut(body, '{')
	if !ok || !utf8.Valid(body) {
		return errNoObject
	}
	end, ok := cut(rest, '}')
	for first := true; !ok; first = false {
		if !first {
			if rest, ok = cut(rest, ','); !ok {
				return errNoObject
			}
		}
		var err error
		if rest, err = decodeField(rest, fields); err != nil {
			return err
		}
		end, ok = cut(rest, '}')
	}
	if len(bytes.TrimLeft(end, space)) > 0 {
		return errMore
	}
	return nil
}

// decodeField reads a name and its text, and gives what stands behind.
func decodeField(b []byte, fields []field) (rest []byte, err error) {
	name, b, ok := cutText(b)
	if !ok {
		return nil, errNoObject
	}
	if b, ok = cut(b, ':'); !ok {
		return nil, errNoObject
	}
	f, err := find(fields, name)
	if err != nil {
		return nil, err
	}
	if *f.to, rest, ok = cutString(b); !ok {
		return nil, fmt.Errorf("%s is no text: leave it out where there is nothing to say", f.name)
	}
	if n := utf8.RuneCountInString(*f.to); f.most > 0 && n > f.most {
		return nil, fmt.Errorf("%s has %d characters, expected at most %d", f.name, n, f.most)
	}
	return rest, nil
}

// space is what may stand between JSON's tokens (RFC 8259, 2).
const space = " \t\r\n"

// cut takes one mark from the front.
func cut(b []byte, mark byte) (rest []byte, ok bool) {
	b = bytes.TrimLeft(b, space)
	if len(b) == 0 || b[0] != mark {
		return b, false
	}
	return b[1:], true
}

// cutString takes one string from the front.
func cutString(b []byte) (s string, rest []byte, ok bool) {
	text, rest, ok := cutText(b)
	return string(text), rest, ok
}

// cutText gives a string's bytes. What is escaped in it is left to encoding/json.
func cutText(b []byte) (text, rest []byte, ok bool) {
	b = bytes.TrimLeft(b, space)
	if len(b) == 0 || b[0] != '"' {
		return nil, nil, false
	}
	for i := 1; i < len(b); i++ {
		switch c := b[i]; {
		case !escaped[c]:
		case c == '"':
			return b[1:i], b[i+1:], true
		case c == '\\':
			return cutEscaped(b)
		default:
			return nil, nil, false
		}
	}
	return nil, nil, false
}

// cutEscaped does so for a string in which something is escaped.
func cutEscaped(b []byte) (text, rest []byte, ok bool) {
	for i := 1; i < len(b); i++ {
		switch c := b[i]; {
		case c == '\\':
			i++
		case c == '"':
			var s string
			err := json.Unmarshal(b[:i+1], &s)
			return []byte(s), b[i+1:], err == nil
		}
	}
	return nil, nil, false
}

// maxName is how much of a field's name is said back, in characters.
const maxName = 40

// find gives the field with the name, once.
func find(fields []field, name []byte) (*field, error) {
	for i := range fields {
		f := &fields[i]
		switch {
		case f.name != string(name):
		case f.said:
			return nil, fmt.Errorf("%s stands there twice", f.name)
		default:
			f.said = true
			return f, nil
		}
	}
	said := string(name)
	if r := []rune(said); len(r) > maxName {
		said = string(r[:maxName]) + "…"
	}
	return nil, fmt.Errorf("unknown field %q: expected data, text, lang and start", said)
}
