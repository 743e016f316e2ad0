// Package standin is a fake of the Telegram Bot API server, for tests: strict where the real one is lenient, and as ill as one wants it.
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
	"strings"
	"sync"
	"testing"
	"time"

	"motkraft/bot/fakeserver"
)

// Patience is how long Wait waits for its condition.
const Patience = fakeserver.Patience

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

	fakeserver.Server
	*fakeserver.Journal[Call, Fault]

	core *fakeserver.Core
	opts Options
	spec *spec // nil: not checked

	mu       sync.Mutex
	chats    map[int64]*Chat
	people   []*Person
	groups   int
	messages int64 // the last message id: one counter for all chats
	queries  map[string]*query
	queue    queue
	hook     *webhook // nil: none is set
	forward  string
	profile  profile
	rival    bool
}

// New starts a server that ends with the test. Connections that hang then are let go.
func New(tb testing.TB, opts Options) *Server {
	tb.Helper()
	if opts.Redelivery == 0 {
		opts.Redelivery = 50 * time.Millisecond
	}
	s := &Server{
		Token:    "7310000001:AAcanaryTokenThatNobodyMaySeeAtAll1",
		Username: "standin_motkraft_bot",
		opts:     opts,
		chats:    map[int64]*Chat{},
		messages: 1000,
		queries:  map[string]*query{},
		queue:    newQueue(),
		profile:  newProfile(),
	}
	s.core = fakeserver.New(tb, &s.mu, opts.Now)
	s.Server, s.Journal = s.core.Server(), fakeserver.NewJournal[Call, Fault](s.core)
	_, secret, _ := strings.Cut(s.Token, ":")
	s.core.Keep(s.Token, secret)
	if opts.Spec != "" {
		var err error
		if s.spec, err = loadSpec(opts.Spec); err != nil {
			tb.Fatalf("the Bot API description: %v", err)
		}
	}
	s.URL = s.core.Serve(s.serve)[0]
	return s
}

// WaitFor tells the next call for a person's chat to wait, and holds the chat up from then on for so long, which is rounded up to whole
// seconds where it is said. Nobody else is held up. 0 takes back what was not told yet.
func (s *Server) WaitFor(p *Person, d time.Duration) { s.core.HoldNext(heldChat(p.ID), d) }

// Away takes the platform away, or lets it come back: while it is, it closes every connection without an answer, ends long polls so, and sends
// nothing to a webhook. What people do waits.
func (s *Server) Away(away bool) {
	s.Server.Away(away)
	s.core.Do(s.queue.wake)
}

// touch wakes who waits for a change anywhere and, where c is given, in that chat. It needs the lock.
func (s *Server) touch(c *Chat) {
	s.core.Touch()
	if c != nil {
		c.moved.Wake()
	}
}
