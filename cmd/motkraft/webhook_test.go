package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	standard "github.com/standard-webhooks/standard-webhooks/libraries/go"
)

const hookSecret = "whsec_Y2FuYXJ5LXNlY3JldC1vZi10aGlydHktdHdvLWJ5dGU="

var hookIDs atomic.Int64

// hookRequest is a signed request to a running server.
func hookRequest(tb testing.TB, public string, update map[string]string) *http.Request {
	tb.Helper()
	body, err := json.Marshal(update)
	if err != nil {
		tb.Fatal(err)
	}
	sign, err := standard.NewWebhook(hookSecret)
	if err != nil {
		tb.Fatal(err)
	}
	id, now := fmt.Sprint("msg-canary-", hookIDs.Add(1)), time.Now()
	signature, err := sign.Sign(id, now, body)
	if err != nil {
		tb.Fatal(err)
	}
	req, err := http.NewRequest("POST", public+"/webhook", bytes.NewReader(body))
	if err != nil {
		tb.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("webhook-id", id)
	req.Header.Set("webhook-timestamp", strconv.FormatInt(now.Unix(), 10))
	req.Header.Set("webhook-signature", signature)
	return req
}

// hookScreen is an answer, as far as tests look.
type hookScreen struct {
	Text, Lang, Here string
	Buttons          []struct{ Label, Data, Kind string }
}

// button finds a button's data by its label.
func (s hookScreen) button(t *testing.T, label string) string {
	t.Helper()
	for _, b := range s.Buttons {
		if b.Label == label && b.Data != "" {
			return b.Data
		}
	}
	t.Fatalf("no button %q among %+v", label, s.Buttons)
	return ""
}

// ask sends an update and gives the screen.
func (r *running) ask(t *testing.T, update map[string]string) hookScreen {
	t.Helper()
	answer, err := http.DefaultClient.Do(hookRequest(t, r.public, update))
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	data, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode != 200 {
		t.Fatalf("status %d, %v: %s", answer.StatusCode, err, data)
	}
	var got struct{ Messages []hookScreen }
	if err := json.Unmarshal(data, &got); err != nil || len(got.Messages) != 1 {
		t.Fatalf("%v: %s", err, data)
	}
	return got.Messages[0]
}

// The whole program for another system, to its end: the person is answered, and no line of the log holds anything of them.
func TestServeWebhook(t *testing.T) {
	const other = "whsec_YW5vdGhlci1zZWNyZXQtb2YtdGhpcnR5LXR3by1ieXQ="
	r := start(t, "MOTKRAFT_WEBHOOK_SECRETS="+other+", "+hookSecret)
	first := r.ask(t, map[string]string{"lang": "en-GB"})
	if !strings.Contains(first.Text, "What is it about?") || first.Lang != "en" {
		t.Errorf("the first screen is %+v", first)
	}
	acute := r.ask(t, map[string]string{"data": first.button(t, "Urgent help")})
	if !strings.Contains(acute.Text, "call 112") {
		t.Errorf("acute help is %+v", acute)
	}
	typed := r.ask(t, map[string]string{"data": first.button(t, "På svenska"), "text": "canary Malmö"})
	if typed.Lang != "sv" || typed.Here == "" {
		t.Errorf("typed on a Swedish screen: %+v", typed)
	}
	if got := status(t, r.public+"/openapi.yaml"); got != 200 {
		t.Errorf("the description gives %d", got)
	}
	r.stop()
	if code := <-r.code; code != exitOK {
		t.Errorf("ended with %d", code)
	}
	for _, canary := range []string{"canary", "Y2FuYXJ5", "127.0.0.1", "Malm"} {
		if strings.Contains(withoutAddresses(r), canary) {
			t.Errorf("the log holds %q:\n%s", canary, r.log)
		}
	}
}

// withoutAddresses is the log without the server's own addresses.
func withoutAddresses(r *running) string {
	return strings.NewReplacer(r.public, "", r.admin, "").Replace(r.log.String())
}

func TestNoWebhookWithoutSecret(t *testing.T) {
	r := start(t)
	if got := status(t, r.public+"/webhook"); got != 404 {
		t.Errorf("/webhook gives %d", got)
	}
}

func TestWebhookFaults(t *testing.T) {
	w, log := newWorld(t.Context(), "MOTKRAFT_WEBHOOK_SECRETS="+hookSecret+",canary", "MOTKRAFT_TRUSTED_PROXIES=10.0.0.0/8, nonsense")
	if code := w.run([]string{"serve"}); code != exitUsage {
		t.Errorf("ended with %d", code)
	}
	for _, want := range []string{"MOTKRAFT_WEBHOOK_SECRETS is no list of secrets (secret 2 is not whsec_", `MOTKRAFT_TRUSTED_PROXIES: "nonsense" is no network`} {
		if !strings.Contains(log.String(), want) {
			t.Errorf("nothing says %q:\n%s", want, log)
		}
	}
	if strings.Contains(log.String(), "canary") {
		t.Errorf("a secret is told:\n%s", log)
	}
}

// The README's two clients are run as they stand there.
func TestReadmeClients(t *testing.T) {
	data, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	r := start(t, "MOTKRAFT_WEBHOOK_SECRETS="+hookSecret)
	for _, c := range []struct {
		tool  string
		block string // what stands in it
		run   func(code string) *exec.Cmd
		says  []string
	}{
		{"curl", "openssl dgst", func(code string) *exec.Cmd { return exec.Command("sh", "-eu", "-c", code) }, []string{`{"messages":[{"text":`, "Vad gäller det?"}},
		{"node", "createHmac", func(code string) *exec.Cmd { return exec.Command("node", "--input-type=module", "-e", code) }, []string{"Vad gäller det?", "buttons: ["}},
	} {
		t.Run(c.tool, func(t *testing.T) {
			for _, tool := range []string{c.tool, "openssl"} {
				need(t, tool, "install it, so that it is on the PATH")
			}
			code := strings.ReplaceAll(readmeBlock(t, string(data), c.block), "http://127.0.0.1:8080", r.public)
			cmd := c.run(code)
			cmd.Env = append(os.Environ(), "SECRET="+hookSecret)
			out, err := cmd.CombinedOutput()
			if err != nil {
				t.Fatalf("%v: %s", err, out)
			}
			for _, want := range c.says {
				if !strings.Contains(string(out), want) {
					t.Errorf("it says %.300s, expected %q in it", out, want)
				}
			}
		})
	}
}

var fenced = regexp.MustCompile("(?s)```[a-z]+\n(.*?)```")

// readmeBlock is the block of code that holds a part.
func readmeBlock(t *testing.T, readme, part string) string {
	t.Helper()
	for _, m := range fenced.FindAllStringSubmatch(readme, -1) {
		if strings.Contains(m[1], part) {
			return m[1]
		}
	}
	t.Fatalf("the README has no example with %q", part)
	return ""
}

// get gives what stands under a path.
func (r *running) get(t *testing.T, path string) string {
	t.Helper()
	answer, err := http.Get(r.public + path)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	data, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}
