package discord

import (
	"context"
	"encoding/json"
	"net/http"
	"reflect"
	"slices"

	"github.com/bwmarrin/discordgo"

	"motkraft/bot"
	"motkraft/bot/channel"
)

// The names of the commands and of their options, in English. Other languages' stand in the catalog.
const (
	support = "support"
	help    = "help"
	privacy = "privacy"
	panel   = "panel"

	topic    = "topic"
	language = "language"
)

// The keys of what stands beside a command or an option.
func nameKey(name string) string    { return "discord.name-" + name }
func commandKey(name string) string { return "discord.command-" + name }
func optionKey(name string) string  { return "discord.option-" + name }

// talk is what the panel's button says when it is pressed. It is bound to no release and no key: a panel stands for years.
const talk = "motkraft:talk"

// locales are Discord's names of a language, where they are others than ours
// (https://discord.com/developers/docs/reference#locales).
var locales = map[string][]discordgo.Locale{
	"sv": {discordgo.Swedish},
	"en": {discordgo.EnglishUS, discordgo.EnglishGB},
	"es": {discordgo.SpanishES, discordgo.SpanishLATAM},
	"pt": {discordgo.PortugueseBR},
	"zh": {discordgo.ChineseCN, discordgo.ChineseTW},
}

// base is the language of what is shown to those whose language we do not speak.
func (d *Discord) base() string {
	if slices.Contains(d.opts.Languages, "en") {
		return "en"
	}
	return d.opts.Languages[0]
}

// localized gives words in every language but the base.
func (d *Discord) localized(words func(lang string) string) map[discordgo.Locale]string {
	all := map[discordgo.Locale]string{}
	for _, lang := range d.opts.Languages {
		names, ok := locales[lang]
		if !ok {
			names = []discordgo.Locale{discordgo.Locale(lang)}
		}
		for _, name := range names {
			if lang != d.base() {
				all[name] = words(lang)
			}
		}
	}
	return all
}

// commands are all that the bot offers.
func (d *Discord) commands() []*discordgo.ApplicationCommand {
	manage := int64(discordgo.PermissionManageGuild)
	post := d.command(panel, d.languageOption())
	post.DefaultMemberPermissions = &manage
	post.Contexts = &[]discordgo.InteractionContextType{discordgo.InteractionContextGuild}
	post.IntegrationTypes = &[]discordgo.ApplicationIntegrationType{discordgo.ApplicationIntegrationGuildInstall}
	return []*discordgo.ApplicationCommand{d.command(support, d.topicOption()...), d.command(help), d.command(privacy), post}
}

// command is one that everybody may use, everywhere where the bot can be asked in private.
func (d *Discord) command(name string, options ...*discordgo.ApplicationCommandOption) *discordgo.ApplicationCommand {
	names := d.localized(d.saying(nameKey(name)))
	texts := d.localized(d.saying(commandKey(name)))
	return &discordgo.ApplicationCommand{
		Type:                     discordgo.ChatApplicationCommand,
		Name:                     name,
		NameLocalizations:        &names,
		Description:              d.opts.Say(d.base(), commandKey(name)),
		DescriptionLocalizations: &texts,
		Options:                  options,
		Contexts: &[]discordgo.InteractionContextType{
			discordgo.InteractionContextGuild, discordgo.InteractionContextBotDM,
		},
		IntegrationTypes: &[]discordgo.ApplicationIntegrationType{
			discordgo.ApplicationIntegrationGuildInstall, discordgo.ApplicationIntegrationUserInstall,
		},
	}
}

func (d *Discord) saying(key string) func(lang string) string {
	return func(lang string) string { return d.opts.Say(lang, key) }
}

func (d *Discord) option(name string, choices []*discordgo.ApplicationCommandOptionChoice) *discordgo.ApplicationCommandOption {
	return &discordgo.ApplicationCommandOption{
		Type:                     discordgo.ApplicationCommandOptionString,
		Name:                     name,
		NameLocalizations:        d.localized(d.saying(nameKey(name))),
		Description:              d.opts.Say(d.base(), optionKey(name)),
		DescriptionLocalizations: d.localized(d.saying(optionKey(name))),
		Choices:                  choices,
	}
}

// topicOption lets /support open a door at once.
func (d *Discord) topicOption() []*discordgo.ApplicationCommandOption {
	var choices []*discordgo.ApplicationCommandOptionChoice
	for i, t := range d.opts.Topics(d.base()) {
		choices = append(choices, &discordgo.ApplicationCommandOptionChoice{
			Name:              t.Label,
			NameLocalizations: d.localized(func(lang string) string { return d.opts.Topics(lang)[i].Label }),
			Value:             t.Code,
		})
	}
	if choices == nil {
		return nil
	}
	return []*discordgo.ApplicationCommandOption{d.option(topic, choices)}
}

// languageOption lets a server's owner say what the panel is written in.
func (d *Discord) languageOption() *discordgo.ApplicationCommandOption {
	var choices []*discordgo.ApplicationCommandOptionChoice
	for _, lang := range d.opts.Languages {
		choices = append(choices, &discordgo.ApplicationCommandOptionChoice{Name: d.opts.Say(lang, "discord.language"), Value: lang})
	}
	return d.option(language, choices)
}

// panel is the one message that all can see. It says nothing of what the conversation is about beyond what its owner wants to be found.
func (d *Discord) panel(in interaction) *discordgo.InteractionResponse {
	lang := in.option(language)
	if !slices.Contains(d.opts.Languages, lang) {
		lang = d.opts.Match(in.Locale)
	}
	data := screen(bot.Message{
		Text:    d.opts.Say(lang, "discord.panel"),
		Buttons: []bot.Button{{Label: d.opts.Say(lang, "discord.panel-button"), Data: talk, Kind: bot.Option}},
	})
	data.Flags = discordgo.MessageFlagsSuppressEmbeds
	return &discordgo.InteractionResponse{Type: discordgo.InteractionResponseChannelMessageWithSource, Data: data}
}

// register tells Discord the commands, all at once, where it does not have them already; where that cannot be read they are written all the
// same. That it fails is told, and keeps nobody from talking.
func (d *Discord) register(ctx context.Context, h bot.Handler) {
	path := "applications/" + d.app + "/commands"
	known, err := d.api.call(ctx, call{route: "reading the commands", method: http.MethodGet, path: path + "?with_localizations=true"}, channel.CallTimeout)
	want := d.commands()
	if err == nil && same(known, want) {
		return
	}
	if err != nil && ctx.Err() == nil {
		h.Failed(ctx, final(err))
	}
	_, err = d.api.call(ctx, call{route: "registering the commands", method: http.MethodPut, path: path, body: want}, channel.CallTimeout)
	if err != nil && ctx.Err() == nil {
		h.Failed(ctx, final(err))
	}
}

// same reports whether what is registered is what we want, in any order, beside what only Discord says of it.
func same(known json.RawMessage, want []*discordgo.ApplicationCommand) bool {
	var have []*discordgo.ApplicationCommand
	if json.Unmarshal(known, &have) != nil || len(have) != len(want) {
		return false
	}
	byName := map[string]*discordgo.ApplicationCommand{}
	for _, c := range have {
		byName[c.Name] = c
	}
	return !slices.ContainsFunc(want, func(c *discordgo.ApplicationCommand) bool {
		k := byName[c.Name]
		return k == nil || !reflect.DeepEqual(core(k), core(c))
	})
}

// core is a command without what only Discord says of it.
func core(c *discordgo.ApplicationCommand) any {
	text, err := json.Marshal(c)
	var fields map[string]any
	if err != nil || json.Unmarshal(text, &fields) != nil {
		return nil
	}
	for _, name := range []string{"id", "application_id", "version", "default_permission", "dm_permission", "nsfw"} {
		delete(fields, name)
	}
	return without(fields)
}

// without takes out what is empty: an empty list, a null and a field that is not there say the same.
func without(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for k, inner := range v {
			if v[k] = without(inner); v[k] == nil {
				delete(v, k)
			}
		}
		if len(v) == 0 {
			return nil
		}
	case []any:
		for i := range v {
			v[i] = without(v[i])
		}
		if len(v) == 0 {
			return nil
		}
	case bool:
		if !v {
			return nil
		}
	}
	return v
}
