package webhook

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"hash"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

// The bounds of a secret in bytes, as the specification has them
// (https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md#signature-scheme).
const (
	minSecret    = 24
	maxSecret    = 64
	secretPrefix = "whsec_"
)

// tolerance is how far a request's time may lie from ours, as in the specification's own libraries.
const tolerance = 5 * time.Minute

// maxID is how long a webhook-id may be, in bytes: a UUID with a prefix is half of it.
const maxID = 128

// The headers, spelled as net/http keeps them.
var (
	headerID        = http.CanonicalHeaderKey("webhook-id")
	headerTime      = http.CanonicalHeaderKey("webhook-timestamp")
	headerSignature = http.CanonicalHeaderKey("webhook-signature")
)

// What may be wrong with the headers. No error holds a header's value.
var (
	errMissing  = errors.New("webhook-id, webhook-timestamp or webhook-signature is missing: sign the request by Standard Webhooks")
	errNoTime   = errors.New("webhook-timestamp is no number: give the seconds since 1970")
	errOld      = errors.New("webhook-timestamp is too old: sign each request when it is sent, and look at the clock")
	errNew      = errors.New("webhook-timestamp lies more than five minutes ahead: look at the clock")
	errUnsigned = errors.New("no webhook-signature fits: sign id.timestamp.body with a secret of this server, as v1,BASE64")
)

// key is one secret, ready to verify and to sign.
type key struct {
	macs    sync.Pool // of *mac
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
		keys = append(keys, &key{sync.Pool{New: func() any { return &mac{Hash: hmac.New(sha256.New, raw)} }}, newReplays(maxReplays / len(secrets))})
	}
	return keys, nil
}

// signature is what is sent behind "v1,": the base64 of an HMAC-SHA256.
type signature [44]byte

// mac computes one signature after the other.
type mac struct {
	hash.Hash
	buffer []byte
}

// signature signs what was sent under an id at a second.
func (k *key) signature(id string, at int64, body []byte) (s signature) {
	m := k.macs.Get().(*mac)
	defer k.macs.Put(m)
	m.Reset()
	m.buffer = append(append(m.buffer[:0], id...), '.')
	m.buffer = append(strconv.AppendInt(m.buffer, at, 10), '.')
	m.Write(m.buffer)
	m.Write(body)
	m.buffer = m.Sum(m.buffer[:0])
	base64.StdEncoding.Encode(s[:], m.buffer)
	return s
}

// among reports whether it is one of the signatures in a header: "v1,BASE64 v1,BASE64".
func (s *signature) among(header string) bool {
	for part := range strings.SplitSeq(header, " ") {
		version, rest, _ := strings.Cut(part, ",")
		given, _, _ := strings.Cut(rest, ",")
		var other signature
		if version == "v1" && len(given) == len(other) && copy(other[:], given) > 0 && subtle.ConstantTimeCompare(s[:], other[:]) == 1 {
			return true
		}
	}
	return false
}

// signer signs the answer to one request: with the secret that the request was signed with, which its caller has, and under the request's id,
// so that no answer can be put in the place of another.
type signer struct {
	key *key
	id  string
}

// believe finds the secret that a request was signed with, and refuses what is unsigned or stale. A refusal after that is to be signed too.
func (w *Webhook) believe(body []byte, h http.Header, now time.Time) (by *signer, at int64, refused *refusal) {
	id := h.Get(headerID)
	if len(id) > maxID {
		return nil, 0, &refusal{http.StatusUnauthorized, fmt.Sprintf("webhook-id has %d bytes, expected at most %d", len(id), maxID)}
	}
	k, at, err := w.verify(body, h, now)
	if err != nil {
		return nil, 0, &refusal{http.StatusUnauthorized, err.Error()}
	}
	return &signer{k, id}, at, nil
}

// once reports whether the same request came before, and refuses another body under an id that came before.
func (s *signer) once(body []byte, at int64, now time.Time) (before bool, refused *refusal) {
	switch s.key.replays.add(s.id, body, at, now.Unix()) {
	case again:
		return true, nil
	case other:
		return false, &refusal{http.StatusConflict, "another body came under this webhook-id: keep it only to send the same again"}
	case stale:
		return false, &refusal{http.StatusUnauthorized, errOld.Error()}
	}
	return false, nil
}

// verify tries every secret, and gives the second at which the request says it was sent.
func (w *Webhook) verify(body []byte, h http.Header, now time.Time) (by *key, at int64, err error) {
	id, sent, given := h.Get(headerID), h.Get(headerTime), h.Get(headerSignature)
	if id == "" || sent == "" || given == "" {
		return nil, 0, errMissing
	}
	if at, err = strconv.ParseInt(sent, 10, 64); err != nil {
		return nil, 0, errNoTime
	}
	switch then := time.Unix(at, 0); {
	case now.Sub(then) > tolerance:
		return nil, 0, errOld
	case then.After(now.Add(tolerance)):
		return nil, 0, errNew
	}
	for _, by := range w.keys {
		if s := by.signature(id, at, body); s.among(given) {
			return by, at, nil
		}
	}
	return nil, 0, errUnsigned
}

// sign puts the three headers on an answer.
func (s *signer) sign(h http.Header, body []byte) {
	now := time.Now().Unix()
	signature := s.key.signature(s.id, now, body)
	values := [...]string{s.id, strconv.FormatInt(now, 10), "v1," + string(signature[:])}
	h[headerID], h[headerTime], h[headerSignature] = values[0:1:1], values[1:2:2], values[2:3:3]
}
