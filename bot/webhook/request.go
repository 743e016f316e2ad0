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
	body, err := io.ReadAll(http.MaxBytesReader(rw, r.Body, maxBody))
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		return nil, &refusal{http.StatusRequestEntityTooLarge, fmt.Sprintf("the body is larger than %d bytes", maxBody)}
	case err != nil:
		return nil, &refusal{http.StatusBadRequest, "the body ended before its end"}
	}
	return body, nil
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
	if kind, _, err := mime.ParseMediaType(h.Get("Content-Type")); err != nil || kind != "application/json" {
		return bot.Update{}, &refusal{http.StatusUnsupportedMediaType, "expected Content-Type: application/json"}
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

var errNoObject = errors.New("the body is no JSON object in UTF-8")

// decode reads one object into the fields. The package encoding/json would take a field twice, and in other letters.
func decode(body []byte, fields []field) error {
	d := json.NewDecoder(bytes.NewReader(body))
	if t, err := d.Token(); err != nil || t != json.Delim('{') || !utf8.Valid(body) {
		return errNoObject
	}
	for {
		t, err := d.Token()
		if err != nil {
			return errNoObject
		}
		name, ok := t.(string)
		if !ok { // the end: all else but a name is an error above
			break
		}
		f, err := find(fields, name)
		if err != nil {
			return err
		}
		value, err := d.Token()
		if err != nil {
			return errNoObject
		}
		if *f.to, ok = value.(string); !ok {
			return fmt.Errorf("%s is no text: leave it out where there is nothing to say", f.name)
		}
		if n := utf8.RuneCountInString(*f.to); f.most > 0 && n > f.most {
			return fmt.Errorf("%s has %d characters, expected at most %d", f.name, n, f.most)
		}
	}
	if _, err := d.Token(); err != io.EOF {
		return errors.New("something stands behind the JSON object")
	}
	return nil
}

// maxName is how much of a field's name is said back, in characters.
const maxName = 40

// find gives the field with the name, once.
func find(fields []field, name string) (*field, error) {
	for i := range fields {
		f := &fields[i]
		switch {
		case f.name != name:
		case f.said:
			return nil, fmt.Errorf("%s stands there twice", name)
		default:
			f.said = true
			return f, nil
		}
	}
	if r := []rune(name); len(r) > maxName {
		name = string(r[:maxName]) + "…"
	}
	return nil, fmt.Errorf("unknown field %q: expected data, text, lang and start", name)
}
