package telegram

import (
	"context"
	"maps"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"motkraft/bot"
)

// commands are what the chat's menu offers, in order.
var commands = []string{"start", "help", "privacy", "language", "clear"}

// commandKey is the key of what a command does, in words.
func commandKey(name string) string { return "telegram.command-" + name }

// register tells Telegram the commands and the descriptions, in each language and for those who have none of them. That it fails is told,
// and keeps nobody from talking.
func (t *Telegram) register(ctx context.Context, h bot.Handler) {
	for i, lang := range append([]string{t.opts.Languages[0]}, t.opts.Languages...) {
		code := tgbotapi.Params{}
		if i > 0 {
			code["language_code"] = lang
		}
		for _, call := range t.registrations(lang) {
			maps.Copy(call.params, code)
			if _, err := t.api.call(ctx, call.method, call.params); err != nil {
				if ctx.Err() != nil {
					return
				}
				h.Failed(ctx, err)
			}
		}
	}
}

type registration struct {
	method string
	params tgbotapi.Params
}

func (t *Telegram) registrations(lang string) []registration {
	type command struct {
		Command     string `json:"command"`
		Description string `json:"description"`
	}
	var list []command
	for _, name := range commands {
		list = append(list, command{name, t.opts.Say(lang, commandKey(name))})
	}
	return []registration{
		{"setMyCommands", tgbotapi.Params{"commands": object(list), "scope": `{"type":"all_private_chats"}`}},
		{"setMyDescription", tgbotapi.Params{"description": t.opts.Say(lang, "telegram.description")}},
		{"setMyShortDescription", tgbotapi.Params{"short_description": t.opts.Say(lang, "telegram.short")}},
	}
}
