package telegram

import (
	"errors"
	"net/http"
	"regexp"

	"motkraft/bot"
	"motkraft/bot/channel"
)

// defaultAPI is Telegram's own server; others speak the same protocol (https://core.telegram.org/bots/api#using-a-local-bot-api-server).
const defaultAPI = "https://api.telegram.org"

var (
	tokenForm  = regexp.MustCompile(`^[0-9]+:[A-Za-z0-9_-]+$`)
	secretForm = regexp.MustCompile(`^[A-Za-z0-9_-]{1,256}$`)
)

// Channel is the conversation on Telegram as one value.
func Channel() channel.Channel {
	return channel.Channel{
		Name:      "telegram",
		Words:     words(),
		Settings:  settings,
		Counted:   true,
		CountNote: "On Telegram a conversation in which somebody types before they come to contacts is not counted.",
		Open:      open,
	}
}

// words are what is said beside the conversation, each as long as Telegram lets it be
// (https://core.telegram.org/bots/api#setmydescription and the methods beside it), or as our own bounds do.
func words() []bot.Word {
	all := []bot.Word{
		{Key: "telegram.cleared", Limit: bot.MaxQuestion},
		{Key: "telegram.privacy", Limit: bot.MaxQuestion},
		{Key: "telegram.group", Limit: bot.MaxQuestion},
		{Key: "telegram.group-button", Limit: bot.MaxLabel},
		{Key: "telegram.copy", Limit: bot.MaxLabel, Blanks: []string{"Number"}},
		{Key: "telegram.description", Limit: 512},
		{Key: "telegram.short", Limit: 120},
	}
	for _, name := range commands {
		all = append(all, bot.Word{Key: commandKey(name), Limit: 256})
	}
	return all
}

var settings = []channel.Setting{
	{
		Name: "TELEGRAM_TOKEN", Secret: true, Switch: true,
		Help: "the bot's token from BotFather",
		Check: func(value string, _ channel.Values) error {
			if !tokenForm.MatchString(value) {
				return errors.New("is no token: copy it from BotFather, digits, a colon, and letters")
			}
			return nil
		},
	},
	{
		Name: "TELEGRAM_WEBHOOK_URL", Needs: []string{"TELEGRAM_TOKEN", "TELEGRAM_WEBHOOK_SECRET"}, Example: "URL",
		Help: "the public https address that leads to /telegram here; with it updates come by webhook and not by long polling",
		Check: func(value string, all channel.Values) error {
			if api := all["TELEGRAM_API"]; api != defaultAPI && channel.Address("")(api, nil) == nil { // a server of one's own calls over http too
				return channel.Address("http://127.0.0.1:8080/telegram")(value, all)
			}
			return channel.Secure("give the public one that leads to /telegram here")(value, all)
		},
	},
	{
		Name: "TELEGRAM_WEBHOOK_SECRET", Secret: true,
		Help: "what Telegram must say to be believed: letters, digits, _ and -",
		Check: func(value string, _ channel.Values) error {
			if !secretForm.MatchString(value) {
				return errors.New("holds other characters than letters, digits, _ and -, or more than 256: make one with 'openssl rand -hex 32'")
			}
			return nil
		},
	},
	{
		Name: "TELEGRAM_API", Default: defaultAPI, Example: "URL",
		Help:  "the Bot API server",
		Check: channel.Address(defaultAPI),
	},
}

func open(v channel.Values, c channel.Core) channel.Served {
	t := New(Options{
		Core:       c,
		Token:      v["TELEGRAM_TOKEN"],
		API:        v["TELEGRAM_API"],
		WebhookURL: v["TELEGRAM_WEBHOOK_URL"],
		Secret:     v["TELEGRAM_WEBHOOK_SECRET"],
	})
	s := channel.Served{Adapter: t}
	if t.opts.WebhookURL != "" {
		s.Routes = map[string]http.Handler{"POST /telegram": t}
	}
	return s
}
