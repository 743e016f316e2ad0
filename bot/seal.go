package bot

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
)

// Sealer is authenticated encryption of the State: it turns one into a button's data and back. That is AES-256-GCM with a random nonce, in unpadded
// base64url, always 64 characters.
//
// Sealing hides the way somebody walked from an exported chat and keeps forged buttons out. Every key opens, the first one seals, so
// a key is changed by putting a new one in front and taking the old one away when no old button matters any more. GCM's bound
// for random nonces is 2³² seals a key (NIST SP 800-38D, 8.3): 300 million screens; change the key before that.
//
// The nonces of a screen's buttons are read at once. That changes nothing about them: each has 96 bits of its own of what crypto/rand gives, and
// one reading of 12·n bytes from it is as random as n readings of 12. None is counted up or derived from another.
type Sealer struct {
	keys   []cipher.AEAD
	shapes []shape // of the State, the newest one first
}

// keySize is the length of a key in bytes.
const keySize = 32

// encoding is strict: one State has one form for each nonce.
var encoding = base64.RawURLEncoding.Strict()

// NewSealer makes a Sealer of keys of 32 bytes. Its errors hold no key.
func NewSealer(keys ...[]byte) (*Sealer, error) {
	if len(keys) == 0 {
		return nil, errors.New("no key, expected at least one of 32 bytes")
	}
	s := &Sealer{shapes: shapes}
	for i, key := range keys {
		if len(key) != keySize {
			return nil, fmt.Errorf("key %d has %d bytes, expected %d", i+1, len(key), keySize)
		}
		block, err := aes.NewCipher(key)
		if err != nil {
			return nil, fmt.Errorf("key %d: %w", i+1, err)
		}
		aead, err := cipher.NewGCM(block)
		if err != nil {
			return nil, fmt.Errorf("key %d: %w", i+1, err)
		}
		s.keys = append(s.keys, aead)
	}
	return s, nil
}

// ParseKeys reads base64 keys separated by commas, standard or URL alphabet, padded or not. Its errors hold no key.
func ParseKeys(s string) ([][]byte, error) {
	var out [][]byte
	for i, part := range strings.Split(s, ",") {
		part = strings.TrimRight(strings.TrimSpace(part), "=")
		part = strings.NewReplacer("+", "-", "/", "_").Replace(part)
		key, err := base64.RawURLEncoding.DecodeString(part)
		if err != nil || len(key) != keySize {
			return nil, fmt.Errorf("key %d is not the base64 of %d bytes", i+1, keySize)
		}
		out = append(out, key)
	}
	return out, nil
}

// RandomKey makes a key.
func RandomKey() []byte {
	key := make([]byte, keySize)
	rand.Read(key) // never fails: it ends the program where the system gives no randomness
	return key
}

const (
	nonceSize  = 12
	tagSize    = 16
	sealedSize = nonceSize + stateSize + tagSize
)

// Seal gives the data of the button that leads to a State. Two seals of one State differ.
func (s *Sealer) Seal(st State) string { return s.SealAll([]State{st}) }

// SealAll seals many States at once, as a screen needs them. It gives their data in order, MaxData characters each, with nothing between them.
func (s *Sealer) SealAll(states []State) string {
	// An AEAD's arguments are moved to the heap, so they are in one small piece.
	n := len(states) * nonceSize
	scratch := make([]byte, n+sealedSize)
	nonces, sealed := scratch[:n], scratch[n:]
	rand.Read(nonces)
	var room [(MaxButtons + 1) * MaxData]byte
	text := room[:0]
	for i := range states {
		nonce, plain := sealed[:nonceSize], sealed[nonceSize:nonceSize+stateSize]
		copy(nonce, nonces[i*nonceSize:])
		states[i].put(plain)
		s.keys[0].Seal(plain[:0], nonce, plain, s.shapes[0].name) // #nosec G407 -- the nonce was read from crypto/rand above
		text = encoding.AppendEncode(text, sealed)
	}
	return string(text)
}

// Open gives the State that data was sealed from; not ok where it was not sealed by one of the keys, or in no shape that is known.
func (s *Sealer) Open(data string) (State, bool) {
	if len(data) != MaxData {
		return State{}, false
	}
	var text [MaxData]byte
	copy(text[:], data)
	scratch := make([]byte, sealedSize+stateSize)
	sealed, plain := scratch[:sealedSize], scratch[sealedSize:]
	if n, err := encoding.Decode(sealed, text[:]); err != nil || n != sealedSize {
		return State{}, false
	}
	for i := range s.shapes {
		for _, aead := range s.keys {
			if out, err := aead.Open(plain[:0], sealed[:nonceSize], sealed[nonceSize:], s.shapes[i].name); err == nil {
				return s.shapes[i].read(out)
			}
		}
	}
	return State{}, false
}
