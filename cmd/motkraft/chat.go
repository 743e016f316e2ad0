package main

import (
	"strings"

	"motkraft/bot"
	"motkraft/bot/terminal"
)

// chatCmd walks the conversation in a terminal.
type chatCmd struct {
	flags
	Lang string `help:"Language to begin in, such as en; default: sv." placeholder:"LANG"`
}

// Run talks until the input ends.
func (c *chatCmd) Run(w *world) error {
	s := w.settings(c.flags)
	content, err := w.content(w.ctx, s.value("CONTENT"))
	if err != nil {
		return err
	}
	if c.Lang != "" && !content.catalog.Speaks(c.Lang) {
		return usageError{"--lang is none that is spoken here: give one of " + strings.Join(content.catalog.Languages(), ", ")}
	}
	sealer, err := bot.NewSealer(bot.RandomKey()) // nothing outlives this conversation
	if err != nil {
		return err
	}
	b, err := bot.New(content.set, content.catalog, bot.Options{Sealer: sealer})
	if err != nil {
		return err
	}
	t := &terminal.Terminal{In: w.in, Out: w.out, Lang: c.Lang, Styled: isTerminal(w.out) && w.environ["NO_COLOR"] == ""}
	return t.Run(w.ctx, b)
}
