package telegram

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"strings"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"motkraft/bot"
	"motkraft/bot/channel"
)

// private is the type of a chat with one person.
const private = "private"

// maxDeleted is how many messages one deleteMessages may name (https://core.telegram.org/bots/api#deletemessages).
const maxDeleted = 100

// answer gives one update its answer. Its error is a *refusal or a *channel.Temporary and names nobody.
func (t *Telegram) answer(ctx context.Context, h bot.Handler, u update, c chat) error {
	switch {
	case u.Callback != nil:
		// On the side: the spinner ends at once, whatever becomes of the answer.
		go t.spin(ctx, h, u.Callback.ID)
		if c.Type != private {
			return nil
		}
		m := h.Handle(ctx, bot.Update{Data: u.Callback.Data, Lang: u.Callback.From.lang()})
		if m.Clear {
			return t.clear(ctx, c, u.Callback.Message.ID, m, true)
		}
		return t.edit(ctx, c, u.Callback.Message.ID, m)
	case c.Type != private:
		return t.inGroup(ctx, c, u.Message)
	default:
		return t.hear(ctx, h, c, u.Message)
	}
}

// spin ends the spinner on a pressed button. It is tried once: a moment later nobody looks at it any more.
func (t *Telegram) spin(ctx context.Context, h bot.Handler, id string) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), channel.CallTimeout)
	defer cancel()
	channel.Guard(ctx, h, func() {
		_, _ = t.api.try(ctx, "answerCallbackQuery", tgbotapi.Params{"callback_query_id": id}, channel.CallTimeout)
	})
}

// hear answers what somebody typed, and takes it away with the screen before.
func (t *Telegram) hear(ctx context.Context, h bot.Handler, c chat, in *message) error {
	update := bot.Update{Text: in.Text, Lang: in.From.lang()}
	name, rest := t.command(in.Text)
	if name == "start" {
		update.Text, update.Start = "", rest
	}
	m := h.Handle(ctx, update)
	switch {
	case m.Clear:
		return t.clear(ctx, c, in.ID, m, false)
	case name == "privacy":
		m.Text = t.opts.Say(m.Lang, "telegram.privacy")
	}
	return t.replace(ctx, c, in.ID, m)
}

// replace shows a message as a new one, and takes away what stood before it: the typed message that it answers, and the last screen.
func (t *Telegram) replace(ctx context.Context, c chat, typed int64, m bot.Message) error {
	id, err := t.send(ctx, c, m)
	if err != nil {
		return err
	}
	// Up to the new one, not to the typed one: of two texts sent at once, the first one's answer stands between them.
	return t.sweep(ctx, c, typed, max(id-1, typed))
}

// inGroup answers /help@name with the way to the private chat, and nothing else.
func (t *Telegram) inGroup(ctx context.Context, c chat, in *message) error {
	if name, _ := t.command(in.Text); name != "help" || !strings.Contains(in.Text, "@") {
		return nil
	}
	lang := t.opts.Languages[0]
	_, err := t.send(ctx, c, bot.Message{
		Text:    t.opts.Say(lang, "telegram.group"),
		Lang:    lang,
		Buttons: []bot.Button{{Label: t.opts.Say(lang, "telegram.group-button"), URL: "https://t.me/" + t.name}},
	})
	return err
}

// send shows a message as a new one, and gives its id.
func (t *Telegram) send(ctx context.Context, c chat, m bot.Message) (int64, error) {
	params := t.screen(c, m)
	params["protect_content"] = "true"
	result, err := t.api.call(ctx, "sendMessage", params)
	if err != nil {
		return 0, err
	}
	var sent message
	if json.Unmarshal(result, &sent) != nil {
		return 0, nil // it is there all the same
	}
	return sent.ID, nil
}

// edit shows a message in the place of the last one, or as a new one where Telegram does not let it: an answer in another place is better
// than none.
func (t *Telegram) edit(ctx context.Context, c chat, id int64, m bot.Message) error {
	params := t.screen(c, m)
	params["message_id"] = number(id)
	_, err := t.api.call(ctx, "editMessageText", params)
	var refused *refusal
	switch {
	case !errors.As(err, &refused):
		return err
	case refused.kind == notModified:
		return nil
	case refused.code == http.StatusBadRequest:
		_, err = t.send(ctx, c, m)
	}
	return err
}

// screen gives the parameters that a new and an edited message share.
func (t *Telegram) screen(c chat, m bot.Message) tgbotapi.Params {
	return tgbotapi.Params{
		"chat_id":              number(c.ID),
		"text":                 m.Text,
		"reply_markup":         object(t.keyboard(m)),
		"link_preview_options": `{"is_disabled":true}`,
	}
}

// sweep takes away the messages up to the last one, among them a typed one. What Telegram no longer lets go of stays: that is no failure.
func (t *Telegram) sweep(ctx context.Context, c chat, typed, last int64) error {
	_, err := t.api.call(ctx, "deleteMessages", tgbotapi.Params{"chat_id": number(c.ID), "message_ids": ids(typed, last)})
	var refused *refusal
	if !errors.As(err, &refused) {
		return err
	}
	// Something among them is too old; what was just typed is not.
	_, err = t.api.call(ctx, "deleteMessage", tgbotapi.Params{"chat_id": number(c.ID), "message_id": number(typed)})
	if errors.As(err, &refused) && refused.kind == gone {
		return nil
	}
	return err
}

// clear takes away all that can be taken away, and leaves one neutral message that says how to delete the chat itself.
func (t *Telegram) clear(ctx context.Context, c chat, last int64, m bot.Message, ours bool) error {
	if text := t.opts.Say(m.Lang, "telegram.cleared"); text != "" {
		m.Text = text
	}
	_, err := t.api.call(ctx, "deleteMessages", tgbotapi.Params{"chat_id": number(c.ID), "message_ids": ids(last, last)})
	var refused *refusal
	switch {
	case errors.As(err, &refused) && refused.code == http.StatusBadRequest && ours:
		return t.edit(ctx, c, last, m)
	case errors.As(err, &refused) && refused.code == http.StatusBadRequest:
		return t.replace(ctx, c, last, m)
	case err != nil:
		return err
	}
	_, err = t.send(ctx, c, m)
	return err
}

// ids lists a message and those before it, and the newest of those between it and a later one: as many as one call may name. Ids of other
// chats among them are passed over by Telegram, which counts all chats of a bot together.
func ids(typed, last int64) string {
	const between = maxDeleted / 2
	out := make([]int64, 0, maxDeleted)
	for id := last; id > typed && len(out) < between; id-- {
		out = append(out, id)
	}
	for id := typed; id > 0 && len(out) < maxDeleted; id-- {
		out = append(out, id)
	}
	return object(out)
}

func number(n int64) string { return strconv.FormatInt(n, 10) }
