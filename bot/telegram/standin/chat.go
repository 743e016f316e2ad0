package standin

import (
	"slices"
	"strconv"
	"time"
	"unicode/utf16"

	"motkraft/bot/fakeserver"
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
	canaries []string   // all by which it and who is in it can be known, and what was typed
	answers  int
	presses  []*query
	notices  []string
	moved    fakeserver.Signal
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

func (s *Server) newChat(id int64, kind string, canaries ...string) *Chat {
	c := &Chat{ID: id, server: s, kind: kind, moved: fakeserver.NewSignal()}
	c.keep(append(canaries, strconv.FormatInt(id, 10))...)
	s.chats[id] = c
	return c
}

// Messages are what stands in the chat now, in order.
func (c *Chat) Messages() []Message {
	return slices.DeleteFunc(c.Ever(), func(m Message) bool { return m.Deleted })
}

// Ever is Messages with what was deleted.
func (c *Chat) Ever() []Message {
	return fakeserver.Ask(c.server.core, func() []Message {
		all := make([]Message, len(c.messages))
		for i, m := range c.messages {
			all[i] = m.Message
		}
		return all
	})
}

// Screens are the bot's messages that stand in the chat now, in order.
func (c *Chat) Screens() []Message {
	return slices.DeleteFunc(c.Messages(), func(m Message) bool { return !m.FromBot })
}

// Answers counts what the bot showed: sent, edited, or edited without changing anything (which is refused, but shows what was to be
// shown).
func (c *Chat) Answers() int { return fakeserver.Ask(c.server.core, func() int { return c.answers }) }

// Wait waits until cond holds for what stands in the chat; when it has not after Patience, the test fails with both. It may be called
// from any goroutine.
func (c *Chat) Wait(what string, cond func([]Message) bool) bool {
	c.server.core.TB.Helper()
	return fakeserver.See(c.server.core, &c.moved, what, c.Messages, cond)
}

// WaitAnswers waits until the bot has answered more than n times: Answers before an act gives n.
func (c *Chat) WaitAnswers(n int) bool {
	c.server.core.TB.Helper()
	return c.Wait("answer "+strconv.Itoa(n+1), func([]Message) bool { return c.Answers() > n })
}

// add puts a new message into the chat. It needs the lock, as all below do.
func (c *Chat) add(m *message) *message {
	c.server.messages++
	m.ID, m.Sent = c.server.messages, c.server.core.Clock()
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
	return c.server.core.Clock().Sub(m.Sent) < forHours*time.Hour && (m.FromBot || c.kind == "private")
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

// keep remembers canaries of the chat.
func (c *Chat) keep(canaries ...string) {
	c.canaries = append(c.canaries, canaries...)
	c.server.core.Keep(canaries...)
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
