package main

import (
	"errors"
	"fmt"
	"strings"

	"motkraft/bot"
	"motkraft/bot/problem"
)

// checkCmd reads all content and prints every problem.
type checkCmd struct {
	Content string `help:"Folder with flows and locales; default: what is built in." placeholder:"DIR"`
}

// Run prints one line where all is well.
func (c *checkCmd) Run(w *world) error {
	s := &settings{getenv: w.getenv}
	content, err := loadContent(s.value(c.Content, "CONTENT", ""))
	if err == nil {
		err = bot.Check(content.set, content.catalog).Err()
	}
	var problems problem.List
	if errors.As(err, &problems) {
		fmt.Fprintln(w.out, problems.Error())
		return errSaid
	}
	if err != nil {
		return err
	}
	unverified, contacts := 0, 0
	for _, service := range content.set.Services {
		for _, contact := range service.Contacts {
			contacts++
			if contact.VerifiedOn.IsZero() {
				unverified++
			}
		}
	}
	fmt.Fprintf(w.out, "no problems: %d nodes, %d services, languages %s; %d of %d contacts not yet verified by a person\n",
		len(content.set.Nodes), len(content.set.Services), strings.Join(content.catalog.Languages(), ", "), unverified, contacts)
	return nil
}
