package discord

import (
	"context"
	"crypto/ed25519"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strconv"
	"time"

	"github.com/bwmarrin/discordgo"
)

// Bounds of what comes over HTTP.
const (
	maxBody = 256 << 10   // bytes of an interaction: a screen and its buttons are a fraction of it
	maxSkew = time.Minute // between a signature's time and ours
)

// errUnwritten is told of where Discord hung up before it had the answer.
var errUnwritten = errors.New("discord: an answer could not be written")

// ServeHTTP takes one interaction and answers it in the response
// (https://discord.com/developers/docs/interactions/overview#preparing-for-interactions).
func (d *Discord) ServeHTTP(rw http.ResponseWriter, r *http.Request) {
	if d.opts.PublicKey == nil {
		http.NotFound(rw, r)
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(rw, r.Body, maxBody))
	if err != nil {
		http.Error(rw, "too large", http.StatusRequestEntityTooLarge)
		return
	}
	if !d.signed(r, body) {
		http.Error(rw, "unauthorized", http.StatusUnauthorized)
		return
	}
	var in interaction
	if json.Unmarshal(body, &in) != nil {
		http.Error(rw, "no interaction", http.StatusBadRequest)
		return
	}
	if in.Type == discordgo.InteractionPing {
		_ = write(rw, &discordgo.InteractionResponse{Type: discordgo.InteractionResponsePong})
		return
	}
	h := d.handler.Load()
	switch {
	case !in.usable():
		http.Error(rw, "no interaction", http.StatusBadRequest)
		return
	case h == nil:
		http.Error(rw, "not ready", http.StatusServiceUnavailable)
		return
	}
	written := false
	replied := make(chan struct{})
	taken := d.take(*h, in, func(_ context.Context, answer *discordgo.InteractionResponse) error {
		written = true
		return write(rw, answer)
	}, func() { close(replied) })
	if !taken {
		http.Error(rw, "stopping", http.StatusServiceUnavailable)
		return
	}
	<-replied // even where Discord has hung up: until then the answer may be written
	if !written {
		http.Error(rw, "no answer", http.StatusRequestTimeout)
	}
}

// signed reports whether the body is Discord's, and of now.
func (d *Discord) signed(r *http.Request, body []byte) bool {
	stamp := r.Header.Get("X-Signature-Timestamp")
	seconds, err := strconv.ParseInt(stamp, 10, 64)
	if err != nil || d.opts.Now().Sub(time.Unix(seconds, 0)).Abs() > maxSkew {
		return false
	}
	signature, err := hex.DecodeString(r.Header.Get("X-Signature-Ed25519"))
	return err == nil && len(signature) == ed25519.SignatureSize &&
		ed25519.Verify(d.opts.PublicKey, append([]byte(stamp), body...), signature)
}

// write gives an answer whole, and says where Discord did not wait for it.
func write(rw http.ResponseWriter, answer *discordgo.InteractionResponse) error {
	body, err := json.Marshal(answer)
	if err != nil {
		return errUnwritten
	}
	rw.Header().Set("Content-Type", "application/json")
	rw.Header().Set("Content-Length", strconv.Itoa(len(body)))
	if _, err := rw.Write(body); err != nil {
		return errUnwritten // the error itself holds an address
	}
	if err := http.NewResponseController(rw).Flush(); err != nil && !errors.Is(err, http.ErrNotSupported) {
		return errUnwritten
	}
	return nil
}
