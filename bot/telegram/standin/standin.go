// Package standin is a Telegram Bot API server for tests: strict where the real one is lenient, and as ill as one wants it.
//
// Start at New. An adapter is given the server's URL and Token; the test acts as people do (Join, then Person.Start, Press, Type) and
// looks at what stands in their chats (Chat.Messages, Chat.Wait). Fail plans the platform's failures. At the end a test asserts that
// Violations is empty, that no update was lost (Updates), and that nothing that was told to anyone holds one of Canaries.
//
//	server := standin.New(t, standin.Options{Spec: path})
//	person := server.Join("sv")
//	person.Start("")
//	person.Wait("the first screen", func(m []standin.Message) bool { return len(m) == 2 && m[1].FromBot })
//
// It answers as the real server does: what it refuses, it refuses in the real server's words, because an adapter must tell "message is
// not modified" from "chat not found" by them. Only texts, inline keyboards and a bot's own profile exist here: every other method is
// 404 and a violation.
//
// # Why
//
// A violation is a call that no correct program makes, whatever people and networks do: a mistyped parameter, a text over the limit. It
// is kept apart from what may well happen (a message that is gone, an old query), which is only refused. An unknown parameter is
// carried out all the same, since the real server ignores it, but it is a violation.
//
// Which methods and parameters exist is read from a machine-readable Bot API description that is no part of the project; without
// one only the limits hold. Lengths are always checked: the description states them in prose only.
//
// Of two long polls the earlier ends with 409, as with the real server: a program that comes back while its last poll still hangs must
// not shut itself out. Server.Rival plays another poller that keeps coming back.
package standin

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"
)

// Patience is how long Wait waits for its condition: a bound against hanging, not a demand for speed.
const Patience = 30 * time.Second

// Options is what a test may choose. The zero value is a bot in privacy mode without a specification.
type Options struct {
	Spec        string           // path of the Bot API description (methods.NAME.fields, types.NAME.fields); empty: only limits are checked
	ReadsGroups bool             // what getMe says in can_read_all_group_messages
	Now         func() time.Time // dates of messages and ages of queries; default time.Now
	Redelivery  time.Duration    // between the second and further tries of a webhook delivery; default 50 ms
}

// Server is the platform: chats, people, one bot. It is safe for concurrent use.
type Server struct {
	URL      string // without a slash at the end; a method stands at URL/bot<Token>/<method>
	Token    string
	Username string // the bot's, without @

	tb    testing.TB
	opts  Options
	spec  *spec // nil: not checked
	ctx   context.Context
	tasks sync.WaitGroup

	mu         sync.Mutex
	moved      chan struct{} // closed and made anew at every change
	now        func() time.Time
	ahead      time.Duration
	chats      map[int64]*Chat
	people     []*Person
	groups     int
	messages   int64 // the last message id: one counter for all chats
	queries    map[string]*query
	queue      queue
	hook       *webhook // nil: none is set
	forward    string
	profile    profile
	fail       func(Call) *Fault
	rival      bool
	counts     map[string]int
	log        []*Call
	holds      map[string]time.Time // until when a call is too early, by what was told to wait
	early      int
	violations []string
}

// New starts a server that ends with the test. Connections that hang then are let go.
func New(tb testing.TB, opts Options) *Server {
	tb.Helper()
	if opts.Now == nil {
		opts.Now = time.Now
	}
	if opts.Redelivery == 0 {
		opts.Redelivery = 50 * time.Millisecond
	}
	ctx, cancel := context.WithCancel(context.Background())
	s := &Server{
		Token:    "7310000001:AAcanaryTokenThatNobodyMaySeeAtAll1",
		Username: "standin_motkraft_bot",
		tb:       tb,
		opts:     opts,
		ctx:      ctx,
		moved:    make(chan struct{}),
		now:      opts.Now,
		chats:    map[int64]*Chat{},
		messages: 1000,
		queries:  map[string]*query{},
		queue:    newQueue(),
		profile:  newProfile(),
		counts:   map[string]int{},
		holds:    map[string]time.Time{},
	}
	if opts.Spec != "" {
		var err error
		if s.spec, err = loadSpec(opts.Spec); err != nil {
			tb.Fatalf("the Bot API description: %v", err)
		}
	}
	server := httptest.NewServer(http.HandlerFunc(s.serve))
	s.URL = server.URL
	tb.Cleanup(func() {
		cancel()
		server.CloseClientConnections()
		server.Close()
		s.tasks.Wait()
	})
	return s
}

// SetClock puts another clock behind dates and ages. Waiting (long polls, retry_after, redelivery) goes by the real one.
func (s *Server) SetClock(now func() time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.now, s.ahead = now, 0
}

// Advance moves the clock: what was sent before is older by that much.
func (s *Server) Advance(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ahead += d
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
}

// Calls counts the calls of a method, whatever they were answered.
func (s *Server) Calls(method string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.counts[method]
}

// Log gives every call with the right token, in the order in which they came.
func (s *Server) Log() []Call {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := make([]Call, len(s.log))
	for i, c := range s.log {
		all[i] = *c
	}
	return all
}

// RetryEarly counts the calls that came before a retry_after was over: for the same chat where the call names one, else of the same
// method. They are answered 429 once more.
func (s *Server) RetryEarly() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.early
}

// Wait waits until cond holds; when it has not after Patience, the test fails with what was waited for. cond may ask the server anything.
func (s *Server) Wait(what string, cond func() bool) bool {
	s.tb.Helper()
	if s.wait(func() chan struct{} { return s.moved }, cond) {
		return true
	}
	s.tb.Errorf("waited %v for %s", Patience, what)
	return false
}

// look is how often a condition is looked at where nothing moved here: it may hang on something else.
const look = 50 * time.Millisecond

func (s *Server) wait(moved func() chan struct{}, cond func() bool) bool {
	end := time.NewTimer(Patience)
	defer end.Stop()
	for {
		s.mu.Lock()
		change := moved()
		s.mu.Unlock()
		if cond() {
			return true
		}
		select {
		case <-change:
		case <-time.After(look):
		case <-end.C:
			return cond()
		}
	}
}

// touch wakes who waits for a change anywhere and, where c is given, in that chat. It needs the lock.
func (s *Server) touch(c *Chat) {
	close(s.moved)
	s.moved = make(chan struct{})
	if c != nil {
		close(c.moved)
		c.moved = make(chan struct{})
	}
}
