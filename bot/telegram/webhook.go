package telegram

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/json"
	"io"
	"net/http"
	"strconv"
	"sync"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"motkraft/bot"
)

// maxBody is how much of an update is read, in bytes: text and a dozen buttons are a fraction of it.
const maxBody = 1 << 20

// holdTimeout is how long a request is held open for its update to be answered. Telegram has a hundred connections for all chats together, and one
// chat may have to be left alone for long.
const holdTimeout = 3 * time.Second

// secretHeader carries the secret (https://core.telegram.org/bots/api#setwebhook).
const secretHeader = "X-Telegram-Bot-Api-Secret-Token" // #nosec G101 -- the name of a header

// listen tells Telegram where to send updates, and waits until ctx is done and what is in hand is finished.
func (t *Telegram) listen(ctx context.Context, h bot.Handler) {
	if !t.insist(ctx, h, "setWebhook", tgbotapi.Params{
		"url":             t.opts.WebhookURL,
		"secret_token":    t.opts.Secret,
		"max_connections": strconv.Itoa(maxInHand),
		"allowed_updates": wanted,
	}) {
		return
	}
	<-ctx.Done()
	t.queues.Finish()
}

// ServeHTTP takes one update as a webhook. It answers after the update was, so that Telegram sends again what a crash cut off; an update
// that cannot be read gets 200 all the same, since it would only come again.
func (t *Telegram) ServeHTTP(rw http.ResponseWriter, r *http.Request) {
	switch {
	case t.opts.WebhookURL == "":
		http.NotFound(rw, r)
		return
	case !same(r.Header.Get(secretHeader), t.opts.Secret):
		http.Error(rw, "unauthorized", http.StatusUnauthorized)
		return
	case t.handler.Load() == nil:
		http.Error(rw, "not ready", http.StatusServiceUnavailable)
		return
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, maxBody+1))
	var u update
	if err != nil || len(body) > maxBody || json.Unmarshal(body, &u) != nil || u.ID == 0 || !t.seen.add(u.ID) {
		return
	}
	settled := make(chan bool, 1)
	t.take(*t.handler.Load(), u, func(ok bool) { settled <- ok })
	select {
	case ok := <-settled:
		if !ok {
			t.seen.remove(u.ID)
			http.Error(rw, "stopping", http.StatusServiceUnavailable)
		}
	case <-time.After(holdTimeout):
		// The connection is wanted for others; only a crash before the answer would lose it.
	case <-r.Context().Done():
		// Telegram hung up. The answer goes on its way all the same, and the update is known when it comes again.
	}
}

// same compares in constant time, whatever the lengths.
func same(a, b string) bool {
	x, y := sha256.Sum256([]byte(a)), sha256.Sum256([]byte(b))
	return subtle.ConstantTimeCompare(x[:], y[:]) == 1
}

// recent remembers the numbers of the last updates, so that one that comes twice is answered once.
type recent struct {
	mu    sync.Mutex
	known map[int64]bool
	ring  []int64
	at    int
}

func newRecent(size int) *recent { return &recent{known: map[int64]bool{}, ring: make([]int64, size)} }

// add reports whether a number is new.
func (r *recent) add(id int64) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.known[id] {
		return false
	}
	delete(r.known, r.ring[r.at])
	r.ring[r.at], r.known[id] = id, true
	r.at = (r.at + 1) % len(r.ring)
	return true
}

func (r *recent) remove(id int64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.known, id)
}
