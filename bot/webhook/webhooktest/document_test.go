package webhooktest

import (
	"net/http"
	"strings"
	"testing"

	"motkraft/bot/webhook"
)

// Each fault is planted in an exchange that is as described, and must be found.
func TestFaultsAreFound(t *testing.T) {
	d, err := New(webhook.OpenAPI)
	if err != nil {
		t.Fatal(err)
	}
	signature := "v1," + strings.Repeat("A", 43) + "="
	with := func(kind string, change ...string) http.Header {
		h := http.Header{}
		h.Set("Content-Type", kind)
		h.Set("webhook-id", "id")
		h.Set("webhook-timestamp", "1")
		h.Set("webhook-signature", signature)
		for i := 0; i < len(change); i += 2 {
			h.Del(change[i])
			if change[i+1] != "" {
				h.Set(change[i], change[i+1])
			}
		}
		return h
	}
	const screen = `{"messages":[{"text":"Hej","lang":"sv","buttons":[{"label":"A","kind":"option","data":"x"}]}]}`
	const problem = `{"title":"Bad Request","status":400,"detail":"x"}`
	const kind, problems = "application/json", "application/problem+json"
	for _, c := range []struct {
		name string
		err  error
		says string // "": as described
	}{
		{"a request", d.Request(with(kind), []byte(`{"lang":"sv"}`)), ""},
		{"no id", d.Request(with(kind, "webhook-id", ""), []byte(`{}`)), "webhook-id is missing"},
		{"a long id", d.Request(with(kind, "webhook-id", strings.Repeat("x", 129)), []byte(`{}`)), "webhook-id"},
		{"a time in words", d.Request(with(kind, "webhook-timestamp", "now"), []byte(`{}`)), "no whole number"},
		{"another kind", d.Request(with("text/plain"), []byte(`{}`)), `"text/plain" is not described`},
		{"an unknown field", d.Request(with(kind), []byte(`{"user":"x"}`)), "user"},
		{"no JSON", d.Request(with(kind), []byte(`{`)), "EOF"},

		{"an answer", d.Answer(200, with(kind), []byte(screen)), ""},
		{"a problem", d.Answer(400, with(problems), []byte(problem)), ""},
		{"an unknown status", d.Answer(418, with(problems), []byte(problem)), "418 is not described"},
		{"no signature", d.Answer(200, with(kind, "webhook-signature", ""), []byte(screen)), "webhook-signature is missing"},
		{"another signature", d.Answer(200, with(kind, "webhook-signature", "v2,x"), []byte(screen)), "webhook-signature"},
		{"a problem as plain JSON", d.Answer(400, with(kind), []byte(problem)), "is not described"},
		{"a problem without a title", d.Answer(400, with(problems), []byte(`{"status":400,"detail":"x"}`)), "title"},
		{"two ways in one button", d.Answer(200, with(kind), []byte(strings.Replace(screen, `"data"`, `"url":"https://a","data"`, 1))), "oneOf"},
		{"no time to wait", d.Answer(429, with(problems), []byte(problem)), "Retry-After is missing"},
		{"no time at all to wait", d.Answer(429, with(problems, "Retry-After", "0"), []byte(problem)), "Retry-After"},
	} {
		switch {
		case c.says == "" && c.err != nil:
			t.Errorf("%s: %v", c.name, c.err)
		case c.says != "" && (c.err == nil || !strings.Contains(c.err.Error(), c.says)):
			t.Errorf("%s: %v, expected %q", c.name, c.err, c.says)
		}
	}
}
