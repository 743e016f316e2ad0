package main

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"motkraft/bot/problem"
)

// checkCmd reads all content and prints every problem.
type checkCmd struct {
	Release bool `help:"List what a person must verify before a launch, what most people would meet first; exit code 1 while there is any."`
	flags
}

// Run prints one line where all is well.
func (c *checkCmd) Run(w *world) error {
	s := w.settings(c.flags)
	dir := s.value("CONTENT")
	content, err := fromFolder(w, w.ctx, func() (content, error) { return w.checked(dir) })
	var problems problem.List
	if errors.As(err, &problems) {
		fmt.Fprintln(w.out, problems.Error())
		return errSaid
	}
	if err != nil {
		return err
	}
	if c.Release {
		return c.release(w, content)
	}
	contacts, waiting := 0, 0
	for _, service := range content.set.Services {
		contacts += len(service.Contacts)
	}
	for _, due := range content.set.Due(time.Now()) {
		if due.Old {
			fmt.Fprintf(w.out, "%s: warning: %s\n", due.Pos, due.Text)
		} else {
			waiting++
		}
	}
	fmt.Fprintf(w.out, "no problems: %d nodes, %d services with %d contacts, languages %s; %d things wait to be verified by a person (check --release lists them)\n",
		len(content.set.Nodes), len(content.set.Services), contacts, strings.Join(content.catalog.Languages(), ", "), waiting)
	return nil
}

// release lists what stands between this content and a launch.
func (c *checkCmd) release(w *world, content content) error {
	due := content.set.Due(time.Now())
	for _, d := range due {
		fmt.Fprintf(w.out, "%4.0f of 1000 people: %s: %s\n", d.Met, d.Pos, d.Text)
	}
	if len(due) > 0 {
		fmt.Fprintf(w.out, "%d things to verify before a launch\n", len(due))
		return errSaid
	}
	fmt.Fprintln(w.out, "nothing is left to verify")
	return nil
}
