package discord

import (
	"crypto/ed25519"
	"encoding/hex"
	"errors"
	"net/http"
	"regexp"

	"motkraft/bot"
	"motkraft/bot/channel"
)

// defaultAPI is Discord's own server.
const defaultAPI = "https://discord.com/api/v10/"

var tokenForm = regexp.MustCompile(`^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$`)

// Channel is the conversation on Discord as one value.
func Channel() channel.Channel {
	return channel.Channel{
		Name:      "discord",
		Words:     words(),
		Settings:  settings,
		CountNote: "Discord is not counted.", // its policy for developers forbids to
		Open:      open,
	}
}

// commandName is what a name that is typed as a command must look like
// (https://discord.com/developers/docs/interactions/application-commands#application-command-object-application-command-naming).
var commandName = &bot.Form{
	Match: regexp.MustCompile(`^[-_\p{Ll}\p{Lm}\p{Lo}\p{N}]+$`), // with its length in it, it would take 2 MB
	Says:  "a command's name: small letters, digits, - and _",
}

// maxName is how long such a name may be.
const maxName = 32

// maxDescription is how long the words of a command or of a choice may be
// (https://discord.com/developers/docs/interactions/application-commands#application-command-object).
const maxDescription = 100

// words are what is said beside the conversation, each as long as Discord lets it be, or as our own bounds do.
func words() []bot.Word {
	all := []bot.Word{
		{Key: "discord.cleared", Limit: bot.MaxQuestion},
		{Key: "discord.privacy", Limit: bot.MaxQuestion},
		{Key: "discord.panel", Limit: bot.MaxQuestion},
		{Key: "discord.panel-button", Limit: bot.MaxLabel},
		{Key: "discord.language", Limit: maxDescription},
	}
	for _, name := range []string{support, help, privacy, panel} {
		all = append(all, bot.Word{Key: nameKey(name), Limit: maxName, Form: commandName}, bot.Word{Key: commandKey(name), Limit: maxDescription})
	}
	for _, name := range []string{topic, language} {
		all = append(all, bot.Word{Key: nameKey(name), Limit: maxName, Form: commandName}, bot.Word{Key: optionKey(name), Limit: maxDescription})
	}
	return all
}

var settings = []channel.Setting{
	{
		Name: "DISCORD_TOKEN", Secret: true, Switch: true,
		Help: "the bot's token from the application's page",
		Check: func(value string, _ channel.Values) error {
			if !tokenForm.MatchString(value) {
				return errors.New("is no token: copy it from the application's page at Discord, under Bot, three parts with dots between")
			}
			return nil
		},
	},
	{
		Name: "DISCORD_PUBLIC_KEY", Needs: []string{"DISCORD_TOKEN"}, Example: "KEY",
		Help: "the application's public key; with it interactions come by HTTP to /discord here and not by the gateway",
		Check: func(value string, _ channel.Values) error {
			if key, err := hex.DecodeString(value); err != nil || len(key) != ed25519.PublicKeySize {
				return errors.New("is no key: copy it from the application's page at Discord, 64 digits from 0 to f")
			}
			return nil
		},
	},
	{
		Name: "DISCORD_API", Default: defaultAPI, Example: "URL",
		Help:  "the API's address with its version",
		Check: channel.Address(defaultAPI),
	},
}

func open(v channel.Values, c channel.Core) channel.Served {
	o := Options{Core: c, Token: v["DISCORD_TOKEN"], API: v["DISCORD_API"]}
	if key := v["DISCORD_PUBLIC_KEY"]; key != "" {
		o.PublicKey, _ = hex.DecodeString(key) // Check has read it
	}
	d := New(o)
	s := channel.Served{Adapter: d}
	if o.PublicKey != nil {
		s.Routes = map[string]http.Handler{"POST /discord": d}
	}
	return s
}
