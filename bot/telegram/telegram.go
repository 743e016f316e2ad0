// Package telegram is the conversation in a private chat on Telegram.
//
// Start at Telegram, an Adapter: Run fetches updates by long polling or, where a public address is set, takes them as a webhook in
// ServeHTTP. Both feed answer.go, which says what a press, a text or a command leads to; api.go is all that touches the library.
//
// A chat holds one message of ours, edited in place at every press. What somebody types is taken away once it is answered. The bot never
// speaks first, and in groups it reads nothing but /help with its own name.
//
// # Why
//
// An update is confirmed to the server only after it was answered, so that a crash loses nothing. Long polling confirms by number, all
// below at once; so the ledger asks again from the lowest one that is still in hand and passes over those that it knows.
//
// A chat's id lives in the goroutine that answers it and in the line of work for it, and nowhere after that.
package telegram

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	"motkraft/bot"
	"motkraft/bot/channel"
)

// Bounds of the adapter.
const (
	// maxInHand is how many updates are in hand at a time: what one getUpdates can bring.
	maxInHand = 100

	// maxWaiting is how many updates of one chat wait behind the one that is answered: while Telegram tells us to leave a chat alone it may
	// send many more.
	maxWaiting = 2

	// answerTimeout is how long an answer is tried for before it is given up: longer than the waits that Telegram asks for.
	answerTimeout = 5 * time.Minute
)

// Options says how to reach Telegram, and what to say there beside the conversation. Where Say gives nothing for what stands in the place of
// the conversation's own words ("telegram.cleared", "telegram.copy"), those stay.
type Options struct {
	channel.Core

	Token string
	API   string // base address, such as https://api.telegram.org

	// Where WebhookURL is set, updates come to ServeHTTP under that public address, with Secret in a header.
	WebhookURL string
	Secret     string // 1 to 256 of A-Z a-z 0-9 _ -
}

// Telegram is the Adapter.
type Telegram struct {
	channel.Refusals

	opts Options
	api  *api
	name string // the bot's own user name, without @

	handler atomic.Pointer[bot.Handler] // nil until Run has it
	queues  *channel.Queues             // by chat
	hand    context.Context             // of the answers; ends with the grace period after a stop
	seen    *recent
}

var _ bot.Adapter = (*Telegram)(nil)

// New makes the adapter. Nothing is asked of Telegram before Run.
func New(opts Options) *Telegram {
	return &Telegram{opts: opts, api: newAPI(opts.Token, opts.API), queues: channel.NewQueues(maxWaiting), seen: newRecent(4 * maxInHand)}
}

// Name is "telegram".
func (t *Telegram) Name() string { return "telegram" }

// Run serves until ctx is done. Where Telegram refuses the token, or where the bot could read along in groups, it serves nobody, tells of it and
// goes on trying.
func (t *Telegram) Run(ctx context.Context, h bot.Handler) error {
	hand, cut := channel.Grace(ctx)
	defer cut()
	t.hand = hand
	if !t.meet(ctx, h) {
		return nil
	}
	registered := make(chan struct{})
	go func() {
		defer close(registered)
		channel.Guard(ctx, h, func() { t.register(ctx, h) })
	}()
	defer func() { <-registered }()
	t.handler.Store(&h)
	if t.opts.WebhookURL != "" {
		t.listen(ctx, h)
	} else {
		t.poll(ctx, h)
	}
	return nil
}

// Oldest gives for how long the oldest update has been in hand.
func (t *Telegram) Oldest() time.Duration { return t.queues.Oldest() }

// Reached reports whether Telegram has answered, so that updates are taken.
func (t *Telegram) Reached() bool { return t.handler.Load() != nil }

// meet asks Telegram who the bot is, until there is an answer that is good. It reports false where ctx is done.
func (t *Telegram) meet(ctx context.Context, h bot.Handler) bool {
	_, err := channel.Persist(ctx, backoff, h, &t.Refusals, func() (any, error) { return nil, t.ask(ctx) })
	return err == nil
}

// ask asks once.
func (t *Telegram) ask(ctx context.Context) error {
	result, err := t.api.try(ctx, "getMe", nil, channel.CallTimeout)
	if err != nil {
		return final(err)
	}
	var me struct {
		Username string `json:"username"`
		ReadsAll bool   `json:"can_read_all_group_messages"`
	}
	if err := json.Unmarshal(result, &me); err != nil {
		return errors.New("telegram: the answer to getMe cannot be read: check MOTKRAFT_TELEGRAM_API")
	}
	if me.ReadsAll {
		return errors.New("telegram: this bot could read along in groups: turn that off with BotFather, /setprivacy, Enable, and it is taken up again")
	}
	t.name = me.Username
	return nil
}

// insist calls until there is an answer, whatever comes before it. It reports false where ctx is done.
func (t *Telegram) insist(ctx context.Context, h bot.Handler, method string, params map[string]string) bool {
	_, err := channel.Persist(ctx, backoff, h, &t.Refusals, func() (any, error) {
		_, err := t.api.try(ctx, method, params, channel.CallTimeout)
		return nil, final(err)
	})
	return err == nil
}

// final puts its cure to a refusal of the token.
func final(err error) error {
	var r *refusal
	if errors.As(err, &r) && (r.code == http.StatusUnauthorized || r.code == http.StatusNotFound) {
		return fmt.Errorf("telegram: the token is refused (%d): copy it again from BotFather to MOTKRAFT_TELEGRAM_TOKEN", r.code)
	}
	return err
}

// take answers an update in its chat's line, and then calls done with whether it is settled: answered, refused, or none of ours. What a
// stop cut off is not. What a fault of ours kept from an answer is settled too: it would only come again.
func (t *Telegram) take(h bot.Handler, u update, done func(settled bool)) {
	c := u.chat()
	if c == nil {
		t.release(h, u)
		done(true)
		return
	}
	taken := t.queues.Add(number(c.ID), func() {
		settled := true
		defer func() { done(settled) }()
		channel.Guard(t.hand, h, func() { settled = t.settle(h, u, *c) })
	}, func() { // of a flood the last ones are answered
		t.release(h, u)
		done(true)
	})
	if !taken {
		done(false)
	}
}

// settle answers an update when it is its turn, and tells whether it is settled.
func (t *Telegram) settle(h bot.Handler, u update, c chat) bool {
	if !t.opts.Pace.Await(t.hand, number(c.ID), t.queues) {
		t.release(h, u)
		return true
	}
	ctx, cancel := context.WithTimeout(t.hand, answerTimeout)
	defer cancel()
	err := t.answer(ctx, h, u, c)
	if err != nil && !isQuiet(err) {
		h.Failed(ctx, err)
	}
	var bad *channel.Temporary
	return !errors.As(err, &bad) || t.hand.Err() == nil
}

// release ends the spinner of a press that gets no answer, such as one on a message in a group.
func (t *Telegram) release(h bot.Handler, u update) {
	if u.Callback != nil && u.Callback.ID != "" {
		go t.spin(t.hand, h, u.Callback.ID)
	}
}

// isQuiet reports whether a failure is nobody's: somebody blocked the bot or deleted the chat.
func isQuiet(err error) bool {
	var r *refusal
	return errors.As(err, &r) && r.code == http.StatusForbidden
}

// command parts "/start@name payload" into its name and the rest; "" where the text is no command, or one for another bot.
func (t *Telegram) command(text string) (name, rest string) {
	word, rest, _ := strings.Cut(strings.TrimSpace(text), " ")
	name, ok := strings.CutPrefix(word, "/")
	if !ok {
		return "", ""
	}
	name, whose, addressed := strings.Cut(name, "@")
	if addressed && !strings.EqualFold(whose, t.name) {
		return "", ""
	}
	return strings.ToLower(name), strings.TrimSpace(rest)
}
