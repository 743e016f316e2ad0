package discord

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/bwmarrin/discordgo"

	"motkraft/bot"
	"motkraft/bot/channel"
)

// interaction is what Discord sends, as far as we look: who did it and where is not read at all
// (https://discord.com/developers/docs/interactions/receiving-and-responding#interaction-object).
type interaction struct {
	ID      string                    `json:"id"`
	App     string                    `json:"application_id"`
	Type    discordgo.InteractionType `json:"type"`
	Token   string                    `json:"token"`
	Locale  string                    `json:"locale"`
	Message *struct {
		ID    string                 `json:"id"`
		Flags discordgo.MessageFlags `json:"flags"`
	} `json:"message"`
	Data struct {
		Name     string `json:"name"`
		CustomID string `json:"custom_id"`
		Options  []struct {
			Name  string `json:"name"`
			Value any    `json:"value"`
		} `json:"options"`
	} `json:"data"`
}

// isID reports whether a text is an id of Discord's, so that it can stand in an address.
func isID(s string) bool {
	n, err := strconv.ParseUint(s, 10, 64)
	return err == nil && n > 0
}

// usable reports whether there is somebody to answer.
func (in *interaction) usable() bool { return isID(in.ID) && isID(in.App) && in.Token != "" }

// epoch is when Discord's ids begin, in ms (https://discord.com/developers/docs/reference#snowflakes).
const epoch = 1420070400000

// made is when it was done, by Discord's clock.
func (in *interaction) made() time.Time {
	n, err := strconv.ParseInt(in.ID, 10, 64)
	if err != nil {
		return time.Time{}
	}
	return time.UnixMilli(n>>22 + epoch)
}

// line is what it is to be answered in order with: what is pressed on one message.
func (in *interaction) line() string {
	if in.Message != nil {
		return in.Message.ID
	}
	return in.ID
}

// option gives the value of an option of a command; "" where it was not given.
func (in *interaction) option(name string) string {
	for _, o := range in.Data.Options {
		if s, ok := o.Value.(string); ok && o.Name == name {
			return s
		}
	}
	return ""
}

// errLate is told of where an interaction came too late: Discord has given it up.
var errLate = errors.New("discord: an interaction came too late to be answered")

// reply carries a response to Discord.
type reply func(context.Context, *discordgo.InteractionResponse) error

// take answers an interaction in its line, and calls replied, where it is not nil, once no more is replied. It reports false, and does
// nothing, where the adapter has stopped.
func (d *Discord) take(h bot.Handler, in interaction, carry reply, replied func()) bool {
	return d.queues.Add(in.line(), func() {
		channel.Guard(d.hand, h, func() {
			cleared, err := d.answer(h, in, carry, replied)
			if cleared && err == nil {
				err = d.vanish(in)
			}
			if err != nil {
				h.Failed(d.hand, err)
			}
		})
	}, nil)
}

// answer gives an interaction its answer, while Discord waits for it. It reports whether the conversation is to be taken away then.
func (d *Discord) answer(h bot.Handler, in interaction, carry reply, replied func()) (cleared bool, err error) {
	if replied != nil {
		defer replied()
	}
	left := d.opts.FirstAnswer - d.api.clock().Sub(in.made())
	if left <= 0 {
		return false, errLate
	}
	ctx, cancel := context.WithTimeout(d.hand, min(left, d.opts.FirstAnswer))
	defer cancel()
	response, cleared := d.respond(ctx, h, in)
	return cleared, carry(ctx, response)
}

// overGateway answers by a call.
func (d *Discord) overGateway(h bot.Handler, in interaction) {
	d.take(h, in, func(ctx context.Context, r *discordgo.InteractionResponse) error {
		_, err := d.api.call(ctx, call{
			route:  "an interaction's answer",
			method: http.MethodPost,
			path:   "interactions/" + in.ID + "/" + url.PathEscape(in.Token) + "/callback",
			body:   r,
			open:   true,
		}, answerTimeout)
		return err
	}, nil)
}

// vanishTimeout is how long the clearing is tried.
const vanishTimeout = 10 * time.Second

// vanish deletes the answer that a press stood on. That somebody was quicker, or closed it, is no failure.
func (d *Discord) vanish(in interaction) error {
	ctx, cancel := context.WithTimeout(d.hand, vanishTimeout)
	defer cancel()
	_, err := channel.Call(ctx, backoff, func() (json.RawMessage, error) {
		body, err := d.api.try(ctx, call{
			route:  "the clearing of an answer",
			method: http.MethodDelete,
			path:   "webhooks/" + in.App + "/" + url.PathEscape(in.Token) + "/messages/@original",
			open:   true,
		}, channel.CallTimeout)
		var refused *refusal
		switch {
		case !errors.As(err, &refused):
		case refused.code == unknownMessage:
			return nil, nil
		case refused.code == unknownWebhook:
			return nil, &channel.Temporary{Channel: "discord", Call: refused.route, What: "an answer by HTTP may be still on its way"}
		}
		return body, err
	})
	return err
}

// respond says what an interaction leads to. Whatever it is, there is an answer.
func (d *Discord) respond(ctx context.Context, h bot.Handler, in interaction) (r *discordgo.InteractionResponse, cleared bool) {
	if in.Type == discordgo.InteractionApplicationCommandAutocomplete { // no option of ours asks for it
		return &discordgo.InteractionResponse{
			Type: discordgo.InteractionApplicationCommandAutocompleteResult,
			Data: &discordgo.InteractionResponseData{Choices: []*discordgo.ApplicationCommandOptionChoice{}},
		}, false
	}
	if in.Type == discordgo.InteractionApplicationCommand && in.Data.Name == panel {
		return d.panel(in), false
	}
	if d.passedOver(in) {
		return &discordgo.InteractionResponse{Type: discordgo.InteractionResponseDeferredMessageUpdate}, false
	}
	m := h.Handle(ctx, in.update())
	if in.Type == discordgo.InteractionApplicationCommand && in.Data.Name == privacy {
		m.Text = d.opts.Say(m.Lang, "discord.privacy")
	}
	cleared = m.Clear && in.private()
	if text := d.opts.Say(m.Lang, "discord.cleared"); cleared && text != "" {
		m.Text = text
	}
	kind := discordgo.InteractionResponseChannelMessageWithSource
	if in.private() {
		kind = discordgo.InteractionResponseUpdateMessage
	}
	return &discordgo.InteractionResponse{Type: kind, Data: screen(m)}, cleared
}

// passedOver reports whether a press is one of a flood, with another one behind it on the same message, which will change it.
func (d *Discord) passedOver(in interaction) bool {
	return in.private() && d.opts.Pace.IsOver(in.line()) && d.queues.Waiting(in.line()) > 0
}

// private reports whether it was done on a message that only this person sees. What is pressed on any other gets a message of its own.
func (in *interaction) private() bool {
	return in.Type == discordgo.InteractionMessageComponent && in.Message != nil && in.Message.Flags&discordgo.MessageFlagsEphemeral != 0
}

// update is what the core is told.
func (in *interaction) update() bot.Update {
	u := bot.Update{Lang: in.Locale}
	switch {
	case in.Type == discordgo.InteractionMessageComponent && in.Data.CustomID != talk:
		u.Data = in.Data.CustomID
	case in.Type == discordgo.InteractionApplicationCommand && (in.Data.Name == help || in.Data.Name == privacy):
		u.Text = "/" + in.Data.Name
	case in.Type == discordgo.InteractionApplicationCommand:
		u.Start = in.option(topic)
	}
	return u
}

// screen is a message as Discord shows it: to one person, without previews of addresses, and pinging nobody.
func screen(m bot.Message) *discordgo.InteractionResponseData {
	return &discordgo.InteractionResponseData{
		Content:         plain(m.Text),
		Components:      rows(m.Buttons),
		Embeds:          []*discordgo.MessageEmbed{},
		AllowedMentions: &discordgo.MessageAllowedMentions{Parse: []discordgo.AllowedMentionType{}},
		Flags:           discordgo.MessageFlagsEphemeral | discordgo.MessageFlagsSuppressEmbeds,
	}
}
