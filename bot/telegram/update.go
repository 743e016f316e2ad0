package telegram

// user is who did something, as far as we look.
type user struct {
	Language string `json:"language_code"`
}

type chat struct {
	ID   int64  `json:"id"`
	Type string `json:"type"`
}

type message struct {
	ID   int64  `json:"message_id"`
	Chat *chat  `json:"chat"`
	From *user  `json:"from"`
	Text string `json:"text"`
}

type callback struct {
	ID      string   `json:"id"`
	From    *user    `json:"from"`
	Message *message `json:"message"`
	Data    string   `json:"data"`
}

// update is what Telegram sends, as far as we look: https://core.telegram.org/bots/api#update
type update struct {
	ID       int64     `json:"update_id"`
	Message  *message  `json:"message"`
	Callback *callback `json:"callback_query"`
}

// wanted are the kinds of updates that we look at.
var wanted = object([]string{"message", "callback_query"})

// chat gives the chat that an update belongs to; nil for one that we have nothing to do with.
func (u *update) chat() *chat {
	m := u.Message
	if u.Callback != nil {
		m = u.Callback.Message
	}
	if m == nil || m.Chat == nil || m.Chat.ID == 0 || m.ID == 0 {
		return nil
	}
	return m.Chat
}

// lang gives the platform's hint.
func (u *user) lang() string {
	if u == nil {
		return ""
	}
	return u.Language
}
