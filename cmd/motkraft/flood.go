package main

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"fmt"
	"io"
	"math"
	"net/http"
	"strconv"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// How much one address and one chat may do. Screens are never refused for it: on the page there is nothing to refuse, who signs is answered,
// and a chat is answered more slowly.
const (
	refusedRate  = 5 // requests a second of one address that are refused, after the first refusedBurst
	refusedBurst = 50
	chatRate     = 2 // answers a second in one chat, after the first chatBurst
	chatBurst    = 20

	maxKnown    = 1 << 14   // addresses or chats that are remembered at a time: some 3 MB
	forgetAfter = time.Hour // when all of them are forgotten
)

// crowd knows how much each one has done lately. They are kept under an HMAC whose key is random, never leaves the process and is
// thrown away an hour after it was made with all that it hid, whether anybody comes or not. At the bound one is forgotten at random: who is forgotten may begin anew.
type crowd struct {
	rate  rate.Limit
	burst int

	mu    sync.Mutex
	key   [32]byte
	known map[[16]byte]*rate.Limiter // nil: there is no key
}

func newCrowd(perSecond rate.Limit, burst int) *crowd {
	return &crowd{rate: perSecond, burst: burst}
}

// wait counts one more for somebody and gives 0, or gives how long to wait for that, uncounted.
func (c *crowd) wait(who []byte) time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.known == nil {
		rand.Read(c.key[:]) // never fails: it ends the program where the system gives no randomness
		c.known = map[[16]byte]*rate.Limiter{}
		time.AfterFunc(forgetAfter, c.forget)
	}
	mac := hmac.New(sha256.New, c.key[:])
	mac.Write(who)
	name := [16]byte(mac.Sum(nil))
	l := c.known[name]
	if l == nil {
		if len(c.known) >= maxKnown {
			c.forgetOne()
		}
		l = rate.NewLimiter(c.rate, c.burst)
		c.known[name] = l
	}
	now := time.Now()
	r := l.ReserveN(now, 1)
	delay := r.DelayFrom(now)
	if delay > 0 {
		r.CancelAt(now)
	}
	return delay
}

func (c *crowd) forget() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.key, c.known = [32]byte{}, nil
}

func (c *crowd) forgetOne() {
	for name := range c.known { // in no order
		delete(c.known, name)
		return
	}
}

// chats gives how long a chat of a channel has to wait for its next answer.
func (c *crowd) chats(channel string) func(key string) time.Duration {
	return func(key string) time.Duration { return c.wait([]byte(channel + " " + key)) }
}

// guard gives 429 in the place of a refusal to an address that was refused too often. What is not refused is not counted: behind the
// address of a flood there may be others, such as a whole site that signs its requests. To verify those costs less than to read them did.
func (c *crowd) guard(by proxies, next http.Handler) http.Handler {
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		next.ServeHTTP(&guarded{ResponseWriter: rw, callers: c, by: by, request: r}, r)
	})
}

// guarded looks at the status of an answer before it goes out.
type guarded struct {
	http.ResponseWriter
	callers *crowd
	by      proxies
	request *http.Request
	decided bool
	instead bool // ours went out in the place of the handler's
}

func (g *guarded) WriteHeader(status int) {
	if !g.decided && status >= 400 && status < 500 {
		if wait := g.callers.wait(g.by.client(g.request)); wait > 0 {
			g.tooMany(wait)
		}
	}
	g.decided = true
	if !g.instead {
		g.ResponseWriter.WriteHeader(status)
	}
}

// tooManySaid is a problem document (RFC 9457).
const tooManySaid = `{"title":"Too Many Requests","status":429,"detail":"too many requests from this address were refused: look at what the refusals said"}` + "\n"

// tooMany answers, and hangs up.
func (g *guarded) tooMany(wait time.Duration) {
	g.instead = true
	h := g.Header()
	clear(h)
	h.Set("Retry-After", fmt.Sprint(math.Ceil(wait.Seconds())))
	h.Set("Content-Type", "application/problem+json")
	h.Set("Content-Length", strconv.Itoa(len(tooManySaid)))
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Connection", "close")
	g.ResponseWriter.WriteHeader(http.StatusTooManyRequests)
	_, _ = io.WriteString(g.ResponseWriter, tooManySaid)
}

func (g *guarded) Write(p []byte) (int, error) {
	if g.instead {
		return len(p), nil
	}
	g.decided = true
	return g.ResponseWriter.Write(p)
}

// Unwrap is for http.ResponseController.
func (g *guarded) Unwrap() http.ResponseWriter { return g.ResponseWriter }
