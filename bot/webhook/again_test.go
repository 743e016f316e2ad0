package webhook_test

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"reflect"
	"strconv"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	standard "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"motkraft/bot"
	"motkraft/bot/webhook"
	"motkraft/flows"
	"motkraft/locales"
)

// newBot is the conversation as it is shipped.
func newBot(tb testing.TB, observe func(string, bot.Outcome)) *bot.Bot {
	tb.Helper()
	set, problems := flows.Load(flows.Embedded)
	catalog, more := locales.Load(locales.Embedded, set.Campaign.Language)
	if err := append(problems, more...).Err(); err != nil {
		tb.Fatal(err)
	}
	sealer, err := bot.NewSealer(bot.RandomKey())
	if err != nil {
		tb.Fatal(err)
	}
	b, err := bot.New(set, catalog, bot.Options{Sealer: sealer, Observe: observe})
	if err != nil {
		tb.Fatal(err)
	}
	return b
}

const otherSecret = "whsec_YW5vdGhlci1zZWNyZXQtb2YtdGhpcnR5LXR3by1ieXQ="

// post signs a body with a secret as of a time and gives it to the adapter, without a network.
func post(tb testing.TB, w *webhook.Webhook, with, id string, at time.Time, body []byte) *recorder {
	tb.Helper()
	sign, err := standard.NewWebhook(with)
	if err != nil {
		tb.Fatal(err)
	}
	signature, err := sign.Sign(id, at, body)
	if err != nil {
		tb.Fatal(err)
	}
	req, err := http.NewRequest("POST", "/webhook", bytes.NewReader(body))
	if err != nil {
		tb.Fatal(err)
	}
	for name, value := range map[string]string{
		"Content-Type": "application/json", "Accept-Encoding": "gzip",
		"webhook-id": id, "webhook-timestamp": strconv.FormatInt(at.Unix(), 10), "webhook-signature": signature,
	} {
		req.Header.Set(name, value)
	}
	rec := &recorder{header: http.Header{}}
	w.ServeHTTP(rec, req)
	if rec.status != 401 { // whose request is not believed
		if err := sign.Verify(rec.body.Bytes(), rec.header); err != nil {
			tb.Errorf("status %d, the answer's signature: %v", rec.status, err)
		}
	}
	return rec
}

// looks is an answer without the data of its buttons, which are sealed anew each time.
func looks(tb testing.TB, rec *recorder) shown {
	tb.Helper()
	var got shown
	if err := json.Unmarshal(rec.body.Bytes(), &got); err != nil || rec.status != 200 || len(got.Messages) != 1 {
		tb.Fatalf("status %d, %v: %s", rec.status, err, rec.body.Bytes())
	}
	for i := range got.Messages[0].Buttons {
		got.Messages[0].Buttons[i].Data = ""
	}
	got.Messages[0].Here = ""
	return got
}

// A caller that has lost an answer sends the same under the same id, and the person gets the screen; it is counted once. Another body under the
// id is refused. What came with one secret says nothing about another's, and what can no longer be believed is forgotten.
func TestTriedAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var updates, referrals atomic.Int64
		b := newBot(t, func(_ string, o bot.Outcome) {
			updates.Add(1)
			if o.Group != "" {
				referrals.Add(1)
			}
		})
		w := newWebhook(t, secret, otherSecret)
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		go func() { _ = w.Run(ctx, b.For("webhook")) }()
		synctest.Wait()
		counted := func(what string, u, r int64) {
			t.Helper()
			if updates.Load() != u || referrals.Load() != r {
				t.Errorf("%s: %d updates and %d referrals are counted, expected %d and %d", what, updates.Load(), referrals.Load(), u, r)
			}
		}
		refused := func(rec *recorder, status int) {
			t.Helper()
			if rec.status != status {
				t.Errorf("status %d, expected %d: %s", rec.status, status, rec.body.Bytes())
			}
		}

		start := time.Now()
		refers := []byte(`{"start":"` + door(t, b) + `","lang":"sv"}`)
		first := looks(t, post(t, w, secret, "a", start, refers))
		counted("at first", 1, 1)
		if again := looks(t, post(t, w, secret, "a", start, refers)); !reflect.DeepEqual(again, first) {
			t.Errorf("sent again as it was: %+v, expected %+v", again, first)
		}
		time.Sleep(2 * time.Minute)
		if again := looks(t, post(t, w, secret, "a", time.Now(), refers)); !reflect.DeepEqual(again, first) {
			t.Errorf("signed anew: %+v, expected %+v", again, first)
		}
		counted("tried again", 1, 1)

		refused(post(t, w, secret, "a", time.Now(), []byte(`{"lang":"sv"}`)), 409)
		refused(post(t, w, secret, "a", time.Now(), append(refers, ' ')), 409)
		looks(t, post(t, w, secret, "a", time.Now(), refers)) // the refused ones changed nothing
		counted("another body", 1, 1)

		looks(t, post(t, w, otherSecret, "a", time.Now(), []byte(`{"lang":"sv"}`)))
		counted("another secret", 2, 1)
		refused(post(t, w, otherSecret, "a", time.Now(), refers), 409)
		looks(t, post(t, w, otherSecret, "a", time.Now(), []byte(`{"lang":"sv"}`)))
		counted("another secret, tried again", 2, 1)

		refused(post(t, w, secret, "b", time.Now(), []byte(`{"lang":1}`)), 400)
		looks(t, post(t, w, secret, "b", time.Now(), []byte(`{"lang":"sv"}`))) // mended
		counted("mended", 3, 1)

		time.Sleep(time.Until(start.Add(5*time.Minute + time.Second)))
		if rec := post(t, w, secret, "a", start, refers); rec.status != 401 {
			t.Errorf("a copy that has run out gave %d, expected 401", rec.status)
		}
		looks(t, post(t, w, secret, "a", time.Now(), []byte(`{"lang":"sv"}`)))
		counted("forgotten", 4, 1)
	})
}

// door is the code of a door that leads to a referral at once.
func door(t *testing.T, b *bot.Bot) string {
	t.Helper()
	set, problems := flows.Load(flows.Embedded)
	if err := problems.Err(); err != nil {
		t.Fatal(err)
	}
	for _, d := range set.Doors {
		m := b.Handle(t.Context(), bot.Update{Start: d.Code})
		if len(m.Buttons) > 0 && m.Buttons[0].Kind == bot.Contact {
			return d.Code
		}
	}
	t.Fatal("no door leads to a referral")
	return ""
}
