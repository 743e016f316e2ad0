package standin_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	"motkraft/bot/telegram/standin"
)

// receiver is a bot's webhook.
type receiver struct {
	mu     sync.Mutex
	got    []int64
	answer func(update int64, nth int) int
	secret string
}

func (r *receiver) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	body, _ := io.ReadAll(req.Body)
	var u update
	r.mu.Lock()
	defer r.mu.Unlock()
	if json.Unmarshal(body, &u) != nil || req.URL.Path != "/telegram" || req.Header.Get("X-Telegram-Bot-Api-Secret-Token") != r.secret {
		w.WriteHeader(http.StatusTeapot)
		return
	}
	nth := 1
	for _, id := range r.got {
		if id == u.ID {
			nth++
		}
	}
	r.got = append(r.got, u.ID)
	w.WriteHeader(r.answer(u.ID, nth))
}

func TestWebhookRedeliversInOrder(t *testing.T) {
	s := standin.New(t, standin.Options{})
	anna, bo := s.Join(""), s.Join("")
	first := anna.Type("waits since before")
	r := &receiver{secret: "s-1"}
	r.answer = func(update int64, nth int) int {
		if update == first && nth < 4 {
			return http.StatusInternalServerError
		}
		return http.StatusNoContent
	}
	server := httptest.NewServer(r)
	defer server.Close()
	must(t, s, "setWebhook", p{"url": server.URL + "/telegram", "secret_token": "s-1", "max_connections": "10"})
	second := anna.Type("after it")
	other := bo.Type("not held up")
	s.WaitConfirmed()
	if d := s.Update(first); d.Handed != 4 {
		t.Errorf("got %+v", d)
	}
	if d := s.Update(second); d.Handed != 1 || d.First.Before(s.Update(first).Confirmed) {
		t.Errorf("the second of a chat overtook the first: %+v", d)
	}
	if !slices.Contains(r.got, other) {
		t.Error("another chat's update did not come")
	}
	info := decode[struct {
		URL     string
		Max     int    `json:"max_connections"`
		Pending int    `json:"pending_update_count"`
		Failure string `json:"last_error_message"`
	}](t, must(t, s, "getWebhookInfo", nil).Result)
	if info.URL != s.WebhookURL() || info.Max != 10 || info.Pending != 0 || !strings.Contains(info.Failure, "500") {
		t.Errorf("got %+v", info)
	}
	s.Redeliver(first)
	s.Wait("the same once more", func() bool { return s.Update(first).Handed == 5 })
	none(t, s)
}

func TestWebhookAndPollingExcludeEachOther(t *testing.T) {
	s := standin.New(t, standin.Options{})
	anna := s.Join("")
	var wg sync.WaitGroup
	wg.Go(func() { refuses(t, s, "getUpdates", p{"timeout": "50"}, 409, "Conflict:") })
	s.Wait("the poll", s.Polling)
	const public = "https://bot.example.org/telegram"
	must(t, s, "setWebhook", p{"url": public})
	wg.Wait()
	refuses(t, s, "getUpdates", nil, 409, "can't use getUpdates method while webhook is active")
	if a := must(t, s, "setWebhook", p{"url": public}); a.Description != "Webhook is already set" {
		t.Error(a.Description)
	}

	kept := anna.Type("nobody answers there")
	s.Wait("two tries", func() bool { return s.Update(kept).Handed >= 2 })
	r := &receiver{answer: func(int64, int) int { return http.StatusOK }}
	server := httptest.NewServer(r)
	defer server.Close()
	s.ForwardWebhook(server.URL)
	s.WaitConfirmed(kept)

	must(t, s, "deleteWebhook", nil)
	if s.WebhookURL() != "" {
		t.Error("the webhook is still set")
	}
	polled := anna.Type("now by polling")
	if got := poll(t, s, nil); len(got) != 1 || got[0].ID != polled {
		t.Errorf("got %+v", got)
	}
	must(t, s, "deleteWebhook", p{"drop_pending_updates": "true"})
	if got := poll(t, s, nil); len(got) != 0 {
		t.Errorf("got %+v", got)
	}
}
