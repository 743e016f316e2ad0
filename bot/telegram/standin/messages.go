package standin

import (
	"reflect"
	"strings"
	"time"

	"motkraft/bot/fakeserver"
)

// query is a press that may still be answered.
type query struct {
	chat     *Chat
	made     time.Time
	answered bool
}

// QueryLife is how long a press can be answered, by the platform's clock. The real server says only that it is not long.
const QueryLife = 15 * time.Minute

// shown is what a call wants to show.
type shown struct {
	text      string
	rows      [][]Button
	markup    any
	noPreview bool
}

// shows reads text, keyboard and preview options. The text loses white space at both ends, as in the real server.
func shows(r *request) shown {
	v := shown{text: strings.TrimSpace(r.params.text("text"))}
	var wire struct {
		Rows [][]struct {
			Text string
			Data string `json:"callback_data"`
			URL  string
			Copy struct{ Text string } `json:"copy_text"`
		} `json:"inline_keyboard"`
	}
	if r.params.into("reply_markup", &wire) {
		for _, row := range wire.Rows {
			var buttons []Button
			for _, b := range row {
				buttons = append(buttons, Button{b.Text, b.Data, b.URL, b.Copy.Text})
			}
			v.rows = append(v.rows, buttons)
		}
		if len(v.rows) > 0 {
			r.params.into("reply_markup", &v.markup)
		}
	}
	var preview struct {
		Disabled bool `json:"is_disabled"`
	}
	r.params.into("link_preview_options", &preview)
	v.noPreview = preview.Disabled
	return v
}

func (s *Server) sendMessage(c *Chat, r *request) (any, error) {
	var reply struct {
		ID      int64 `json:"message_id"`
		Without bool  `json:"allow_sending_without_reply"`
	}
	if r.params.into("reply_parameters", &reply) && c.find(reply.ID) == nil && !reply.Without {
		return nil, bad("message to be replied not found")
	}
	v := shows(r)
	m := &message{from: s.bot(), markup: v.markup, reply: reply.ID}
	m.Message = Message{FromBot: true, Text: v.text, Rows: v.rows, NoPreview: v.noPreview, Protected: r.params.isTrue("protect_content")}
	c.answers++
	return c.add(m).json(c), nil
}

func (s *Server) editMessageText(c *Chat, r *request) (any, error) {
	m := c.find(r.params.number("message_id", 0))
	if m == nil {
		return nil, bad("message to edit not found")
	}
	if !m.FromBot {
		return nil, bad("message can't be edited")
	}
	v := shows(r)
	c.answers++
	if m.Text == v.text && reflect.DeepEqual(m.markup, v.markup) {
		return nil, bad("message is not modified: specified new message content and reply markup are exactly the same as a current " +
			"content and reply markup of the message")
	}
	m.Text, m.Rows, m.markup, m.NoPreview, m.edited = v.text, v.rows, v.markup, v.noPreview, s.core.Clock()
	m.Edits++
	return m.json(c), nil
}

func (s *Server) answerCallbackQuery(r *request) (any, error) {
	q := s.queries[r.params.text("callback_query_id")]
	if q == nil || s.core.Clock().Sub(q.made) > QueryLife {
		return nil, bad("query is too old and response timeout expired or query ID is invalid")
	}
	q.answered = true
	if text := r.params.text("text"); text != "" {
		q.chat.notices = append(q.chat.notices, text)
	}
	return true, nil
}

func (s *Server) deleteMessage(c *Chat, r *request) (any, error) {
	m := c.find(r.params.number("message_id", 0))
	if m == nil {
		return nil, bad("message to delete not found")
	}
	if !c.deletable(m) {
		return nil, errUndeletable
	}
	m.Deleted = true
	return true, nil
}

var errUndeletable = bad("message can't be deleted")

// deleteMessages deletes all or none. Ids that are no message of this chat are skipped: ids of all chats come from one counter.
func (s *Server) deleteMessages(c *Chat, r *request) (any, error) {
	var ids []int64
	r.params.into("message_ids", &ids)
	var found []*message
	for _, id := range ids {
		m := c.find(id)
		if m == nil {
			continue
		}
		if !c.deletable(m) {
			return nil, errUndeletable
		}
		found = append(found, m)
	}
	for _, m := range found {
		m.Deleted = true
	}
	return true, nil
}

// raw gives JSON a person wrote with their own ids in the place of $ID, $FROM, $CHAT and $DATE.
func (c *Chat) raw(text string, from map[string]any) []byte {
	return []byte(fakeserver.Fill(text, map[string]func() any{
		"$ID":   func() any { return c.add(&message{from: from}).ID },
		"$FROM": func() any { return from },
		"$CHAT": func() any { return c.json() },
		"$DATE": func() any { return c.server.core.Clock().Unix() },
	}))
}
