package standin

import (
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"motkraft/bot/fakeserver"
)

// hookClient speaks to this very host only. Each interaction has a connection of its own where others are busy.
var hookClient = fakeserver.Client(0)

// Forward sends interactions to an address from now on, signed, in the place of the gateway; "" sends them over the gateway again.
func (s *Server) Forward(url string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.forward = url
}

// Signed is how a body is signed. The zero value is right.
type Signed struct {
	At      time.Time         // the timestamp that is signed; zero: now, by the platform's clock
	Wrongly bool              // with another key
	Change  func(http.Header) // changes what is sent along at last
}

// Post sends a body to an adapter as the platform does, whatever is in it, and gives the answer; a status of 0 is no answer, and body the
// reason.
func (s *Server) Post(url, body string, how Signed) (status int, answer string) {
	status, raw, err := s.send(s.core.Ctx, url, []byte(body), how)
	if err != nil {
		return 0, err.Error()
	}
	return status, string(raw)
}

// Ping asks as the platform does when somebody saves the address: a PING, which must be answered with {"type":1}, and one with a wrong
// signature, which must be answered 401.
func (s *Server) Ping(url string) error {
	s.mu.Lock()
	body := string(fakeserver.JSON(map[string]any{
		"id": s.snowflake(), "application_id": s.AppID, "type": typePing, "token": "ping-" + s.AppID, "version": 1,
		"entitlements": []any{}, "authorizing_integration_owners": map[string]any{}, "app_permissions": "562949953601536",
		"user": map[string]any{"id": "1142000000000000009", "username": "owner", "discriminator": "0", "avatar": nil},
	}))
	s.mu.Unlock()
	status, answer := s.Post(url, body, Signed{})
	var said struct{ Type int }
	if err := json.Unmarshal([]byte(answer), &said); status != http.StatusOK || err != nil || said.Type != answerPong {
		return fmt.Errorf(`a PING was answered %d %q, expected 200 {"type":1}`, status, answer)
	}
	if status, _ = s.Post(url, body, Signed{Wrongly: true}); status != http.StatusUnauthorized {
		return fmt.Errorf("a PING with a wrong signature was answered %d, expected 401", status)
	}
	return nil
}

// headers are those of a signed body.
func (s *Server) headers(body []byte, how Signed) http.Header {
	if how.At.IsZero() {
		s.mu.Lock()
		how.At = s.core.Clock()
		s.mu.Unlock()
	}
	stamp := strconv.FormatInt(how.At.Unix(), 10)
	key := s.key
	if how.Wrongly {
		other := sha256.Sum256(s.key)
		key = ed25519.NewKeyFromSeed(other[:])
	}
	h := http.Header{
		"Content-Type":          {"application/json"},
		"User-Agent":            {"Discord-Interactions/1.0 (+https://discord.com)"},
		"X-Signature-Timestamp": {stamp},
		"X-Signature-Ed25519":   {hex.EncodeToString(ed25519.Sign(key, append([]byte(stamp), body...)))},
	}
	if how.Change != nil {
		how.Change(h)
	}
	return h
}

func (s *Server) send(ctx context.Context, url string, body []byte, how Signed) (int, []byte, error) {
	return fakeserver.Post(ctx, hookClient, url, s.headers(body, how), body)
}
