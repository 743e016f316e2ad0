package standin

import (
	"slices"
	"strconv"
	"time"
	"unicode/utf16"
)

// Chat is one conversation: a person's own with the bot, or a group.
type Chat struct {
	ID int64

	server   *Server
	kind     string // private, group
	title    string // of a group
	person   *Person
	begun    bool // the person spoke first
	blocked  bool
	messages []*message // in the order of their ids
	typed    []string   // what is long enough to be a canary
	answers  int
	presses  []*query
	notices  []string
	moved    chan struct{}
}

// Message is one message as it stands in a chat.
type Message struct {
	ID        int64
	FromBot   bool
	Text      string
	Rows      [][]Button // of the inline keyboard
	Protected bool       // protect_content
	NoPreview bool       // link_preview_options.is_disabled
	Sent      time.Time  // by the platform's clock
	Edits     int
	Deleted   bool // only in Ever
}

// Button is one button of an inline keyboard. One of Data, URL and Copy is set; of the actions that have no field here, none.
type Button struct{ Text, Data, URL, Copy string }

// Buttons are the buttons of all rows, in order.
func (m Message) Buttons() []Button { return slices.Concat(m.Rows...) }

// message is one message and what only the platform knows of it.
type message struct {
	Message
	from   map[string]any
	edited time.Time
	markup any // as it was given
	reply  int64
}

func (s *Server) newChat(id int64, kind string) *Chat {
	c := &Chat{ID: id, server: s, kind: kind, moved: make(chan struct{})}
	s.chats[id] = c
	return c
}

// Messages are what stands in the chat now, in order.
func (c *Chat) Messages() []Message {
	return slices.DeleteFunc(c.Ever(), func(m Message) bool { return m.Deleted })
}

// Ever is Messages with what was deleted.
func (c *Chat) Ever() []Message {
	c.server.mu.Lock()
	defer c.server.mu.Unlock()
	all := make([]Message, len(c.messages))
	for i, m := range c.messages {
		all[i] = m.Message
	}
	return all
}

// Screens are the bot's messages that stand in the chat now, in order.
func (c *Chat) Screens() []Message {
	return slices.DeleteFunc(c.Messages(), func(m Message) bool { return !m.FromBot })
}

// Answers counts what the bot showed: sent, edited, or edited without changing anything (which is refused, but shows what was to be
// shown).
func (c *Chat) Answers() int {
	c.server.mu.Lock()
	defer c.server.mu.Unlock()
	return c.answers
}

// Wait waits until cond holds for what stands in the chat; when it has not after Patience, the test fails with both. It may be called
// from any goroutine.
func (c *Chat) Wait(what string, cond func([]Message) bool) bool {
	c.server.tb.Helper()
	var last []Message
	ok := c.server.wait(func() chan struct{} { return c.moved }, func() bool {
		last = c.Messages()
		return cond(last)
	})
	if !ok {
		c.server.tb.Errorf("waited %v for %s; in the chat stand %+v", Patience, what, last)
	}
	return ok
}

// WaitAnswers waits until the bot has answered more than n times: Answers before an act gives n.
func (c *Chat) WaitAnswers(n int) bool {
	c.server.tb.Helper()
	return c.Wait("answer "+strconv.Itoa(n+1), func([]Message) bool { return c.Answers() > n })
}

// add puts a new message into the chat. It needs the lock, as all below do.
func (c *Chat) add(m *message) *message {
	c.server.messages++
	m.ID, m.Sent = c.server.messages, c.server.clock()
	c.messages = append(c.messages, m)
	c.server.touch(c)
	return m
}

// find gives a message that still stands.
func (c *Chat) find(id int64) *message {
	for _, m := range c.messages {
		if m.ID == id && !m.Deleted {
			return m
		}
	}
	return nil
}

// deletable says whether the bot may delete a message: for 48 hours, and in a group only what is its own.
func (c *Chat) deletable(m *message) bool {
	const forHours = 48
	return c.server.clock().Sub(m.Sent) < forHours*time.Hour && (m.FromBot || c.kind == "private")
}

func (c *Chat) json() map[string]any {
	all := map[string]any{"id": c.ID, "type": c.kind}
	if c.person == nil {
		all["title"] = c.title
		return all
	}
	all["first_name"], all["last_name"], all["username"] = c.person.First, c.person.Last, c.person.Username
	return all
}

// canaries are all by which the chat and who is in it can be known, and what was typed.
func (c *Chat) canaries() []string {
	all := []string{strconv.FormatInt(c.ID, 10)}
	if c.person != nil {
		all = append(all, c.person.First, c.person.Last, c.person.Username)
	} else {
		all = append(all, c.title)
	}
	return append(all, c.typed...)
}

// keep remembers a typed text as a canary, where it is too long to turn up by chance.
func (c *Chat) keep(text string) {
	const long = 12
	if units(text) >= long {
		c.typed = append(c.typed, text)
	}
}

// json is the message as the bot sees it.
func (m *message) json(c *Chat) map[string]any {
	all := map[string]any{"message_id": m.ID, "from": m.from, "chat": c.json(), "date": m.Sent.Unix(), "text": m.Text}
	if !m.edited.IsZero() {
		all["edit_date"] = m.edited.Unix()
	}
	if m.markup != nil {
		all["reply_markup"] = m.markup
	}
	if m.Protected {
		all["has_protected_content"] = true
	}
	if m.NoPreview {
		all["link_preview_options"] = map[string]bool{"is_disabled": true}
	}
	if to := c.find(m.reply); to != nil {
		all["reply_to_message"] = map[string]any{"message_id": to.ID, "chat": c.json(), "date": to.Sent.Unix(), "from": to.from, "text": to.Text}
	}
	if n := commandLength(m.Text); n > 0 && !m.FromBot {
		all["entities"] = []map[string]any{{"type": "bot_command", "offset": 0, "length": n}}
	}
	return all
}

// commandLength is how much of a text is a command, in UTF-16 units: "/help@bot" of "/help@bot now".
func commandLength(text string) int {
	if len(text) < 2 || text[0] != '/' {
		return 0
	}
	n := 1
	for _, r := range text[1:] {
		if r != '_' && r != '@' && (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z') {
			break
		}
		n += utf16.RuneLen(r)
	}
	if n == 1 {
		return 0
	}
	return n
}
