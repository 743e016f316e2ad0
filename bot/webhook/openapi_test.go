package webhook_test

import (
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"motkraft/bot/webhook"
	"motkraft/bot/webhook/webhooktest"
)

// document is the description, ready to hold exchanges to.
type document struct{ *webhooktest.Document }

func newDocument(tb testing.TB) *document {
	tb.Helper()
	d, err := webhooktest.New(webhook.OpenAPI)
	if err != nil {
		tb.Fatal(err)
	}
	return &document{d}
}

// holds fails the test where an answer is not as described.
func (d *document) holds(tb testing.TB, answer *http.Response, data []byte) {
	tb.Helper()
	if err := d.Answer(answer.StatusCode, answer.Header, data); err != nil {
		tb.Errorf("an answer that is not described: %v\n%d %s", err, answer.StatusCode, data)
	}
}

// The description is one, by the schema of OpenAPI 3.1, which is no part of this repository.
func TestOpenAPIIsOne(t *testing.T) {
	path := os.Getenv("MOTKRAFT_TEST_OPENAPI")
	if path == "" {
		if slices.Contains(strings.Split(os.Getenv("MOTKRAFT_TEST_REQUIRE"), ","), "openapi") {
			t.Fatal("MOTKRAFT_TEST_OPENAPI is not set")
		}
		t.Skip("MOTKRAFT_TEST_OPENAPI is not set: the path of the schema of OpenAPI 3.1")
	}
	schema, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := newDocument(t).Is(schema); err != nil {
		t.Error(err)
	}
	broken, err := webhooktest.New([]byte(strings.Replace(string(webhook.OpenAPI), "operationId:", "operationID:", 1)))
	if err != nil {
		t.Fatal(err)
	}
	if broken.Is(schema) == nil {
		t.Error("a field that OpenAPI does not know is not found")
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
		why := s.doc.Request(req.Header, []byte(c.body))
		allowed := why == nil
		answer, data := s.send(t, req, []byte(c.body))
		if allowed != c.good || (answer.StatusCode == 200) != c.good {
			t.Errorf("%.60s gave status %d and the description allows it: %v (%v), expected it to be good: %v", c.body, answer.StatusCode, allowed, why, c.good)
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
	// What JSON Schema cannot say.
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
