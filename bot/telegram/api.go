package telegram

// All that touches the library stands in this file. v5.5.1 is from 2021, so it is used with care:
//
//   - never GetUpdatesChan: it prints the token when the network fails, and sleeps through a shutdown
//   - its HTTP client is ours, a channel.Exchange: it carries the context of the call, bounds the time and the size of an answer, and takes
//     the address, which holds the token, out of every error
//   - methods and parameters that it does not know (deleteMessages, secret_token, copy_text, link_preview_options, protect_content,
//     language_code) go through MakeRequest
//   - its errors hold the server's words, which may hold a name or a text: ours hold the method and the code, and nothing else

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"motkraft/bot/channel"
)

// maxAnswer is how much of an answer is read, in bytes: a hundred updates at their largest.
const maxAnswer = 16 << 20

// maxSeconds keeps a number of seconds within what a time.Duration holds.
const maxSeconds = 1 << 30

// backoff is between two tries where the server names no time.
var backoff = channel.Backoff{Longest: 8 * time.Second}

// api calls the Bot API.
type api struct {
	token     string
	endpoint  string // with %s for the token and for the method
	transport http.RoundTripper
}

func newAPI(token, base string) *api {
	return &api{
		token:     token,
		endpoint:  strings.TrimRight(base, "/") + "/bot%s/%s",
		transport: channel.NewTransport(maxInHand),
	}
}

// refusal is a permanent error: an answer of the server that trying again does not change. It says nothing of what was asked, nor of the
// server's words.
type refusal struct {
	method string
	code   int
	kind   refusalKind
}

// refusalKind is what the server's words mean.
type refusalKind int

const (
	otherwise   refusalKind = iota
	notModified             // the message is so already
	gone                    // the message cannot be edited or deleted: it is not there, or too old
	tooLate                 // the press is too old to be answered
	otherPoller             // another program polls with this token
)

func (r *refusal) Error() string {
	return fmt.Sprintf("telegram: %s was refused with code %d", r.method, r.code)
}

// kindOf reads the server's words.
func kindOf(code int, words string) refusalKind {
	words = strings.ToLower(words)
	has := func(parts ...string) bool {
		for _, part := range parts {
			if strings.Contains(words, part) {
				return true
			}
		}
		return false
	}
	switch {
	case code == http.StatusConflict:
		return otherPoller
	case has("message is not modified"):
		return notModified
	case has("query is too old", "query id is invalid"):
		return tooLate
	case has("message to edit not found", "message can't be edited", "message_id_invalid", "message identifier is not specified",
		"message to delete not found", "message can't be deleted", "there is no text in the message to edit"):
		return gone
	}
	return otherwise
}

// try calls a method once. Params that are no text are given as JSON. Its error is a *refusal or a *channel.Temporary.
func (a *api) try(ctx context.Context, method string, params tgbotapi.Params, timeout time.Duration) (json.RawMessage, error) {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	seen := &channel.Exchange{Context: ctx, Transport: a.transport, MaxBody: maxAnswer}
	lib := tgbotapi.BotAPI{Token: a.token, Client: seen}
	lib.SetAPIEndpoint(a.endpoint)
	answer, err := lib.MakeRequest(method, params)
	if err == nil {
		return answer.Result, nil
	}
	var refused *tgbotapi.Error
	said := errors.As(err, &refused) && refused.Code != 0
	if said && !channel.IsTemporary(refused.Code) {
		return nil, &refusal{method: method, code: refused.Code, kind: kindOf(refused.Code, refused.Message)}
	}
	bad := seen.Trouble(ctx, "telegram", method)
	if said && refused.RetryAfter > 0 {
		bad.After = min(time.Duration(min(refused.RetryAfter, maxSeconds))*time.Second, channel.LongestAfter)
	}
	return nil, bad
}

// call tries until there is an answer or a refusal, or the context is done: then it gives the last *channel.Temporary.
func (a *api) call(ctx context.Context, method string, params tgbotapi.Params) (json.RawMessage, error) {
	return channel.Call(ctx, backoff, func() (json.RawMessage, error) { return a.try(ctx, method, params, channel.CallTimeout) })
}

// object gives a parameter that is no text.
func object(v any) string {
	data, err := json.Marshal(v)
	if err != nil {
		panic("telegram: a parameter of our own cannot be written: " + err.Error())
	}
	return string(data)
}
