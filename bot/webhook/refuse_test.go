package webhook_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	standard "github.com/standard-webhooks/standard-webhooks/libraries/go"
	"go.yaml.in/yaml/v3"

	"motkraft/bot"
	"motkraft/bot/webhook"
)

// script answers as it is told, and counts.
type script struct {
	answer  func(bot.Update) bot.Message
	handled atomic.Int64
	mu      sync.Mutex
	failed  []error
}

func (s *script) Handle(_ context.Context, u bot.Update) bot.Message {
	s.handled.Add(1)
	if s.answer != nil {
		return s.answer(u)
	}
	return bot.Message{Text: "Hej!", Lang: "sv", Buttons: []bot.Button{
		{Label: "Ring 112", Phone: "112", Kind: bot.Contact},
		{Label: "Läs", URL: "https://example.org/?a=1&b=<2>", Kind: bot.Contact},
		{Label: "Vidare", Data: "on", Kind: bot.Option},
		{Label: "Rensa", Data: "clear", Kind: bot.Standing},
	}}
}

func (s *script) Failed(_ context.Context, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.failed = append(s.failed, err)
}

func (s *script) failures() []error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.failed)
}

// startSystem runs an adapter with these secrets until the test is over.
func startSystem(t *testing.T, secrets ...string) *system {
	t.Helper()
	return runSystem(t, &script{}, secrets...)
}

func runSystem(t *testing.T, h *script, secrets ...string) *system {
	t.Helper()
	w := newWebhook(t, secrets...)
	s := newSystem(t, w)
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- w.Run(ctx, h) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	until(t, "the adapter runs", func() bool {
		answer, err := s.client.Do(s.request(s.newID(), time.Now(), []byte("{}")))
		if err != nil {
			t.Fatal(err)
		}
		answer.Body.Close()
		return answer.StatusCode == 200
	})
	h.handled.Store(0)
	return s
}

// until waits for what has to come.
func until(t *testing.T, what string, condition func() bool) {
	t.Helper()
	for end := time.Now().Add(patience); !condition(); time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("waited in vain until %s", what)
		}
	}
}

// send sends a request and holds the answer to the description.
func (s *system) send(t *testing.T, req *http.Request, body []byte) (*http.Response, []byte) {
	t.Helper()
	answer, err := s.client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	data, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	s.doc.holds(t, answer, data)
	return answer, data
}

// Every refusal has its status and a problem document that says what is wrong, and nothing of the conversation is asked. The statuses are just
// those of the description.
func TestRefusals(t *testing.T) {
	h := &script{}
	s := runSystem(t, h, secret)
	body := []byte(`{"text":"canary text"}`)
	now := time.Now()
	taken := s.newID()
	s.send(t, s.request(taken, now, body), body)
	seen := map[int]bool{200: true, 503: true, 429: true} // 503 is seen at every start; 429 is given and tested where the program is wired
	for _, c := range []struct {
		name   string
		status int
		says   string
		signed bool
		req    func(r *http.Request)
	}{
		{"no id", 401, "is missing", false, func(r *http.Request) { r.Header.Del("webhook-id") }},
		{"no time", 401, "is missing", false, func(r *http.Request) { r.Header.Del("webhook-timestamp") }},
		{"no signature", 401, "is missing", false, func(r *http.Request) { r.Header.Del("webhook-signature") }},
		{"another id", 401, "no webhook-signature fits", false, func(r *http.Request) { r.Header.Set("webhook-id", "other") }},
		{"another time", 401, "no webhook-signature fits", false, func(r *http.Request) {
			r.Header.Set("webhook-timestamp", strconv.FormatInt(now.Unix()-1, 10))
		}},
		{"time is no number", 401, "is no number", false, func(r *http.Request) { r.Header.Set("webhook-timestamp", "canary text") }},
		{"another body", 401, "no webhook-signature fits", false, func(r *http.Request) { setBody(r, []byte(`{"text":"canary texT"}`)) }},
		{"another version", 401, "no webhook-signature fits", false, func(r *http.Request) {
			r.Header.Set("webhook-signature", strings.Replace(r.Header.Get("webhook-signature"), "v1,", "v1a,", 1))
		}},
		{"half a signature", 401, "no webhook-signature fits", false, func(r *http.Request) { r.Header.Set("webhook-signature", "v1") }},
		{"empty signature", 401, "no webhook-signature fits", false, func(r *http.Request) { r.Header.Set("webhook-signature", "v1,") }},
		{"stale", 401, "too old", false, s.at(body, -6*time.Minute)},
		{"ahead", 401, "five minutes ahead", false, s.at(body, 6*time.Minute)},
		{"long id", 401, "has 129 bytes", false, func(r *http.Request) {
			*r = *s.request(strings.Repeat("x", 129), now, body)
		}},
		{"another body under a known id", 409, "another body came", true, func(r *http.Request) { *r = *s.request(taken, now, []byte("{}")) }},
		{"and another time", 409, "another body came", true, func(r *http.Request) { *r = *s.request(taken, now.Add(time.Minute), []byte("{}")) }},
		{"large", 413, "larger than 16384 bytes", false, func(r *http.Request) {
			large := []byte(`{"text":"` + strings.Repeat("x", 16384) + `"}`)
			*r = *s.request(s.newID(), now, large)
		}},
		{"large, of a length that is not said", 413, "larger than 16384 bytes", false, func(r *http.Request) {
			r.Body, r.ContentLength = io.NopCloser(strings.NewReader(strings.Repeat("x", 16385))), -1
		}},
		{"no JSON", 400, "no JSON object", true, func(r *http.Request) { *r = *s.request(s.newID(), now, []byte("canary")) }},
		{"another kind", 415, "application/json", true, func(r *http.Request) { r.Header.Set("Content-Type", "text/plain") }},
		{"no kind", 415, "application/json", true, func(r *http.Request) { r.Header.Del("Content-Type") }},
		{"GET", 405, "expected POST", false, func(r *http.Request) { r.Method = "GET"; setBody(r, nil) }},
	} {
		req := s.request(s.newID(), now, body)
		c.req(req)
		answer, err := s.client.Do(req)
		if err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		data, _ := io.ReadAll(answer.Body)
		answer.Body.Close()
		seen[answer.StatusCode] = true
		s.doc.holds(t, answer, data)
		var p struct {
			Title, Detail string
			Status        int
		}
		if err := json.Unmarshal(data, &p); err != nil || answer.Header.Get("Content-Type") != "application/problem+json" {
			t.Errorf("%s: no problem document (%v): %q", c.name, err, data)
		}
		if answer.StatusCode != c.status || p.Status != c.status || p.Title != http.StatusText(c.status) || !strings.Contains(p.Detail, c.says) {
			t.Errorf("%s: status %d, %+v, expected %d and %q", c.name, answer.StatusCode, p, c.status, c.says)
		}
		if strings.Contains(string(data), "canary") {
			t.Errorf("%s: the request is said back: %s", c.name, data)
		}
		if err := s.sign.Verify(data, answer.Header); (err == nil) != c.signed {
			t.Errorf("%s: signature: %v, expected it to be signed: %v", c.name, err, c.signed)
		}
	}
	if n := h.handled.Load(); n != 1 {
		t.Errorf("%d requests were handled, expected only the first one", n)
	}
	if got, want := slices.Sorted(maps.Keys(seen)), described(t); !slices.Equal(got, want) {
		t.Errorf("statuses %v, described are %v", got, want)
	}
}

func setBody(r *http.Request, body []byte) {
	r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
}

// at signs the request as of another time.
func (s *system) at(body []byte, shift time.Duration) func(*http.Request) {
	return func(r *http.Request) { *r = *s.request(s.newID(), time.Now().Add(shift), body) }
}

// described are the statuses of the description.
func described(t *testing.T) []int {
	t.Helper()
	var doc struct {
		Paths map[string]struct {
			Post struct {
				Responses map[string]any `yaml:"responses"`
			} `yaml:"post"`
		} `yaml:"paths"`
	}
	if err := yaml.Unmarshal(webhook.OpenAPI, &doc); err != nil {
		t.Fatal(err)
	}
	var out []int
	for status := range doc.Paths["/webhook"].Post.Responses {
		n, err := strconv.Atoi(status)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, n)
	}
	slices.Sort(out)
	return out
}

// Five minutes to either side are believed, and a signature among several.
func TestBelieved(t *testing.T) {
	s := startSystem(t, secret)
	body := []byte(`{"lang":"sv"}`)
	for _, shift := range []time.Duration{-4 * time.Minute, 0, 4 * time.Minute} {
		if answer, data := s.send(t, s.request(s.newID(), time.Now().Add(shift), body), body); answer.StatusCode != 200 {
			t.Errorf("%v off: %d %s", shift, answer.StatusCode, data)
		}
	}
	req := s.request(s.newID(), time.Now(), body)
	req.Header.Set("webhook-signature", "v1a,other v1,AAAA "+req.Header.Get("webhook-signature")+" v1,BBBB")
	if answer, data := s.send(t, req, body); answer.StatusCode != 200 {
		t.Errorf("among several signatures: %d %s", answer.StatusCode, data)
	}
	large := []byte(`{"text":"` + strings.Repeat("x", 16384-11) + `"}`)
	if answer, data := s.send(t, s.request(s.newID(), time.Now(), large), large); answer.StatusCode != 200 || len(large) != 16384 {
		t.Errorf("%d bytes: %d %s", len(large), answer.StatusCode, data)
	}
}

// While a secret is changed both work, and each caller gets answers signed with the one that it has.
func TestRotation(t *testing.T) {
	const other = "whsec_YW5vdGhlci1zZWNyZXQtb2YtdGhpcnR5LXR3by1ieXQ="
	s := startSystem(t, other, secret)
	body := []byte(`{}`)
	ask := func(with string, status int) {
		t.Helper()
		sign, err := standard.NewWebhook(with)
		if err != nil {
			t.Fatal(err)
		}
		s.sign = sign
		answer, data := s.send(t, s.request(s.newID(), time.Now(), body), body)
		if answer.StatusCode != status {
			t.Errorf("status %d, expected %d", answer.StatusCode, status)
		}
		if status == 200 && sign.Verify(data, answer.Header) != nil {
			t.Error("the answer is signed with another secret than the request")
		}
	}
	ask(secret, 200)
	ask(other, 200)
	ask("whsec_dGhlLXRoaXJkLXNlY3JldC1vZi10aGlydHktdHdvLWI=", 401)
}

func TestSecrets(t *testing.T) {
	for _, c := range []struct {
		secrets []string
		says    string
	}{
		{nil, "no secret"},
		{[]string{""}, "secret 1 is not whsec_"},
		{[]string{secret, "Y2FuYXJ5LXNlY3JldC1vZi10aGlydHktdHdvLWJ5dGU="}, "secret 2 is not whsec_"},
		{[]string{"whsec_Y2FuYXJ5"}, "base64 of 24 to 64 bytes"},
		{[]string{"whsec_" + strings.Repeat("Y2Fu", 22)}, "base64 of 24 to 64 bytes"},
		{[]string{"whsec_canary canary canary canary canary"}, "base64 of 24 to 64 bytes"},
	} {
		_, err := webhook.New(c.secrets...)
		if err == nil || !strings.Contains(err.Error(), c.says) || strings.Contains(err.Error(), "canary") || strings.Contains(err.Error(), "Y2Fu") {
			t.Errorf("%q: %v, expected %q and nothing of the secret", c.secrets, err, c.says)
		}
	}
}

// A body that does not come does not hold the stop.
func TestStopWithHalfARequest(t *testing.T) {
	w := newWebhook(t, secret)
	s := newSystem(t, w)
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- w.Run(ctx, &script{}) }()
	c, err := net.Dial("tcp", strings.TrimSuffix(strings.TrimPrefix(s.url, "http://"), "/webhook"))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	until(t, "the adapter runs", func() bool {
		fmt.Fprint(c, "POST /webhook HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\nExpect: 100-continue\r\n\r\n")
		said := make([]byte, 1000)
		n, err := c.Read(said)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(said[:n]), " 100 Continue") {
			return true
		}
		c.Close()
		if c, err = net.Dial("tcp", strings.TrimSuffix(strings.TrimPrefix(s.url, "http://"), "/webhook")); err != nil {
			t.Fatal(err)
		}
		return false
	}) // it waits for the body
	stop()
	select {
	case err := <-ended:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(patience):
		t.Error("the stop waits for the body")
	}
}

// A caller that hangs up while it is answered is told of, namelessly.
func TestCallerGone(t *testing.T) {
	asked, goOn := make(chan struct{}), make(chan struct{})
	h := &script{}
	h.answer = func(u bot.Update) bot.Message {
		if u.Text != "" {
			close(asked)
			<-goOn
		}
		return bot.Message{Text: "Hej!", Lang: "sv"}
	}
	s := runSystem(t, h, secret)
	c, err := net.Dial("tcp", strings.TrimSuffix(strings.TrimPrefix(s.url, "http://"), "/webhook"))
	if err != nil {
		t.Fatal(err)
	}
	if err := s.request(s.newID(), time.Now(), []byte(`{"text":"canary text"}`)).Write(c); err != nil {
		t.Fatal(err)
	}
	<-asked
	c.(*net.TCPConn).SetLinger(0) // closes by a reset
	c.Close()
	close(goOn)
	until(t, "the failure is told", func() bool { return len(h.failures()) == 1 })
	if err := h.failures()[0]; strings.Contains(fmt.Sprintf("%v %+v %#v", err, err, err), "canary") {
		t.Errorf("the failure names somebody: %v", err)
	}
}

func TestServesOpenAPI(t *testing.T) {
	rec := httptest.NewRecorder()
	webhook.ServeOpenAPI(rec, httptest.NewRequest("GET", "/openapi.yaml", nil))
	if rec.Header().Get("Content-Type") != "application/yaml" || !bytes.Equal(rec.Body.Bytes(), webhook.OpenAPI) {
		t.Errorf("%q, %d bytes", rec.Header().Get("Content-Type"), rec.Body.Len())
	}
}
