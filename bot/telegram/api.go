package telegram

// All that touches the library stands in this file. v5.5.1 is from 2021, so it is used with care:
//
//   - never GetUpdatesChan: it prints the token when the network fails, and sleeps through a shutdown
//   - its HTTP client is ours: it carries the context of the call, bounds the time and the size of an answer, and takes the address,
//     which holds the token, out of every error
//   - methods and parameters that it does not know (deleteMessages, secret_token, copy_text, link_preview_options, protect_content,
//     language_code) go through MakeRequest
//   - its errors hold the server's words, which may hold a name or a text: ours hold the method and the code, and nothing else

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"strings"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"
)

// Bounds of a call.
const (
	callTimeout = 10 * time.Second // of one try, beyond what a long poll waits
	maxAnswer   = 16 << 20         // bytes of an answer: a hundred updates at their largest
	firstPause  = 250 * time.Millisecond
	longestWait = 8 * time.Second // between two tries where the server names no time
)

// api calls the Bot API.
type api struct {
	token    string
	endpoint string // with %s for the token and for the method
	client   *http.Client
}

func newAPI(token, base string) *api {
	return &api{
		token:    token,
		endpoint: strings.TrimRight(base, "/") + "/bot%s/%s",
		client:   &http.Client{Transport: transport()},
	}
}

// transport keeps enough connections open for many answers at once.
func transport() *http.Transport {
	t := http.DefaultTransport.(*http.Transport).Clone()
	t.MaxIdleConnsPerHost = maxInHand
	t.TLSHandshakeTimeout = callTimeout
	return t
}

// refusal is an answer of the server that trying again does not change. It says nothing of what was asked, nor of the server's words.
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
	gone                    // the message can not be edited or deleted: it is not there, or too old
	tooLate                 // the press is too old to be answered
	otherPoller             // another program polls with this token
)

func (r *refusal) Error() string {
	return fmt.Sprintf("telegram: %s was refused with code %d", r.method, r.code)
}

// trouble is a failure that the next try may not have: the network, a server that is down, an answer that is none.
type trouble struct {
	method string
	what   string
	after  time.Duration // the server wants to be left alone so long; 0: it did not say
}

func (t *trouble) Error() string { return fmt.Sprintf("telegram: %s: %s", t.method, t.what) }

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

// try calls a method once. Params that are no text are given as JSON. Its error is a *refusal or a *trouble.
func (a *api) try(ctx context.Context, method string, params tgbotapi.Params, timeout time.Duration) (json.RawMessage, error) {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	client := &boundClient{ctx: ctx, client: a.client}
	lib := tgbotapi.BotAPI{Token: a.token, Client: client}
	lib.SetAPIEndpoint(a.endpoint)
	answer, err := lib.MakeRequest(method, params)
	var refused *tgbotapi.Error
	switch {
	case err == nil:
		return answer.Result, nil
	case errors.As(err, &refused):
		return nil, a.refused(method, refused)
	case ctx.Err() != nil:
		return nil, &trouble{method: method, what: "no answer in time"}
	case client.status == http.StatusTooManyRequests:
		return nil, &trouble{method: method, what: "too many requests", after: time.Second}
	case client.status != 0:
		return nil, &trouble{method: method, what: fmt.Sprintf("an answer with status %d that can not be read", client.status)}
	}
	return nil, &trouble{method: method, what: "the connection failed"}
}

// refused sorts what the server said no to.
func (a *api) refused(method string, e *tgbotapi.Error) error {
	switch {
	case e.Code == http.StatusTooManyRequests:
		return &trouble{method: method, what: "too many requests", after: max(time.Duration(e.RetryAfter)*time.Second, time.Second)}
	case e.Code >= http.StatusInternalServerError || e.Code == 0:
		return &trouble{method: method, what: fmt.Sprintf("the server failed with code %d", e.Code)}
	}
	return &refusal{method: method, code: e.Code, kind: kindOf(e.Code, e.Message)}
}

// call tries until there is an answer or a refusal, or the context is done: then it gives the last trouble.
func (a *api) call(ctx context.Context, method string, params tgbotapi.Params) (json.RawMessage, error) {
	for pause := firstPause; ; pause = min(2*pause, longestWait) {
		result, err := a.try(ctx, method, params, callTimeout)
		var t *trouble
		if !errors.As(err, &t) {
			return result, err
		}
		if !sleep(ctx, waitFor(t, pause)) {
			return nil, err
		}
	}
}

// waitFor is how long to wait after trouble: what the server named, to the second, else the pause with jitter.
func waitFor(t *trouble, pause time.Duration) time.Duration {
	if t.after > 0 {
		return t.after
	}
	return pause/2 + rand.N(pause) // #nosec G404 -- jitter is no secret
}

// sleep reports whether the time went by before the context was done.
func sleep(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}

// boundClient is the client of one call.
type boundClient struct {
	ctx    context.Context
	client *http.Client
	status int // of the answer; 0: there was none
}

// Do sends a request under the call's context. Its error says nothing: the library's would hold the address, and with it the token.
func (c *boundClient) Do(req *http.Request) (*http.Response, error) {
	answer, err := c.client.Do(req.WithContext(c.ctx)) // #nosec G704 -- the address is the operator's setting
	if err != nil {
		return nil, errNoAnswer
	}
	c.status = answer.StatusCode
	answer.Body = struct {
		io.Reader
		io.Closer
	}{io.LimitReader(answer.Body, maxAnswer), answer.Body}
	return answer, nil
}

var errNoAnswer = errors.New("no answer")

// object gives a parameter that is no text.
func object(v any) string {
	data, err := json.Marshal(v)
	if err != nil {
		panic("telegram: a parameter of our own can not be written: " + err.Error())
	}
	return string(data)
}
