package adaptertest

import (
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"motkraft/bot"
)

// platform is a chat platform in memory. It has all that a real one has for the suite to look at, and nothing else.
type platform struct {
	keepsTyped bool
	noTyping   bool
	unordered  bool
	vanishes   bool          // a cleared conversation is gone whole
	copies     bool          // has copy buttons
	noHint     bool          // says nothing of anybody's language
	rooms      bool          // has rooms
	waits      bool          // may tell to wait
	goes       bool          // may be away
	plain      bool          // its adapter tells nobody whether it was reached
	patience   time.Duration // of Screen

	inbox chan act

	mu      sync.Mutex
	ids     int
	refused int
	early   int // deliveries that came before a wait was over
	away    bool
	people  []*member
}

// token is the secret that the adapter shows to the platform.
const token = "7350001:canary-Token/Åä+secret"

// act is what the platform tells the adapter that somebody did.
type act struct {
	by     *member
	number int           // of this member's acts
	on     int           // the id of the screen that was pressed
	own    int           // the id of the message that was typed
	data   string        // pressed
	text   string        // typed
	in     *room         // where it was done; nil: in private
	done   chan struct{} // closed when the adapter is done with it; in a room only
}

// entry is one message in a conversation.
type entry struct {
	id int
	Shown
	fromBot bool
}

// member is one person there.
type member struct {
	*platform
	tb       testing.TB
	id, name string
	lang     string

	// Guarded by platform.mu.
	talk     []entry
	acts     int
	answered int           // the number of the last act that was answered
	wait     time.Duration // to be told at the next delivery
	until    time.Time     // no delivery before that
}

func (f *platform) join(tb testing.TB, lang string) Person {
	f.mu.Lock()
	defer f.mu.Unlock()
	n := len(f.people) + 1
	m := &member{platform: f, tb: tb, id: fmt.Sprint(90817263540 + n), name: fmt.Sprintf("Kanarie Fågelsdotter %d", n), lang: lang}
	f.people = append(f.people, m)
	return m
}

func (f *platform) canaries() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	out := []string{token}
	for _, m := range f.people {
		out = append(out, m.id, m.name)
	}
	return out
}

func (f *platform) refuse(n int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.refused = n
}

// refusal is how the platform says no: with all that it knows.
type refusal struct {
	token, id, name string
}

func (r *refusal) Error() string {
	return fmt.Sprintf("POST /bot%s/send: 400: no to chat %s of %q", r.token, r.id, r.name)
}

// deliver shows a screen: in the place of the message with the id, or as a new one where there is none such.
func (f *platform) deliver(to act, in int, s Shown) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	m := to.by
	if err := f.holdsUp(m); err != nil {
		return err
	}
	if f.refused > 0 {
		f.refused--
		return &refusal{token, m.id, m.name}
	}
	m.answered = max(m.answered, to.number)
	for i := range m.talk {
		if m.talk[i].id == in {
			m.talk[i].Shown = s
			return nil
		}
	}
	f.ids++
	m.talk = append(m.talk, entry{id: f.ids, Shown: s, fromBot: true})
	return nil
}

// hasAnsweredAfter reports whether a later act of the same member was answered.
func (f *platform) hasAnsweredAfter(a act) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return a.by.answered > a.number
}

// vanish takes away all of a conversation, the answer with it.
func (f *platform) vanish(to act) {
	f.remove(to.by, func(entry) bool { return true })
	f.mu.Lock()
	defer f.mu.Unlock()
	to.by.answered = max(to.by.answered, to.number)
}

// remove takes messages away, as far as it is let.
func (f *platform) remove(m *member, which func(entry) bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	m.talk = slices.DeleteFunc(m.talk, func(e entry) bool { return which(e) && (e.fromBot || !f.keepsTyped) })
}

// newest is the screen shown last. The caller holds mu.
func (m *member) newest() (entry, bool) {
	for _, e := range slices.Backward(m.talk) {
		if e.fromBot {
			return e, true
		}
	}
	return entry{}, false
}

func (m *member) does(a act) {
	m.acts++
	a.by, a.number = m, m.acts
	m.inbox <- a
}

func (m *member) Arrive() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.does(act{})
}

func (m *member) Press(i int) {
	m.mu.Lock()
	screen, _ := m.newest()
	m.mu.Unlock()
	ways := slices.DeleteFunc(slices.Clone(screen.Buttons), func(b Button) bool { return b.Data == "" })
	if i >= len(ways) {
		m.tb.Fatalf("no button %d among %d", i, len(ways))
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.does(act{on: screen.id, data: ways[i].Data})
}

func (m *member) Type(text string) {
	if m.noTyping {
		m.tb.Fatal("nobody can type here")
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.ids++
	m.talk = append(m.talk, entry{id: m.ids, Shown: Shown{Text: text}})
	m.does(act{own: m.ids, text: text})
}

func (m *member) Screen() Shown {
	var shown Shown
	if !within(m.patience, func() bool {
		m.mu.Lock()
		defer m.mu.Unlock()
		e, ok := m.newest()
		shown = e.Shown
		return ok && m.answered >= m.acts
	}) {
		m.tb.Fatalf("no answer within %v", m.patience)
	}
	return shown
}

func (m *member) Visible() []string {
	m.mu.Lock()
	defer m.mu.Unlock()
	var out []string
	for _, e := range m.talk {
		out = append(out, e.Text)
	}
	return out
}

// shown is a message as the platform can hold it.
func (f *platform) shown(m bot.Message) Shown {
	s := Shown{Text: m.Text}
	for _, b := range m.Buttons {
		if b.Phone == "" || f.copies {
			s.Buttons = append(s.Buttons, Button{Label: b.Label, Data: b.Data, URL: b.URL, Copy: b.Phone})
		}
	}
	return s
}
