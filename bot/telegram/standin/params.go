package standin

import (
	"bytes"
	"encoding/json"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"motkraft/bot/fakeserver"
)

// params are what a call was given, by name.
type params map[string]param

// param is one value as text: a string as it is, everything else as JSON.
type param struct {
	text   string
	native bool // stood in a JSON body and was not a string
	file   bool // was uploaded
}

// readParams reads a call's address and body: a form, a multipart form or JSON.
func readParams(r *http.Request, body []byte) (all params, problems fakeserver.Problems) {
	all = params{}
	wrong := func(what string) { problems.Add(bad("can't parse the request"), "%s", what) }
	add := func(name string, p param) {
		if _, twice := all[name]; twice {
			wrong("parameter " + name + " is there twice")
		}
		all[name] = p
	}
	form := func(encoded string) {
		values, err := url.ParseQuery(encoded)
		if err != nil {
			wrong("the form cannot be read")
		}
		for name, texts := range values {
			for _, text := range texts {
				add(name, param{text: text})
			}
		}
	}
	form(r.URL.RawQuery)
	kind, more, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	switch {
	case len(body) == 0:
	case err != nil:
		wrong("a body without a Content-Type that can be read")
	case kind == "application/x-www-form-urlencoded":
		form(string(body))
	case kind == "multipart/form-data":
		parts := multipart.NewReader(bytes.NewReader(body), more["boundary"])
		for {
			part, err := parts.NextPart()
			if err == io.EOF {
				break
			}
			if err != nil {
				wrong("the multipart form cannot be read")
				break
			}
			text, _ := io.ReadAll(part) // a broken end is the next part's error
			add(part.FormName(), param{text: string(text), file: part.FileName() != ""})
		}
	case kind == "application/json":
		var values map[string]json.RawMessage
		if json.Unmarshal(body, &values) != nil {
			wrong("the body is no JSON object")
		}
		for name, raw := range values {
			var text string
			if json.Unmarshal(raw, &text) == nil && raw[0] == '"' {
				add(name, param{text: text})
			} else if string(raw) != "null" {
				add(name, param{text: string(raw), native: true})
			}
		}
	default:
		wrong("a body of the type " + strconv.Quote(kind))
	}
	return all, problems
}

// text gives a parameter, empty where it is missing.
func (p params) text(name string) string { return p[name].text }

// number gives a whole number, or what is said instead where there is none.
func (p params) number(name string, instead int64) int64 {
	n, err := strconv.ParseInt(p[name].text, 10, 64)
	if err != nil {
		return instead
	}
	return n
}

func (p params) isTrue(name string) bool { return strings.EqualFold(p[name].text, "true") }

// into reads a parameter that holds JSON. Where it is missing, null or of another shape, v stays as it was; check has said so.
func (p params) into(name string, v any) bool {
	given, ok := p[name]
	return ok && given.text != null && json.Unmarshal([]byte(given.text), v) == nil
}

// null stands for an array or an object that is not given: the library writes it for an empty one, and the real server passes over it.
const null = "null"
