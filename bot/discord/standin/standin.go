// Package standin is a fake of Discord, for tests: its REST server, its gateway, and the sender of signed interactions. It is strict where the real
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
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"sync"
	"testing"
	"time"

	"motkraft/bot/fakeserver"
)

// Patience is how long Wait waits for its condition.
const Patience = fakeserver.Patience

// Options is what a test may choose. The zero value is a server without a description.
type Options struct {
	Spec      string           // path of Discord's OpenAPI description; empty: only limits are checked
	Now       func() time.Time // the platform's clock: ids, ages, Date headers, signatures; default time.Now
	Heartbeat time.Duration    // what HELLO asks for; default 41.25 s
	Lateness  time.Duration    // how much later than twice that a heartbeat may come before the connection is closed; default 5 s

	// FirstAnswer is how long it waits for the first answer to an interaction; default the constant. A test of something else gives more time, so
	// that it does not hang on how quick the machine is.
	FirstAnswer time.Duration
}

// Server is the platform: one bot, one guild with one channel, people. It is safe for concurrent use.
type Server struct {
	API       string // ends in "/api/v10/"
	Token     string
	AppID     string
	PublicKey string // hexadecimal, of the signatures of forwarded interactions

	FirstAnswer time.Duration // how long it waits for the first answer to an interaction

	fakeserver.Server
	*fakeserver.Journal[Call, Fault]

	core    *fakeserver.Core
	opts    Options
	spec    spec // nil: not checked
	key     ed25519.PrivateKey
	gateway *Gateway

	mu           sync.Mutex
	last         uint64 // the last snowflake's counter
	people       []*Person
	messages     []*message // in the order of their ids
	interactions []*interaction
	byToken      map[string]*interaction
	commands     []command
	forward      string
	failForward  func(*Act) ForwardFault
}

// New starts a server that ends with the test. Connections that hang then are let go.
func New(tb testing.TB, opts Options) *Server {
	tb.Helper()
	if opts.Heartbeat == 0 {
		opts.Heartbeat = 41250 * time.Millisecond
	}
	if opts.Lateness == 0 {
		opts.Lateness = 5 * time.Second
	}
	if opts.FirstAnswer == 0 {
		opts.FirstAnswer = FirstAnswer
	}
	seed := sha256.Sum256([]byte("signs what the stand-in sends"))
	s := &Server{ // #nosec G101 -- tokens that open nothing: a test looks for them where they must not be
		Token: "MTE0MjAwMDAwMDAwMDAwMDAwMQ.GcAnAr.canaryTokenThatNobodyMaySeeAtAll-12345",
		AppID: "1142000000000000001",
		opts:  opts,

		FirstAnswer: opts.FirstAnswer,
		key:         ed25519.NewKeyFromSeed(seed[:]),
		byToken:     map[string]*interaction{},
	}
	s.core = fakeserver.New(tb, &s.mu, opts.Now)
	s.Server, s.Journal = s.core.Server(), fakeserver.NewJournal[Call, Fault](s.core)
	s.core.Keep(s.Token, guildID, guildName, channelID, channelName)
	s.PublicKey = hex.EncodeToString(s.key.Public().(ed25519.PublicKey))
	if opts.Spec != "" {
		var err error
		if s.spec, err = loadSpec(opts.Spec); err != nil {
			tb.Fatalf("Discord's description: %v", err)
		}
	}
	s.gateway = &Gateway{server: s, core: s.core, beat: opts.Heartbeat}
	urls := s.core.Serve(s.serve, s.gateway.serveFirst, s.gateway.serveAgain)
	s.API = urls[0] + "/api/v10/"
	s.gateway.url, s.gateway.resumeURL = "ws"+strings.TrimPrefix(urls[1], "http"), "ws"+strings.TrimPrefix(urls[2], "http")
	return s
}

// Gateway is the other way in: the connection and what can go wrong with it.
func (s *Server) Gateway() *Gateway { return s.gateway }

// WaitFor tells the next call about a person's interactions to wait, and holds all about these up from then on for so long. Nobody else is
// held up. 0 takes back what was not told yet. A first answer must come in its time all the same, and one that is the answer to a
// forwarded interaction is no call: nobody can tell it to wait.
func (s *Server) WaitFor(p *Person, d time.Duration) { s.core.HoldNext(p.held(), d) }

func (p *Person) held() string { return "person " + p.ID }

// Away takes the platform away, or lets it come back: while it is, it closes every connection without an answer, also to the gateway, which is
// cut. What people do meanwhile waits for a resume, or fails where it is forwarded.
func (s *Server) Away(away bool) {
	s.Server.Away(away)
	if away {
		s.gateway.Drop()
	}
}
