package standin

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strconv"

	"motkraft/bot/fakeserver"
)

// Person is somebody with a chat of their own with the bot. Everything they can be known by is a canary. What they do gives the id of
// the update that it made.
type Person struct {
	*Chat
	First, Last, Username string
	Lang                  string // what the platform says of their language; empty: nothing
}

// Join gives a new person, who has not spoken to the bot yet: it cannot write to them.
func (s *Server) Join(lang string) *Person {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := len(s.people) + 1
	p := &Person{
		First:    fmt.Sprintf("Canaryfirst%dx", n),
		Last:     fmt.Sprintf("Canarylast%dx", n),
		Username: fmt.Sprintf("canary_person_%dx", n),
		Lang:     lang,
	}
	p.Chat = s.newChat(8_241_300_000+int64(n)*7919, "private", p.First, p.Last, p.Username)
	p.Chat.person = p
	s.people = append(s.people, p)
	return p
}

// payload is what a deep link may carry, https://core.telegram.org/bots/features#deep-linking.
var payload = regexp.MustCompile(`^[A-Za-z0-9_-]{0,64}$`)

// Start presses the start button, with a deep link's payload or without ("").
func (p *Person) Start(with string) int64 {
	p.server.core.TB.Helper()
	if !payload.MatchString(with) {
		p.server.core.TB.Errorf("no deep link can carry %q", with)
		return 0
	}
	if with == "" {
		return p.Type("/start")
	}
	return p.Type("/start " + with)
}

// Type sends a text. A person who had blocked the bot no longer does.
func (p *Person) Type(text string) int64 {
	p.server.core.TB.Helper()
	if n := fakeserver.Units(text); n < 1 || n > maxText {
		p.server.core.TB.Errorf("nobody can send a text of %d units", n)
		return 0
	}
	p.server.mu.Lock()
	defer p.server.mu.Unlock()
	p.begun, p.blocked = true, false
	return p.write(p, text)
}

// write puts a person's message into a chat. It needs the lock.
func (c *Chat) write(p *Person, text string) int64 {
	if long := 12; fakeserver.Units(text) >= long { // too long to turn up by chance
		c.keep(text)
	}
	m := c.add(&message{from: p.json(), Message: Message{Text: text}})
	return c.server.queue.make("message", "chat "+strconv.FormatInt(c.ID, 10), c.ID, m.json(c))
}

// TypeRaw makes an update as if it came from the person, whatever is in it. $ID becomes the id of a new message of theirs (without
// text), $FROM the person, $CHAT their chat, $DATE now; an update_id is put in:
//
//	person.TypeRaw(`{"message":{"message_id":$ID,"from":$FROM,"chat":$CHAT,"date":$DATE,"sticker":{}}}`)
func (p *Person) TypeRaw(update string) int64 {
	p.server.core.TB.Helper()
	p.server.mu.Lock()
	defer p.server.mu.Unlock()
	p.begun, p.blocked = true, false
	body := p.raw(update, p.json())
	if !json.Valid(body) {
		p.server.core.TB.Errorf("no JSON: %s", body)
		return 0
	}
	return p.server.inject(body)
}

// Press presses a button with this data on the last of the bot's messages that has one; where none has, it is as if the last message had.
func (p *Person) Press(data string) int64 {
	p.server.core.TB.Helper()
	on := fakeserver.Holder(p.Screens(), func(m Message) bool {
		return slices.ContainsFunc(m.Buttons(), func(b Button) bool { return b.Data == data })
	})
	return p.PressOn(on.ID, data)
}

// PressButton presses the i-th button with data of the bot's last message, from 0.
func (p *Person) PressButton(i int) int64 {
	p.server.core.TB.Helper()
	on := fakeserver.Holder(p.Screens(), func(Message) bool { return true })
	if b, ok := fakeserver.Nth(on.Buttons(), i, func(b Button) bool { return b.Data != "" }); ok {
		return p.PressOn(on.ID, b.Data)
	}
	p.server.core.TB.Errorf("the last message has no such button")
	return 0
}

// PressOn presses a button with this data on a message, whatever became of it: one that is deleted or never was is inaccessible to the
// bot.
func (p *Person) PressOn(messageID int64, data string) int64 {
	s := p.server
	s.mu.Lock()
	defer s.mu.Unlock()
	p.begun = true
	id := strconv.FormatInt(p.ID<<20+int64(len(s.queries)), 10)
	q := &query{chat: p.Chat, made: s.core.Clock()}
	s.queries[id], p.presses = q, append(p.presses, q)
	s.core.Keep(id)
	on := map[string]any{"chat": p.Chat.json(), "message_id": messageID, "date": 0}
	if m := p.find(messageID); m != nil {
		on = m.json(p.Chat)
	}
	s.touch(p.Chat)
	return s.queue.make("callback_query", "presses "+strconv.FormatInt(p.ID, 10), p.ID, map[string]any{
		"id": id, "from": p.json(), "message": on, "chat_instance": strconv.FormatInt(p.ID<<8, 10), "data": data,
	})
}

// Block blocks the bot: what it writes to the person is 403 until they write again.
func (p *Person) Block() int64 {
	s := p.server
	s.mu.Lock()
	defer s.mu.Unlock()
	p.blocked = true
	member := func(status string) map[string]any {
		return map[string]any{"user": s.bot(), "status": status, "until_date": 0}
	}
	s.touch(p.Chat)
	return s.queue.make("my_chat_member", "member "+strconv.FormatInt(p.ID, 10), p.ID, map[string]any{
		"chat": p.Chat.json(), "from": p.json(), "date": s.core.Clock().Unix(),
		"old_chat_member": member("member"), "new_chat_member": member("kicked"),
	})
}

// Spinning counts the person's presses that were not answered: the spinner still turns on their buttons.
func (p *Person) Spinning() int {
	return fakeserver.Ask(p.server.core, func() (n int) {
		for _, q := range p.presses {
			if !q.answered {
				n++
			}
		}
		return n
	})
}

// Notices are the texts with which the bot answered presses.
func (p *Person) Notices() []string {
	return fakeserver.Ask(p.server.core, func() []string { return slices.Clone(p.notices) })
}

// json is the person as the bot sees them.
func (p *Person) json() map[string]any {
	all := map[string]any{"id": p.ID, "is_bot": false, "first_name": p.First, "last_name": p.Last, "username": p.Username}
	if p.Lang != "" {
		all["language_code"] = p.Lang
	}
	return all
}

// Group is a chat of many, of which the bot is a member without rights.
type Group struct{ *Chat }

// Group gives a new group.
func (s *Server) Group() *Group {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.groups++
	title := fmt.Sprintf("Canarygroup%dx", s.groups)
	g := &Group{s.newChat(-4_083_100_000-int64(s.groups)*7919, "group", title)}
	g.title = title
	return g
}

// Say writes into the group as a person. The bot gets it whatever it is, as if it could read all: in privacy mode the real server
// sends only commands and what answers the bot.
func (g *Group) Say(p *Person, text string) int64 {
	g.server.mu.Lock()
	defer g.server.mu.Unlock()
	return g.write(p, text)
}

// Ask writes a command to the bot by its name: Ask(p, "help") writes "/help@" and the bot's username.
func (g *Group) Ask(p *Person, command string) int64 {
	return g.Say(p, "/"+command+"@"+g.server.Username)
}
