package standin

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"time"

	"motkraft/bot/fakeserver"
)

// Message is one message of the bot as a person sees it.
type Message struct {
	ID        string
	Content   string   // as it was sent, without white space around it
	Reads     string   // what a person reads: Discord's Markdown applied
	Links     []string // addresses in the content that can be clicked
	Ephemeral bool     // only the person sees it
	Loading   bool     // "is thinking": a deferred answer that was not filled in
	Flags     int
	Rows      [][]Button
	Edited    int      // how often
	Mentions  []string // whom it called: "@everyone", "@here", ids of people and roles
	Public    bool     // of the guild's channel, not an answer to this person only
}

// Button is one button. One of CustomID and URL is set.
type Button struct {
	Label    string
	CustomID string
	URL      string
	Style    int // 1 primary, 2 secondary, 3 success, 4 danger, 5 link
	Disabled bool
}

// Buttons are the buttons of all rows, in order.
func (m Message) Buttons() []Button { return slices.Concat(m.Rows...) }

// message is one message and what only the platform knows of it.
type message struct {
	Message
	id      string
	in      *interaction // that it answers; nil: of a message that the platform made up
	owner   *Person      // whose act it answers
	dm      bool
	sent    time.Time
	edited  time.Time
	embeds  json.RawMessage
	readOf  string // the content that Reads and Links are of
	deleted bool
}

// read fills in what is read, once for each content: people look often. It needs the lock.
func (m *message) read() {
	if m.readOf != m.Content || m.Reads == "" {
		m.Reads, m.Links = Read(m.Content)
		m.readOf = m.Content
	}
}

// Messages are what the person sees now: what is public in the guild's channel, their private chat with the bot, and answers that only
// they see, in order.
func (p *Person) Messages() []Message {
	return fakeserver.Ask(p.server.core, func() (all []Message) {
		for _, m := range p.server.messages {
			if m.deleted || p.unseen[m.id] || m.owner != p && (m.Ephemeral || m.dm) {
				continue
			}
			m.read()
			shown := m.Message
			shown.ID, shown.Public = m.id, !m.Ephemeral && !m.dm
			all = append(all, shown)
		}
		return all
	})
}

// Wait waits until cond holds for what the person sees; when it has not after Patience, the test fails with both. It may be called from any
// goroutine.
func (p *Person) Wait(what string, cond func([]Message) bool) bool {
	p.server.core.TB.Helper()
	return fakeserver.See(p.server.core, nil, what, p.Messages, cond)
}

// WaitAnswers waits until the bot has answered more than n times: Answers before an act gives n.
func (p *Person) WaitAnswers(n int) bool {
	p.server.core.TB.Helper()
	return p.Wait("an answer", func([]Message) bool { return p.Answers() > n })
}

// known gives a message, also one that is deleted. It needs the lock, as all below do.
func (s *Server) known(id string) *message {
	for _, m := range s.messages {
		if m.id == id {
			return m
		}
	}
	return nil
}

// add puts a new message into the channel of an interaction.
func (s *Server) add(in *interaction, given *content, loading bool) *message {
	m := &message{in: in, owner: in.person, dm: in.dm, id: s.snowflake(), sent: s.core.Clock()}
	m.Loading = loading
	m.Flags = given.flags
	m.Ephemeral = given.flags&ephemeral != 0
	m.set(given)
	s.messages = append(s.messages, m)
	s.core.Keep(m.id)
	return m
}

// edit changes what is given and leaves the rest.
func (s *Server) edit(m *message, given *content) error {
	before := *m
	m.set(given)
	if m.empty() {
		*m = before
		return errEmpty
	}
	if !m.Loading {
		m.Edited++
		m.edited = s.core.Clock()
	}
	if given.has("flags") {
		m.Flags = m.Flags&^suppressEmbeds | given.flags&suppressEmbeds
	}
	m.Loading = false
	return nil
}

func (m *message) set(given *content) {
	if given.has("content") {
		m.Content = strings.TrimSpace(given.text)
		m.Mentions = mentions(m.Content, given)
	}
	if given.has("embeds") {
		m.embeds = given.fields["embeds"]
	}
	if given.has("components") {
		m.Rows = given.rows
	}
}

func (m *message) empty() bool {
	return m.Content == "" && len(m.Rows) == 0 && (len(m.embeds) == 0 || string(m.embeds) == "[]" || string(m.embeds) == "null")
}

var mention = regexp.MustCompile(`@everyone|@here|<@!?([0-9]+)>|<@&([0-9]+)>`)

// mentions are those that a content calls and its allowed_mentions let it call.
func mentions(text string, given *content) []string {
	var all []string
	for _, m := range mention.FindAllStringSubmatch(text, -1) {
		switch {
		case m[1] != "" && given.mayMention("users", m[1]):
			all = append(all, m[1])
		case m[2] != "" && given.mayMention("roles", m[2]):
			all = append(all, m[2])
		case m[1] == "" && m[2] == "" && given.mayMention("everyone", ""):
			all = append(all, m[0])
		}
	}
	return all
}

// messageJSON is the message as the bot sees it.
func (s *Server) messageJSON(m *message) map[string]any {
	list := func(raw json.RawMessage) any {
		if len(raw) == 0 || string(raw) == "null" {
			return []any{}
		}
		return raw
	}
	channel := channelID
	if m.dm {
		channel = m.owner.dmID
	}
	components := []any{}
	id := 0
	for _, row := range m.Rows {
		id++
		at, buttons := id, []any{}
		for _, b := range row {
			id++
			buttons = append(buttons, b.json(id))
		}
		components = append(components, map[string]any{"type": 1, "id": at, "components": buttons})
	}
	all := map[string]any{
		"id": m.id, "channel_id": channel, "type": 20, "content": m.Content, "author": s.bot(), "application_id": s.AppID, "webhook_id": s.AppID,
		"timestamp": m.sent.UTC().Format(timestamp), "edited_timestamp": nil, "flags": m.Flags, "components": components,
		"embeds": list(m.embeds), "attachments": []any{}, "mentions": []any{}, "mention_roles": []any{}, "mention_everyone": false,
		"pinned": false, "tts": false,
		"interaction_metadata": m.metadata(),
	}
	if !m.edited.IsZero() {
		all["edited_timestamp"] = m.edited.UTC().Format(timestamp)
	}
	if m.Loading {
		all["flags"] = m.Flags | loading
	}
	return all
}

// metadata is what the message says of the interaction that it answers.
func (m *message) metadata() map[string]any {
	all := map[string]any{
		"id": m.id, "type": typeCommand, "user": m.owner.user(), "authorizing_integration_owners": map[string]string{"0": guildID},
	}
	if m.in != nil {
		all["id"] = m.in.id
	}
	if m.in != nil && m.in.on != nil {
		all["type"], all["interacted_message_id"] = typeComponent, m.in.on.id
	}
	return all
}

// json is the button as the bot sees it. The platform gives every component a number.
func (b Button) json(id int) map[string]any {
	all := map[string]any{"type": 2, "id": id, "style": b.Style, "label": b.Label}
	if b.URL != "" {
		all["url"] = b.URL
	} else {
		all["custom_id"] = b.CustomID
	}
	if b.Disabled {
		all["disabled"] = true
	}
	return all
}

// timestamp is how Discord writes a time.
const timestamp = "2006-01-02T15:04:05.000000+00:00"
