package graph

import (
	"fmt"
	"io"
	"strings"

	"motkraft/flows"
)

// Mermaid writes the charts as one diagram. A flow that is drawn alone needs no frame.
func Mermaid(w io.Writer, charts []Chart) error {
	var b strings.Builder
	b.WriteString("flowchart LR\n")
	quote := func(s string) string { return `"` + strings.NewReplacer(`"`, "#quot;", "#", "#35;").Replace(s) + `"` }
	shapes := map[Kind][2]string{Question: {"[", "]"}, Place: {"{{", "}}"}, Referral: {"([", "])"}}
	inside := drawn(charts)
	for _, c := range charts {
		indent := "  "
		if len(charts) > 1 {
			fmt.Fprintf(&b, "  subgraph %s\n", c.Flow)
			indent = "    "
		}
		for _, box := range c.Boxes {
			fmt.Fprintf(&b, "%s%s%s%s%s\n", indent, name(box.ID), shapes[box.Kind][0], quote(string(box.ID)), shapes[box.Kind][1])
		}
		if len(charts) > 1 {
			b.WriteString("  end\n")
		}
	}
	for _, id := range outside(charts, inside) {
		fmt.Fprintf(&b, "  %s>%s]\n", name(id), quote(string(id)))
	}
	for _, c := range charts {
		for _, box := range c.Boxes {
			for _, row := range box.Rows {
				fmt.Fprintf(&b, "  %s -->|%s| %s\n", name(box.ID), quote(row.Label), name(row.To))
			}
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// DOT writes the charts for Graphviz and what reads its files.
func DOT(w io.Writer, charts []Chart) error {
	var b strings.Builder
	b.WriteString("digraph motkraft {\n  rankdir=LR\n  node [fontname=\"sans-serif\", shape=box]\n  edge [fontname=\"sans-serif\", fontsize=10]\n")
	quote := func(s string) string { return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(s) + `"` }
	shapes := map[Kind]string{Question: "box", Place: "hexagon", Referral: "oval"}
	inside := drawn(charts)
	for _, c := range charts {
		fmt.Fprintf(&b, "  subgraph %s {\n    label=%s\n", quote("cluster_"+c.Flow), quote(c.Flow))
		for _, box := range c.Boxes {
			fmt.Fprintf(&b, "    %s [shape=%s]\n", quote(string(box.ID)), shapes[box.Kind])
		}
		b.WriteString("  }\n")
	}
	for _, id := range outside(charts, inside) {
		fmt.Fprintf(&b, "  %s [style=dashed]\n", quote(string(id)))
	}
	for _, c := range charts {
		for _, box := range c.Boxes {
			for _, row := range box.Rows {
				fmt.Fprintf(&b, "  %s -> %s [label=%s]\n", quote(string(box.ID)), quote(string(row.To)), quote(row.Label))
			}
		}
	}
	b.WriteString("}\n")
	_, err := io.WriteString(w, b.String())
	return err
}

// name is a node's in Mermaid, where it may be none of its words.
func name(id flows.ID) string {
	return "n_" + strings.NewReplacer("/", "__", "-", "_").Replace(string(id))
}

// drawn gives the nodes that have a box.
func drawn(charts []Chart) map[flows.ID]bool {
	out := map[flows.ID]bool{}
	for _, c := range charts {
		for _, box := range c.Boxes {
			out[box.ID] = true
		}
	}
	return out
}

// outside gives the nodes that are led to and have no box, each once, in the order in which they are met.
func outside(charts []Chart, inside map[flows.ID]bool) (out []flows.ID) {
	seen := map[flows.ID]bool{}
	for _, c := range charts {
		for _, box := range c.Boxes {
			for _, row := range box.Rows {
				if !inside[row.To] && !seen[row.To] {
					seen[row.To] = true
					out = append(out, row.To)
				}
			}
		}
	}
	return out
}
