// Package standin is Discord for tests: its REST server, its gateway, and the sender of signed interactions. It is strict where the real
// one is lenient, and as ill as one wants it.
//
// Start at New. An adapter is given the server's API and Token (and PublicKey, with Forward); the test acts as people do (Join, then
// Person.Command and Press) and looks at what they see (Person.Messages, Person.Wait). Fail and FailForward plan the platform's failures,
// Gateway the connection's. At the end a test asserts that Violations is empty and that nothing that was told to anyone holds one of
// Canaries.
//
//	server := standin.New(t, standin.Options{Spec: path})
//	server.Gateway().WaitReady()
//	person := server.Join("sv-SE")
//	person.Command("support", nil).Wait()
//	person.PressButton(0).Wait()
//
// It answers as the real server does, in the real server's codes: an adapter must tell an interaction that is too old (10062) from one
// that was answered already (40060). Only what a bot without rights needs is here: its own profile, its commands, the gateway, answers
// to interactions with texts and buttons. Every other address is 404 and a violation.
//
// # Why
//
// A violation is a call that no correct program makes, whatever people and networks do: a mistyped field, a text over the limit, mentions
// that are not forbidden. It is kept apart from what may well happen (an interaction that waited too long, a message that is gone), which
// is only refused.
//
// The shapes of requests are held against the platform's own OpenAPI 3.1 description, which is no part of the project; without one only
// the limits hold. Its schemas are JSON Schema 2020-12 and are compiled as they stand, by the library that OpenAPI validators for 3.1 use
// within: these compile a schema anew for each request, or change the description first. Limits are always checked: the description
// leaves out many.
//
// What people read is not what was sent: Message.Reads is the text with Discord's Markdown applied, so that a test sees what an adapter
// forgot to escape.
package standin

import (
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"
)

// Patience is how long Wait waits for its condition: a bound against hanging, not a demand for speed.
const Patience = 30 * time.Second

// Options is what a test may choose. The zero value is a server without a description.
type Options struct {
	Spec      string           // path of Discord's OpenAPI description; empty: only limits are checked
	Now       func() time.Time // the platform's clock: ids, ages, Date headers, signatures; default time.Now
	Heartbeat time.Duration    // what HELLO asks for; default 41.25 s
	Lateness  time.Duration    // how much later than twice that a heartbeat may come before the connection is closed; default 5 s
}

// Server is the platform: one bot, one guild with one channel, people. It is safe for concurrent use.
type Server struct {
	API       string // ends in "/api/v10/"
	Token     string
	AppID     string
	PublicKey string // hexadecimal, of the signatures of forwarded interactions

	tb      testing.TB
	opts    Options
	spec    spec // nil: not checked
	key     ed25519.PrivateKey
	ctx     context.Context
	tasks   sync.WaitGroup
	gateway *Gateway

	mu           sync.Mutex
	moved        chan struct{} // closed and made anew at every change
	now          func() time.Time
	ahead        time.Duration
	last         uint64 // the last snowflake's counter
	people       []*Person
	messages     []*message // in the order of their ids
	interactions []*interaction
	byToken      map[string]*interaction
	byID         map[string]*interaction
	commands     []command
	forward      string
	fail         func(Call) *Fault
	failForward  func(*Act) ForwardFault
	counts       map[string]int
	log          []*Call
	holds        map[string]time.Time // until when a call is too early, by what was told to wait
	early        int
	violations   []string
}

// New starts a server that ends with the test. Connections that hang then are let go.
func New(tb testing.TB, opts Options) *Server {
	tb.Helper()
	if opts.Now == nil {
		opts.Now = time.Now
	}
	if opts.Heartbeat == 0 {
		opts.Heartbeat = 41250 * time.Millisecond
	}
	if opts.Lateness == 0 {
		opts.Lateness = 5 * time.Second
	}
	ctx, cancel := context.WithCancel(context.Background())
	seed := sha256.Sum256([]byte("signs what the stand-in sends"))
	s := &Server{ // #nosec G101 -- tokens that open nothing: a test looks for them where they must not be
		Token:   "MTE0MjAwMDAwMDAwMDAwMDAwMQ.GcAnAr.canaryTokenThatNobodyMaySeeAtAll-12345",
		AppID:   "1142000000000000001",
		tb:      tb,
		opts:    opts,
		key:     ed25519.NewKeyFromSeed(seed[:]),
		ctx:     ctx,
		moved:   make(chan struct{}),
		now:     opts.Now,
		byToken: map[string]*interaction{},
		byID:    map[string]*interaction{},
		counts:  map[string]int{},
		holds:   map[string]time.Time{},
	}
	s.PublicKey = hex.EncodeToString(s.key.Public().(ed25519.PublicKey))
	if opts.Spec != "" {
		var err error
		if s.spec, err = loadSpec(opts.Spec); err != nil {
			tb.Fatalf("Discord's description: %v", err)
		}
	}
	s.gateway = newGateway(s)
	server := httptest.NewServer(http.HandlerFunc(s.serve))
	first := httptest.NewServer(http.HandlerFunc(s.gateway.serveFirst))
	again := httptest.NewServer(http.HandlerFunc(s.gateway.serveAgain))
	s.API = server.URL + "/api/v10/"
	s.gateway.url = "ws" + strings.TrimPrefix(first.URL, "http")
	s.gateway.resumeURL = "ws" + strings.TrimPrefix(again.URL, "http")
	tb.Cleanup(func() {
		cancel()
		s.gateway.end()
		for _, server := range []*httptest.Server{server, first, again} {
			server.CloseClientConnections()
			server.Close()
		}
		s.tasks.Wait()
	})
	return s
}

// Gateway is the other way in: the connection and what can go wrong with it.
func (s *Server) Gateway() *Gateway { return s.gateway }

// SetClock puts another clock behind ids, ages and Date headers. Waiting (heartbeats, Retry-After, the 3 s of a forwarded interaction)
// goes by the real one.
func (s *Server) SetClock(now func() time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.now, s.ahead = now, 0
}

// Advance moves the clock: what was done before is older by that much.
func (s *Server) Advance(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ahead += d
	s.touch()
}

// clock gives the time of the platform. It needs the lock.
func (s *Server) clock() time.Time { return s.now().Add(s.ahead) }

// Violations are the calls that no correct program makes, in the order in which they came.
func (s *Server) Violations() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string(nil), s.violations...)
}

// violate records a violation. It needs the lock.
func (s *Server) violate(format string, args ...any) {
	s.violations = append(s.violations, fmt.Sprintf(format, args...))
	s.touch()
}

// Calls counts the calls of a route (see Call.Route), whatever they were answered.
func (s *Server) Calls(route string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.counts[route]
}

// Log gives every call of a known route, in the order in which they came.
func (s *Server) Log() []Call {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := make([]Call, len(s.log))
	for i, c := range s.log {
		all[i] = *c
	}
	return all
}

// RetryEarly counts the calls that came before a Retry-After was over. They are answered 429 once more.
func (s *Server) RetryEarly() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.early
}

// Wait waits until cond holds; when it has not after Patience, the test fails with what was waited for. cond may ask the server anything.
// It may be called from any goroutine.
func (s *Server) Wait(what string, cond func() bool) bool {
	s.tb.Helper()
	if s.wait(cond) {
		return true
	}
	s.tb.Errorf("waited %v for %s", Patience, what)
	return false
}

// look is how often a condition is looked at where nothing moved here: it may hang on something else.
const look = 50 * time.Millisecond

func (s *Server) wait(cond func() bool) bool {
	end := time.NewTimer(Patience)
	defer end.Stop()
	for {
		s.mu.Lock()
		moved := s.moved
		s.mu.Unlock()
		if cond() {
			return true
		}
		select {
		case <-moved:
		case <-time.After(look):
		case <-end.C:
			return cond()
		}
	}
}

// touch wakes who waits for a change. It needs the lock.
func (s *Server) touch() {
	close(s.moved)
	s.moved = make(chan struct{})
}
