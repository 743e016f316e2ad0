// Package graph draws the tree, a flow at a time, for people who change it: as Mermaid for a page on GitHub, as DOT for other tools, and as an
// SVG that needs nothing else.
//
// Start at Of, which takes the flows apart into boxes; the three formats are in files of their own.
//
// # Why
//
// A flow is drawn by itself, and a way out of it is named where it begins: with every line of the whole tree on one sheet nobody could follow
// any. The SVG is laid out here, since the layout libraries there are for Go either run another program or bring one along: with columns by the
// number of taps, and lines only from one column to the next, there is little to lay out.
package graph

import (
	"strings"

	"motkraft/flows"
)

// Chart is one flow as it is drawn.
type Chart struct {
	Flow  string
	Boxes []Box // in the file's order
}

// Box is a node.
type Box struct {
	ID   flows.ID
	Kind Kind
	Head string // the first sentence of what it says
	Note string // what is asked, or who is referred to
	Rows []Row
}

// Row is an option, or the way on from a place question.
type Row struct {
	Label string
	To    flows.ID
}

// Kind is what sort of screen it is.
type Kind int

// The kinds of screens. A referral may have options below it.
const (
	Question Kind = iota
	Place
	Referral
)

// Of gives the chart of a flow, or of every flow where none is named; nothing where there is no such flow. Say gives a message.
func Of(set *flows.Set, flow string, say func(key string) string) []Chart {
	var out []Chart
	for _, n := range set.Nodes {
		if flow != "" && n.ID.Flow() != flow {
			continue
		}
		if len(out) == 0 || out[len(out)-1].Flow != n.ID.Flow() {
			out = append(out, Chart{Flow: n.ID.Flow()})
		}
		chart := &out[len(out)-1]
		chart.Boxes = append(chart.Boxes, box(n, say))
	}
	return out
}

func box(n *flows.Node, say func(string) string) Box {
	b := Box{ID: n.ID, Head: head(say(string(n.ID)))}
	switch {
	case n.Ask != nil:
		b.Kind, b.Note = Place, "ask: place"
		b.Rows = append(b.Rows, Row{"…", n.Ask.To})
	case n.Refer != nil:
		b.Kind, b.Note = Referral, refer(n.Refer)
	}
	for _, o := range n.Options {
		b.Rows = append(b.Rows, Row{say(o.Message), o.To})
	}
	return b
}

// refer says a referral as it stands in the file.
func refer(r *flows.Refer) string {
	parts := []string{"refer: " + r.To}
	if r.For != "" {
		parts = append(parts, r.For)
	}
	if r.Near {
		parts = append(parts, "near place")
	}
	switch {
	case r.Unlimited:
		parts = append(parts, "no limit of age")
	case r.Ages.Limited():
		parts = append(parts, r.Ages.String())
	}
	return strings.Join(parts, ", ")
}

// head is the first sentence of a text.
func head(text string) string {
	text, _, _ = strings.Cut(text, "\n")
	for i, r := range text {
		if strings.ContainsRune(".?!", r) && (i+1 == len(text) || text[i+1] == ' ') {
			return text[:i+1]
		}
	}
	return text
}
