package main

import (
	"context"
	"time"

	"motkraft/bot/count"
)

// reportCmd publishes the statistics.
type reportCmd struct {
	JSON bool `name:"json" xor:"form" help:"Write JSON."`
	HTML bool `name:"html" xor:"form" help:"Write a page with charts, to be read or printed."`
}

// reportTimeout is how long the store may take: somebody waits for the report.
const reportTimeout = 10 * time.Second

// Run writes a table where no other form is asked for.
func (c *reportCmd) Run(w *world) error {
	s := w.settings(flags{})
	s.refuseUnknown()
	store, _ := s.counts()
	if store == nil && s.faults == nil {
		s.fault("nothing is counted: set %sCOUNTS as for 'motkraft serve'", prefix)
	}
	if s.faults != nil {
		return s.faults
	}
	defer store.Close()
	ctx, cancel := context.WithTimeout(w.ctx, reportTimeout)
	defer cancel()
	kept, err := store.Read(ctx)
	if err != nil {
		return err
	}
	report := count.Publish(kept, time.Now())
	report.Notes = w.channels.countNotes()
	switch {
	case c.JSON:
		return report.WriteJSON(w.out)
	case c.HTML:
		return report.WritePage(w.out)
	}
	return report.WriteTable(w.out)
}
