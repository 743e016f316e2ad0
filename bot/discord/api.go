package discord

// All that calls Discord stands in this file. The library makes the request; what it would keep or tell is kept from it:
//
//   - its rate limiter is a new one for each call, since it never forgets an address, and an interaction's holds its token
//   - it retries nothing: it would sleep through a shutdown, and through the 3 s that an answer has
//   - the client is ours, over a channel.Exchange: it bounds the time and the size of an answer, and takes the address out of every error
//   - its errors hold the request, and with it the tokens, and the server's words: ours hold the route and the codes, and nothing else
//
// The bot's token goes along only where it is asked for: an interaction has a token of its own.

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/bwmarrin/discordgo"

	"motkraft/bot/channel"
)

// Bounds of a call.
const (
	answerTimeout = time.Second // of one try at an interaction's answer: another connection has time within firstAnswer
	maxAnswer     = 4 << 20     // bytes
	maxCalls      = 100         // connections kept open
)

// backoff is between two tries where the server names no time.
var backoff = channel.Backoff{Longest: 30 * time.Second}

// call is one request to the API.
type call struct {
	route  string // what errors call it; holds no id and no token
	method string
	path   string // under the base address; empty: the route
	body   any    // as JSON; nil: none
	open   bool   // without the bot's token
}

// api calls Discord. It is safe for concurrent use.
type api struct {
	base      string // with a slash at the end
	bot, open *discordgo.Session
	transport http.RoundTripper
	now       func() time.Time

	mu    sync.Mutex
	hold  time.Time     // no call before that: the global limit was reached
	ahead time.Duration // how far our clock is ahead of Discord's, at least
}

func newAPI(token, base string, now func() time.Time) *api {
	return &api{
		base:      strings.TrimRight(base, "/") + "/",
		bot:       newSession("Bot " + token),
		open:      newSession(""),
		transport: channel.NewTransport(maxCalls),
		now:       now,
	}
}

func newSession(token string) *discordgo.Session {
	s, err := discordgo.New(token)
	if err != nil {
		panic("discord: the library makes no session: " + err.Error()) // it has no reason to
	}
	s.MaxRestRetries, s.ShouldRetryOnRateLimit = 0, false
	return s
}

// refusal is a permanent error: an answer of the server that trying again does not change.
type refusal struct {
	route  string
	status int
	code   int // Discord's own; 0: it said none
}

func (r *refusal) Error() string {
	return fmt.Sprintf("discord: %s was refused with status %d, code %d", r.route, r.status, r.code)
}

// The server's codes that mean something to us (https://discord.com/developers/docs/topics/opcodes-and-status-codes#json).
const (
	unknownMessage      = 10008
	unknownWebhook      = 10015
	alreadyAcknowledged = 40060
	invalidWebhookToken = 50027
)

// try makes a call once. Its error is a *refusal or a *channel.Temporary.
func (a *api) try(ctx context.Context, c call, timeout time.Duration) (json.RawMessage, error) {
	if wait := a.held(); wait > 0 {
		return nil, &channel.Temporary{Channel: "discord", Call: c.route, What: "too many requests", After: wait}
	}
	var body []byte
	if c.body != nil {
		var err error
		if body, err = json.Marshal(c.body); err != nil {
			panic("discord: a body of our own cannot be written: " + err.Error())
		}
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	session, path := a.bot, c.path
	if c.open {
		session = a.open
	}
	if path == "" {
		path = c.route
	}
	seen := &channel.Exchange{Transport: a.transport, MaxBody: maxAnswer}
	answer, err := session.RequestWithLockedBucket(c.method, a.base+path, "application/json", body,
		discordgo.NewRatelimiter().LockBucket(c.route), 0,
		discordgo.WithContext(ctx), discordgo.WithClient(&http.Client{Transport: seen}))
	a.notice(seen)
	var refused *discordgo.RESTError
	switch {
	case err == nil:
		return answer, nil
	case !errors.As(err, &refused) || channel.IsTemporary(seen.Status):
		return nil, seen.Trouble(ctx, "discord", c.route)
	}
	r := &refusal{route: c.route, status: seen.Status}
	if refused.Message != nil {
		r.code = refused.Message.Code
	}
	return nil, r
}

// call tries until there is an answer or a refusal, or until waiting for the next try would take too long.
func (a *api) call(ctx context.Context, c call, timeout time.Duration) (json.RawMessage, error) {
	lost := false
	return channel.Call(ctx, backoff, func() (json.RawMessage, error) {
		body, err := a.try(ctx, c, timeout)
		var bad *channel.Temporary
		var refused *refusal
		switch {
		case errors.As(err, &bad):
			lost = lost || bad.After == 0
		case errors.As(err, &refused) && refused.code == alreadyAcknowledged && lost:
			return nil, nil // an earlier try got there, only its answer did not come back
		}
		return body, err
	})
}

// held is how long no call may be made.
func (a *api) held() time.Duration {
	a.mu.Lock()
	defer a.mu.Unlock()
	return time.Until(a.hold)
}

// notice keeps what an answer says of all calls: the global limit, and what time it is.
func (a *api) notice(seen *channel.Exchange) {
	a.mu.Lock()
	defer a.mu.Unlock()
	global := seen.Header.Get("X-RateLimit-Global") != "" || seen.Header.Get("X-RateLimit-Scope") == "global"
	if global && seen.Status == http.StatusTooManyRequests {
		a.hold = time.Now().Add(seen.RetryAfter())
	}
	if date, err := http.ParseTime(seen.Header.Get("Date")); err == nil {
		a.ahead = max(0, a.now().Sub(date))
	}
}

// clock gives the time by Discord's clock: a machine whose own goes ahead would else find everything too old. By a header that has no
// fractions it may be a second late.
func (a *api) clock() time.Time {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.now().Add(-a.ahead)
}
