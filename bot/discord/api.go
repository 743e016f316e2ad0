package discord

// All that calls Discord stands in this file. The library makes the request; what it would keep or tell is kept from it:
//
//   - its rate limiter is a new one for each call, since it never forgets an address, and an interaction's holds its token
//   - it retries nothing: it would sleep through a shutdown, and through the 3 s that an answer has
//   - the client is ours: it bounds the time and the size of an answer, and takes the address out of every error
//   - its errors hold the request, and with it the tokens, and the server's words: ours hold the route and the codes, and nothing else
//
// The bot's token goes along only where it is asked for: an interaction has a token of its own.

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/bwmarrin/discordgo"
)

// Bounds of a call.
const (
	callTimeout   = 10 * time.Second // of one try
	answerTimeout = time.Second      // of one try at an interaction's answer: another connection has time within maxAge
	maxAnswer     = 4 << 20          // bytes
	maxCalls      = 100              // connections kept open
	firstPause    = 250 * time.Millisecond
	longestPause  = 30 * time.Second // between two tries where the server names no time
)

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
	t := http.DefaultTransport.(*http.Transport).Clone()
	t.MaxIdleConnsPerHost = maxCalls
	t.TLSHandshakeTimeout = callTimeout
	return &api{
		base:      strings.TrimRight(base, "/") + "/",
		bot:       newSession("Bot " + token),
		open:      newSession(""),
		transport: t,
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

// refusal is an answer of the server that trying again does not change.
type refusal struct {
	route  string
	status int
	code   int // Discord's own; 0: it said none
}

func (r *refusal) Error() string {
	return fmt.Sprintf("discord: %s was refused with status %d, code %d", r.route, r.status, r.code)
}

// trouble is a failure that the next try may not have: the network, a server that is down, an answer that is none.
type trouble struct {
	route string
	what  string
	after time.Duration // the server wants to be left alone so long; 0: it did not say
}

func (t *trouble) Error() string { return fmt.Sprintf("discord: %s: %s", t.route, t.what) }

// The server's codes that mean something to us (https://discord.com/developers/docs/topics/opcodes-and-status-codes#json).
const (
	unknownMessage      = 10008
	unknownWebhook      = 10015
	alreadyAcknowledged = 40060
	invalidWebhookToken = 50027
)

// try makes a call once. Its error is a *refusal or a *trouble.
func (a *api) try(ctx context.Context, c call, timeout time.Duration) (json.RawMessage, error) {
	if wait := a.held(); ends(ctx, wait) || !sleep(ctx, wait) {
		return nil, &trouble{route: c.route, what: "too many requests", after: wait}
	}
	var body []byte
	if c.body != nil {
		var err error
		if body, err = json.Marshal(c.body); err != nil {
			panic("discord: a body of our own can not be written: " + err.Error())
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
	seen := &watcher{next: a.transport}
	answer, err := session.RequestWithLockedBucket(c.method, a.base+path, "application/json", body,
		discordgo.NewRatelimiter().LockBucket(c.route), 0,
		discordgo.WithContext(ctx), discordgo.WithClient(&http.Client{Transport: seen}))
	a.notice(seen)
	if err == nil {
		return answer, nil
	}
	return nil, seen.sort(ctx, c.route, err)
}

// sort says what an error of the library means. Of the error itself nothing but Discord's code is kept.
func (w *watcher) sort(ctx context.Context, route string, err error) error {
	var refused *discordgo.RESTError
	switch {
	case w.status == http.StatusTooManyRequests:
		return &trouble{route: route, what: "too many requests", after: w.after}
	case w.status >= http.StatusInternalServerError:
		return &trouble{route: route, what: fmt.Sprintf("the server failed with status %d", w.status)}
	case errors.As(err, &refused):
		r := &refusal{route: route, status: w.status}
		if refused.Message != nil {
			r.code = refused.Message.Code
		}
		return r
	case ctx.Err() != nil:
		return &trouble{route: route, what: "no answer in time"}
	case w.status != 0:
		return &trouble{route: route, what: fmt.Sprintf("an answer with status %d that can not be read", w.status)}
	}
	return &trouble{route: route, what: "the connection failed"}
}

// call tries until there is an answer or a refusal, or until waiting for the next try would take too long.
func (a *api) call(ctx context.Context, c call, timeout time.Duration) (json.RawMessage, error) {
	for pause, lost := firstPause, false; ; pause = min(2*pause, longestPause) {
		body, err := a.try(ctx, c, timeout)
		var bad *trouble
		var refused *refusal
		switch {
		case errors.As(err, &refused) && refused.code == alreadyAcknowledged && lost:
			return nil, nil // an earlier try got there, only its answer did not come back
		case !errors.As(err, &bad):
			return body, err
		}
		lost = lost || bad.after == 0
		wait := waitFor(bad, pause)
		if ends(ctx, wait) || !sleep(ctx, wait) {
			return nil, err
		}
	}
}

// held is how long no call may be made.
func (a *api) held() time.Duration {
	a.mu.Lock()
	defer a.mu.Unlock()
	return time.Until(a.hold)
}

// notice keeps what an answer says of all calls: the global limit, and what time it is.
func (a *api) notice(w *watcher) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if w.global {
		a.hold = time.Now().Add(w.after)
	}
	if !w.date.IsZero() {
		a.ahead = max(0, a.now().Sub(w.date))
	}
}

// clock gives the time by Discord's clock: a machine whose own goes ahead would else find everything too old. By a header that has no
// fractions it may be a second late.
func (a *api) clock() time.Time {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.now().Add(-a.ahead)
}

// waitFor is how long to wait after trouble: what the server named, else the pause with jitter.
func waitFor(t *trouble, pause time.Duration) time.Duration {
	if t.after > 0 {
		return t.after
	}
	return pause/2 + rand.N(pause) // #nosec G404 -- jitter is no secret
}

// ends reports whether the context is over before a wait is.
func ends(ctx context.Context, wait time.Duration) bool {
	end, ok := ctx.Deadline()
	return ok && time.Until(end) < wait
}

// sleep reports whether the time went by before the context was done.
func sleep(ctx context.Context, d time.Duration) bool {
	if d <= 0 {
		return ctx.Err() == nil
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}

// watcher is the transport of one call. It notes what the library passes over, and its error says nothing: the library's would hold the
// address, and with it a token.
type watcher struct {
	next   http.RoundTripper
	status int // of the answer; 0: there was none
	after  time.Duration
	global bool
	date   time.Time
}

var errNoAnswer = errors.New("no answer")

// RoundTrip makes the request.
func (w *watcher) RoundTrip(r *http.Request) (*http.Response, error) {
	answer, err := w.next.RoundTrip(r)
	if err != nil {
		return nil, errNoAnswer
	}
	w.status = answer.StatusCode
	w.date, _ = http.ParseTime(answer.Header.Get("Date"))
	if w.status == http.StatusTooManyRequests {
		w.global = answer.Header.Get("X-RateLimit-Global") != "" || answer.Header.Get("X-RateLimit-Scope") == "global"
		w.after = time.Second
		if seconds, err := strconv.ParseFloat(answer.Header.Get("Retry-After"), 64); err == nil && seconds > 0 {
			w.after = time.Duration(seconds * float64(time.Second))
		}
	}
	answer.Body = &bounded{io.LimitReader(answer.Body, maxAnswer), answer.Body}
	return answer, nil
}

type bounded struct {
	io.Reader
	io.Closer
}
