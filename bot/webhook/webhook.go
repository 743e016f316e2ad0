// Package webhook is the conversation for other systems: a chat on a site, an SMS gateway, a kiosk. One signed request is one thing that one
// person did, and its answer is the screen.
//
// Start at Webhook, an Adapter whose ServeHTTP takes the requests. A request is heard in this order: its size (request.go), its signature
// (sign.go), its JSON (request.go), whether it came before (replay.go); then the answer is written (answer.go). openapi.yaml says
// all of this to whoever calls; a test holds the two together.
//
// # Why
//
// Requests and answers are signed by Standard Webhooks, for which there are libraries in most languages. What a caller knows of a person stays
// with the caller: there is no field for it, and of a webhook-id and its body only keyed hashes are kept, for ten minutes at most.
//
// Who by Standard Webhooks tries again keeps the webhook-id, so the same body under the same id is answered again: a lost answer must not
// leave somebody without one.
//
// Every answer is filled up with blanks to a multiple of 4 KiB, before it is signed: its length would else tell the screen through TLS.
//
// Signatures are made and compared here and not by the library of the specification, which makes an HMAC and two copies of the body anew for each: it
// took a tenth of the adapter's time. Tests hold ours to it.
package webhook

import (
	"context"
	_ "embed"
	"errors"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"motkraft/bot"
)

// OpenAPI describes the door in OpenAPI 3.1.
//
//go:embed openapi.yaml
var OpenAPI []byte

// Webhook is the Adapter.
type Webhook struct {
	keys    []*key
	handler atomic.Pointer[bot.Handler] // nil until Run has it

	// inHand is held for reading by every request that has come whole, so that Run can wait for those that are under way.
	inHand sync.RWMutex
}

var _ bot.Adapter = (*Webhook)(nil)

// New makes the adapter for one or more secrets as Standard Webhooks writes them: "whsec_" and base64. Its errors hold no secret.
func New(secrets ...string) (*Webhook, error) {
	keys, err := newKeys(secrets)
	if err != nil {
		return nil, err
	}
	return &Webhook{keys: keys}, nil
}

// Name is "webhook".
func (w *Webhook) Name() string { return "webhook" }

// Reached reports whether requests are taken.
func (w *Webhook) Reached() bool { return w.handler.Load() != nil }

// Run lets requests in, and when ctx is done waits for those in hand. What arrives after that is still answered: connections are the
// server's to close, and somebody waits for the answer.
func (w *Webhook) Run(ctx context.Context, h bot.Handler) error {
	w.handler.Store(&h)
	<-ctx.Done()
	w.inHand.Lock()
	defer w.inHand.Unlock()
	return nil
}

// errGone is all that is told of an answer that did not arrive: the network's own error holds addresses.
var errGone = errors.New("webhook: the caller was gone before the answer was written")

// ServeHTTP answers one request.
func (w *Webhook) ServeHTTP(rw http.ResponseWriter, r *http.Request) {
	h := w.handler.Load()
	if h == nil {
		rw.Header().Set("Retry-After", "1")
		refuse(rw, nil, &refusal{http.StatusServiceUnavailable, "the program is starting: try again in a second"})
		return
	}
	body, refused := read(rw, r)
	if refused != nil {
		refuse(rw, nil, refused)
		return
	}
	w.inHand.RLock() // not before: whoever dawdles over a body must not hold the stop
	defer w.inHand.RUnlock()
	by, update, refused := w.take(body, r.Header)
	if refused != nil {
		refuse(rw, by, refused)
		return
	}
	ctx := r.Context()
	m := (*h).Handle(ctx, update)
	if ctx.Err() != nil || answer(rw, by, m) != nil {
		(*h).Failed(context.WithoutCancel(ctx), errGone)
	}
}

// take gives what a request that is believed asks, and the signer of its answer. An id is remembered only once its body is known to be good, so
// that whoever was refused may mend the request and keep it.
func (w *Webhook) take(body []byte, h http.Header) (by *signer, u bot.Update, refused *refusal) {
	now := time.Now()
	by, at, refused := w.believe(body, h, now)
	if refused == nil {
		u, refused = parse(body, h)
	}
	if refused == nil {
		u.Again, refused = by.once(body, at, now)
	}
	return by, u, refused
}

// ServeOpenAPI answers with the description.
func ServeOpenAPI(rw http.ResponseWriter, _ *http.Request) {
	rw.Header().Set("Content-Type", "application/yaml")
	rw.Header().Set("X-Content-Type-Options", "nosniff")
	_, _ = rw.Write(OpenAPI)
}
