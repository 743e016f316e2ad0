package main

import (
	"errors"
	"fmt"
	"time"

	"motkraft/bot"
	"motkraft/bot/web"
)

// exportCmd writes the web chat as files for another server.
type exportCmd struct {
	Dir string `arg:"" help:"Folder to write to: a new or an empty one, or an earlier export."`
	Day string `help:"Day from which the opening hours are known; default: today." placeholder:"YYYY-MM-DD"`
	flags
}

// Run prints one line where all is well.
func (c *exportCmd) Run(w *world) error {
	s := w.settings(c.flags)
	s.refuseUnknown()
	opts := web.Configured(s.values(web.Channel().Settings))
	day, err := time.Parse(time.DateOnly, c.Day)
	if err != nil && c.Day != "" {
		s.fault("--day is no day: give one such as 2026-11-23")
	}
	if len(opts.Origins) > 1 {
		s.fault("%sWEB_ORIGINS names %d sites, and files can name one only: name one, or serve the chat with motkraft serve", prefix, len(opts.Origins))
	}
	content, err := w.content(w.ctx, s.value("CONTENT"))
	var missing usageError
	if errors.As(err, &missing) {
		s.faults = append(s.faults, missing...)
	}
	if s.faults != nil {
		return s.faults
	}
	if err != nil {
		return err
	}
	if c.Day != "" {
		y, m, d := day.Date()
		begins := time.Date(y, m, d, 0, 0, 0, 0, content.set.Campaign.Zone)
		opts.Now = func() time.Time { return begins }
	}
	sealer, err := bot.NewSealer(bot.RandomKey()) // nothing of an export is sealed
	if err != nil {
		return err
	}
	b, err := bot.New(content.set, content.catalog, bot.Options{Sealer: sealer})
	if err != nil {
		return err
	}
	page, err := web.New(b, opts)
	if err != nil {
		return err
	}
	switch err := page.Export(c.Dir); {
	case errors.Is(err, web.ErrForeign):
		return usageError{fmt.Sprintf("%q: %v: name a new or an empty one", c.Dir, err)}
	case err != nil:
		return fmt.Errorf("%q: %w", c.Dir, err)
	}
	fmt.Fprintf(w.out, "written to %s; the opening hours are known for the coming four weeks: write it anew before they end, best every night\n", c.Dir)
	return nil
}
