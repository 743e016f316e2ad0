package webhook

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"hash"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	standard "github.com/standard-webhooks/standard-webhooks/libraries/go"
)

// The bounds of a secret in bytes, as the specification has them
// (https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md#signature-scheme).
const (
	minSecret    = 24
	maxSecret    = 64
	secretPrefix = "whsec_"
)

// tolerance is how far a request's time may lie from ours. The library has the same and no way to ask for it.
const tolerance = 5 * time.Minute

// maxID is how long a webhook-id may be, in bytes: a UUID with a prefix is half of it.
const maxID = 128

// The headers, spelled as net/http keeps them.
var (
	headerID        = http.CanonicalHeaderKey(standard.HeaderWebhookID)
	headerTime      = http.CanonicalHeaderKey(standard.HeaderWebhookTimestamp)
	headerSignature = http.CanonicalHeaderKey(standard.HeaderWebhookSignature)
)

// key is one secret, ready to verify and to sign.
type key struct {
	*standard.Webhook
	macs    sync.Pool // of hash.Hash
	replays *replays  // its own, so that one caller's requests take no room from another's
}

func newKeys(secrets []string) ([]*key, error) {
	if len(secrets) == 0 {
		return nil, errors.New("no secret, expected at least one")
	}
	var keys []*key
	for i, secret := range secrets {
		text, ok := strings.CutPrefix(secret, secretPrefix)
		raw, err := base64.StdEncoding.DecodeString(text)
		if !ok || err != nil || len(raw) < minSecret || len(raw) > maxSecret {
			return nil, fmt.Errorf("secret %d is not %s and the base64 of %d to %d bytes", i+1, secretPrefix, minSecret, maxSecret)
		}
		k, err := standard.NewWebhookRaw(raw)
		if err != nil {
			return nil, fmt.Errorf("secret %d can not be used", i+1)
		}
		keys = append(keys, &key{k, sync.Pool{New: func() any { return hmac.New(sha256.New, raw) }}, newReplays(maxReplays / len(secrets))})
	}
	return keys, nil
}

// signer signs the answer to one request: with the secret that the request was signed with, which its caller has, and under the request's id,
// so that no answer can be put in the place of another.
type signer struct {
	key *key
	id  string
}

// believe finds the secret that a request was signed with, and refuses what is unsigned, stale, or comes a second time. The refusal of what is
// signed is to be signed too.
func (w *Webhook) believe(body []byte, h http.Header) (*signer, *refusal) {
	id, sent := h.Get(headerID), h.Get(headerTime)
	if len(id) > maxID {
		return nil, &refusal{http.StatusUnauthorized, fmt.Sprintf("webhook-id has %d bytes, expected at most %d", len(id), maxID)}
	}
	by, err := w.verify(body, h)
	if err != nil {
		return nil, &refusal{http.StatusUnauthorized, reason(err)}
	}
	s := &signer{by, id}
	at, err := strconv.ParseInt(sent, 10, 64)
	if err != nil {
		return s, &refusal{http.StatusUnauthorized, reason(standard.ErrInvalidHeaders)}
	}
	switch by.replays.add(id, at, time.Now().Unix()) {
	case known:
		return s, &refusal{http.StatusConflict, "this webhook-id came before: give every request one of its own"}
	case stale:
		return s, &refusal{http.StatusUnauthorized, reason(standard.ErrMessageTooOld)}
	}
	return s, nil
}

// verify tries every secret. Its error is the last one's: all secrets find the same wrong with the headers.
func (w *Webhook) verify(body []byte, h http.Header) (by *key, err error) {
	for _, by = range w.keys {
		if err = by.Verify(body, h); err == nil {
			return by, nil
		}
	}
	return nil, err
}

// reason says what is wrong with the headers, in our own words: the library's may hold a header's value.
func reason(err error) string {
	switch {
	case errors.Is(err, standard.ErrRequiredHeaders):
		return "webhook-id, webhook-timestamp or webhook-signature is missing: sign the request by Standard Webhooks"
	case errors.Is(err, standard.ErrMessageTooOld):
		return "webhook-timestamp is too old: sign each request when it is sent, and look at the clock"
	case errors.Is(err, standard.ErrMessageTooNew):
		return "webhook-timestamp lies more than five minutes ahead: look at the clock"
	case errors.Is(err, standard.ErrInvalidHeaders):
		return "webhook-timestamp is no number: give the seconds since 1970"
	}
	return "no webhook-signature fits: sign id.timestamp.body with a secret of this server, as v1,BASE64"
}

// sign puts the three headers on an answer. The library would copy the answer twice for it.
func (s *signer) sign(h http.Header, body []byte) {
	mac := s.key.macs.Get().(hash.Hash)
	defer s.key.macs.Put(mac)
	mac.Reset()
	now := strconv.FormatInt(time.Now().Unix(), 10)
	_, _ = io.WriteString(mac, s.id+"."+now+".")
	mac.Write(body)
	var sum [sha256.Size]byte
	h[headerID] = []string{s.id}
	h[headerTime] = []string{now}
	h[headerSignature] = []string{"v1," + base64.StdEncoding.EncodeToString(mac.Sum(sum[:0]))}
}
