package webhook_test

import (
	"bytes"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pb33f/libopenapi"
	validator "github.com/pb33f/libopenapi-validator"
	"github.com/pb33f/libopenapi-validator/errors"

	"motkraft/bot/webhook"
)

// document is the description, ready to hold exchanges to.
type document struct{ v validator.Validator }

// parsed reads the description once.
var parsed = sync.OnceValues(func() (*document, error) {
	doc, err := libopenapi.NewDocument(webhook.OpenAPI)
	if err != nil {
		return nil, err
	}
	v, errs := validator.NewValidator(doc)
	if len(errs) > 0 {
		return nil, errs[0]
	}
	return &document{v: v}, nil
})

func newDocument(tb testing.TB) *document {
	tb.Helper()
	d, err := parsed()
	if err != nil {
		tb.Fatal(err)
	}
	return d
}

// said are the reasons of a validator.
func said(errs []*errors.ValidationError) string {
	var b strings.Builder
	for _, e := range errs {
		b.WriteString(e.Message + ": " + e.Reason)
		for _, s := range e.SchemaValidationErrors {
			b.WriteString(" (" + s.Reason + " at " + s.FieldPath + ")")
		}
		b.WriteString("; ")
	}
	return b.String()
}

// allows tells whether a request is one that the description lets through.
func (d *document) allows(req *http.Request, body []byte) (bool, string) {
	again := req.Clone(req.Context())
	again.Body = io.NopCloser(bytes.NewReader(body))
	ok, errs := d.v.ValidateHttpRequestSync(again)
	return ok, said(errs)
}

// holds fails the test where an answer is not as described.
func (d *document) holds(tb testing.TB, req *http.Request, body []byte, answer *http.Response, data []byte) {
	tb.Helper()
	answer.Body = io.NopCloser(bytes.NewReader(data))
	if ok, errs := d.v.ValidateHttpResponse(req, answer); !ok {
		tb.Errorf("an answer that is not described: %s\n%d %s", said(errs), answer.StatusCode, data)
	}
}

func TestOpenAPIIsOne(t *testing.T) {
	if ok, errs := newDocument(t).v.ValidateDocument(); !ok {
		t.Error(said(errs))
	}
}

// The handler takes just those bodies that the description lets through, and every answer is as described.
func TestOpenAPISaysWhatIsTaken(t *testing.T) {
	s := startSystem(t, secret)
	long := func(n int) string { return strings.Repeat("å", n) }
	for _, c := range []struct {
		body string
		good bool
		says string // in the problem's detail
	}{
		{`{}`, true, ""},
		{` { "lang" : "sv" } `, true, ""},
		{`{"lang":"` + long(64) + `","start":"` + long(64) + `","data":"` + long(64) + `","text":"` + long(7900) + `"}`, true, ""},
		{`{"data":"never sealed","text":"","lang":"xx","start":"nowhere"}`, true, ""},
		{`{"text":"\ud83e\udde1 \u0000 <b>"}`, true, ""},
		{`{"lang":"` + long(65) + `"}`, false, "lang has 65 characters, expected at most 64"},
		{`{"start":"` + long(65) + `"}`, false, "start has 65 characters"},
		{`{"data":"` + long(65) + `"}`, false, "data has 65 characters"},
		{`{"user":"x"}`, false, `unknown field "user": expected data, text, lang and start`},
		{`{"Data":"x"}`, false, `unknown field "Data"`},
		{`{"` + long(50) + `":1}`, false, `unknown field "` + long(40) + `…"`},
		{`{"data":1}`, false, "data is no text"},
		{`{"data":null}`, false, "data is no text"},
		{`{"text":["a"]}`, false, "text is no text"},
		{`{"text":{"a":"b"}}`, false, "text is no text"},
		{`[]`, false, "no JSON object"},
		{`"text"`, false, "no JSON object"},
		{`null`, false, "no JSON object"},
		{``, false, "no JSON object"},
		{`{"data":"x"`, false, "no JSON object"},
		{`{"data" "x"}`, false, "no JSON object"},
		{`{"data":"x",}`, false, "no JSON object"},
	} {
		req := s.request(s.newID(), time.Now(), []byte(c.body))
		allowed, why := s.doc.allows(req, []byte(c.body))
		answer, data := s.send(t, req, []byte(c.body))
		if allowed != c.good || (answer.StatusCode == 200) != c.good {
			t.Errorf("%.60s gave status %d and the description allows it: %v (%s), expected it to be good: %v", c.body, answer.StatusCode, allowed, why, c.good)
		}
		if !c.good && answer.StatusCode != 400 {
			t.Errorf("%.60s gave status %d, expected 400", c.body, answer.StatusCode)
		}
		if !strings.Contains(string(data), strings.ReplaceAll(c.says, `"`, `\"`)) {
			t.Errorf("%.60s says %s, expected %q", c.body, data, c.says)
		}
		if err := s.sign.Verify(data, answer.Header); err != nil {
			t.Errorf("%.60s: the answer's signature: %v", c.body, err)
		}
	}
	// What JSON Schema can not say.
	for body, says := range map[string]string{
		`{"data":"x","data":"x"}`: "data stands there twice",
		`{} {}`:                   "something stands behind",
		"{\"text\":\"\xff\"}":     "no JSON object in UTF-8",
	} {
		answer, data := s.send(t, s.request(s.newID(), time.Now(), []byte(body)), []byte(body))
		if answer.StatusCode != 400 || !strings.Contains(string(data), says) {
			t.Errorf("%s gave status %d: %s, expected 400 and %q", body, answer.StatusCode, data, says)
		}
	}
}
