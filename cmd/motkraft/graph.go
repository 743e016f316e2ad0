package main

import (
	"fmt"
	"slices"
	"strings"

	"motkraft/flows/graph"
)

// graphCmd draws the tree.
type graphCmd struct {
	Flow   string `arg:"" optional:"" help:"Only this flow, such as buy."`
	Format string `enum:"mermaid,dot,svg" default:"mermaid" help:"mermaid, dot or svg."`
	Lang   string `help:"Language of the labels; default: that of the content." placeholder:"LANG"`
	flags
}

// Run writes the drawing to the output.
func (c *graphCmd) Run(w *world) error {
	s := w.settings(c.flags)
	content, err := w.content(w.ctx, s.value("CONTENT"))
	if err != nil {
		return err
	}
	languages := content.catalog.Languages()
	if c.Lang == "" {
		c.Lang = languages[0]
	}
	if !slices.Contains(languages, c.Lang) {
		return usageError{"--lang is none that is spoken here: give one of " + strings.Join(languages, ", ")}
	}
	charts := graph.Of(content.set, c.Flow, func(key string) string { return content.catalog.Phrase(c.Lang, key).Fill("Checked", "…") })
	if len(charts) == 0 {
		var names []string
		for _, chart := range graph.Of(content.set, "", func(string) string { return "" }) {
			names = append(names, chart.Flow)
		}
		return usageError{fmt.Sprintf("there is no flow %q: give one of %s", c.Flow, strings.Join(names, ", "))}
	}
	switch c.Format {
	case "svg":
		return graph.SVG(w.out, charts)
	case "dot":
		return graph.DOT(w.out, charts)
	}
	return graph.Mermaid(w.out, charts)
}
