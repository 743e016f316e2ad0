package discord

import (
	"context"
	"net/url"
	"time"

	"motkraft/bot/channel"
)

// authorize is where a server's owner, or a person for themself, lets the bot in
// (https://discord.com/developers/docs/topics/oauth2#bot-authorization-flow).
const authorize = "https://discord.com/oauth2/authorize"

// Invite gives the link that lets the bot in, with its commands and without any permission. It asks Discord which application the token
// belongs to; its error holds neither the token nor Discord's words.
func Invite(ctx context.Context, token, api string) (string, error) {
	body, err := newAPI(token, api, time.Now).call(ctx, me, channel.CallTimeout)
	if err != nil {
		return "", final(err)
	}
	id, err := appID(body)
	if err != nil {
		return "", err
	}
	return authorize + "?" + url.Values{"client_id": {id}, "scope": {"applications.commands"}}.Encode(), nil
}
