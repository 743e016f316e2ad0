package main

import (
	"context"
	"fmt"
	"time"

	"motkraft/bot/discord"
)

// discordInviteCmd prints the invite link. It asks Discord whose the token is, and nothing else.
type discordInviteCmd struct{}

// inviteTimeout is how long Discord is waited for.
const inviteTimeout = 15 * time.Second

// Run prints one line.
func (c *discordInviteCmd) Run(w *world) error {
	s := w.settings(flags{})
	dc := discord.Channel()
	v := s.values(dc.Settings)
	if !dc.On(v) && s.faults == nil {
		s.fault("%sDISCORD_TOKEN is not set: copy it from the application's page at Discord, under Bot", prefix)
	}
	if s.faults != nil {
		return s.faults
	}
	ctx, cancel := context.WithTimeout(w.ctx, inviteTimeout)
	defer cancel()
	link, err := discord.Invite(ctx, v["DISCORD_TOKEN"], v["DISCORD_API"])
	if err != nil {
		return err
	}
	fmt.Fprintln(w.out, link)
	return nil
}
