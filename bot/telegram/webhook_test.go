package telegram_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"motkraft/bot/adaptertest"
	"motkraft/bot/telegram/standin"
)

// newWebhookWorld starts the real bot behind a webhook.
func newWebhookWorld(t *testing.T) (w *world, address string) {
	t.Helper()
	w = &world{Server: newServer(t, standin.Options{})}
	w.bot = adaptertest.Shipped(t, func(err error) {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.failed = append(w.failed, err)
	})
	w.opts = options(w.Server)
	w.opts.Say = w.bot.Say
	w.opts.WebhookURL, w.opts.Secret = "https://bot.example.se/telegram", "secret-canary_1"
	tg := w.start(t)
	public := httptest.NewServer(tg)
	t.Cleanup(public.Close)
	w.ForwardWebhook(public.URL)
	t.Cleanup(func() {
		w.stop()
		w.assertQuiet(t)
	})
	if !w.Wait("the webhook", func() bool { return w.WebhookURL() == w.opts.WebhookURL }) {
		t.FailNow()
	}
	return w, public.URL + "/telegram"
}

func TestWebhook(t *testing.T) {
	w, _ := newWebhookWorld(t)
	p := w.Join("sv")
	act(t, p, func() int64 { return p.Start("k1") })
	shows(t, p, "Vad stämmer bäst just nu?")
	act(t, p, func() int64 { return p.Press(label(t, p, "Akut hjälp").Data) })
	shows(t, p, "112 SOS Alarm")
	w.WaitConfirmed()
	if w.Calls("getUpdates") != 0 {
		t.Error("it polls beside the webhook")
	}
}

// From one mode to the other and back takes no hand work, and loses nothing of what was sent in between.
func TestModesChange(t *testing.T) {
	w, _ := newWebhookWorld(t)
	p := w.Join("sv")
	act(t, p, func() int64 { return p.Start("") })
	shows(t, p, "Vad gäller det?")
	w.stop()
	w.opts.WebhookURL = ""
	between := p.Press(label(t, p, "Akut hjälp").Data)
	w.start(t)
	shows(t, p, "112 SOS Alarm")
	w.WaitConfirmed(between)
}

// Whoever does not know the secret does nothing here; what cannot be read is taken and forgotten, so that it is not sent for ever.
func TestWebhookRefuses(t *testing.T) {
	w, address := newWebhookWorld(t)
	good := `{"update_id":1,"message":{"message_id":1,"chat":{"id":1,"type":"private"},"text":"hej"}}`
	for _, c := range []struct {
		name, method, secret, body string
		status                     int
	}{
		{"no secret", "POST", "", good, 401},
		{"wrong secret", "POST", "secret-canary_2", good, 401},
		{"longer secret", "POST", w.opts.Secret + "x", good, 401},
		{"empty body", "POST", w.opts.Secret, "", 200},
		{"no JSON", "POST", w.opts.Secret, "{", 200},
		{"a list", "POST", w.opts.Secret, "[]", 200},
		{"null", "POST", w.opts.Secret, "null", 200},
		{"a text", "POST", w.opts.Secret, `"update"`, 200},
		{"no number", "POST", w.opts.Secret, `{"message":{}}`, 200},
		{"number as a text", "POST", w.opts.Secret, `{"update_id":"1"}`, 200},
		{"half-empty", "POST", w.opts.Secret, `{"update_id":2,"message":{}}`, 200},
		{"unknown kind", "POST", w.opts.Secret, `{"update_id":3,"business":{"x":1}}`, 200},
		{"deep", "POST", w.opts.Secret, strings.Repeat(`{"a":`, 20000), 200},
		{"not text", "POST", w.opts.Secret, "\xff\xfe\x00", 200},
		{"24 MB", "POST", w.opts.Secret, `{"update_id":4,"message":{"text":"` + strings.Repeat("x", 24<<20) + `"}}`, 200},
	} {
		req, err := http.NewRequest(c.method, address, strings.NewReader(c.body))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("X-Telegram-Bot-Api-Secret-Token", c.secret)
		answer, err := http.DefaultClient.Do(req)
		if err != nil {
			// A server may hang up on a body that it does not read, once it has answered.
			if c.name != "24 MB" {
				t.Errorf("%s: %v", c.name, err)
			}
			continue
		}
		io.Copy(io.Discard, answer.Body)
		answer.Body.Close()
		if answer.StatusCode != c.status {
			t.Errorf("%s: status %d, expected %d", c.name, answer.StatusCode, c.status)
		}
	}
	if n := w.Calls("sendMessage"); n != 0 {
		t.Errorf("%d messages were sent", n)
	}
	p := w.Join("sv")
	act(t, p, func() int64 { return p.Start("") })
	shows(t, p, "Vad gäller det?")
}
