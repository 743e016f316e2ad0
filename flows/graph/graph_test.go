package graph_test

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"

	"motkraft/flows"
	"motkraft/flows/graph"
	"motkraft/locales"
)

// embedded is the tree that ships, and its words.
func embedded(t *testing.T) (*flows.Set, func(string) string) {
	t.Helper()
	set, problems := flows.Load(flows.Embedded)
	catalog, more := locales.Load(locales.Embedded, set.Campaign.Language)
	if err := append(problems, more...).Err(); err != nil {
		t.Fatal(err)
	}
	return set, func(key string) string { return catalog.Phrase("sv", key).Fill() }
}

// Every node has its box and every option its line, in each format.
func TestNothingIsLeftOut(t *testing.T) {
	set, say := embedded(t)
	charts := graph.Of(set, "", say)
	var mermaid, dot, svg bytes.Buffer
	for format, write := range map[*bytes.Buffer]func(io.Writer, []graph.Chart) error{&mermaid: graph.Mermaid, &dot: graph.DOT, &svg: graph.SVG} {
		if err := write(format, charts); err != nil {
			t.Fatal(err)
		}
	}
	ways := 0
	for _, n := range set.Nodes {
		if !strings.Contains(mermaid.String(), fmt.Sprintf("%q", n.ID)) || !strings.Contains(svg.String(), ">"+string(n.ID)+"<") || !strings.Contains(dot.String(), fmt.Sprintf("    %q [shape=", n.ID)) {
			t.Errorf("%s is missing", n.ID)
		}
		for _, o := range n.Options {
			ways++
			if !strings.Contains(dot.String(), fmt.Sprintf("  %q -> %q [label=%q]\n", n.ID, o.To, say(o.Message))) {
				t.Errorf("%s is missing in the DOT file", o.Message)
			}
			if !strings.Contains(mermaid.String(), fmt.Sprintf("-->|%q| ", say(o.Message))) || !strings.Contains(svg.String(), ">• "+say(o.Message)+"<") {
				t.Errorf("%s is missing", o.Message)
			}
		}
		if n.Ask != nil {
			ways++
		}
	}
	if found := strings.Count(mermaid.String(), "-->"); found != ways || ways == 0 {
		t.Errorf("%d lines in the diagram, expected %d", found, ways)
	}
	if found := strings.Count(svg.String(), "<path ") + strings.Count(svg.String(), ">→ "); found != ways {
		t.Errorf("%d ways in the drawing, expected %d", found, ways)
	}
}

// element is what matters of a drawing.
type element struct {
	X, Y, Width, Height int
	Class               string
}

// The drawing is well-formed, holds nothing that is fetched or run, and no box lies over another or outside.
func TestDrawing(t *testing.T) {
	set, say := embedded(t)
	for _, flow := range []string{"", "acute", "buy", "sell", "young"} {
		var svg bytes.Buffer
		if err := graph.SVG(&svg, graph.Of(set, flow, say)); err != nil {
			t.Fatal(err)
		}
		for _, banned := range []string{"<script", "<image", "<use", "href", "url(", "@import", "<a "} {
			if strings.Contains(svg.String(), banned) {
				t.Errorf("%q in the drawing of %q", banned, flow)
			}
		}
		var sheet element
		var boxes []element
		for dec := xml.NewDecoder(&svg); ; {
			token, err := dec.Token()
			if err == io.EOF {
				break
			}
			if err != nil {
				t.Fatal(err)
			}
			if start, ok := token.(xml.StartElement); ok && start.Name.Local == "rect" {
				if e := rect(t, start); e.Class == "sheet" {
					sheet = e
				} else {
					boxes = append(boxes, e)
				}
			}
		}
		if len(boxes) == 0 {
			t.Errorf("no box in the drawing of %q", flow)
		}
		for i, a := range boxes {
			if a.X < 0 || a.Y < 0 || a.X+a.Width > sheet.Width || a.Y+a.Height > sheet.Height {
				t.Errorf("%q: a box at %d, %d is not on the sheet", flow, a.X, a.Y)
			}
			for _, b := range boxes[:i] {
				if a.X < b.X+b.Width && b.X < a.X+a.Width && a.Y < b.Y+b.Height && b.Y < a.Y+a.Height {
					t.Errorf("%q: the boxes at %d, %d and %d, %d lie over each other", flow, a.X, a.Y, b.X, b.Y)
				}
			}
		}
	}
}

func rect(t *testing.T, start xml.StartElement) (e element) {
	t.Helper()
	for _, a := range start.Attr {
		into := map[string]*int{"x": &e.X, "y": &e.Y, "width": &e.Width, "height": &e.Height}[a.Name.Local]
		if into != nil {
			if _, err := fmt.Sscan(a.Value, into); err != nil {
				t.Fatal(err)
			}
		}
		if a.Name.Local == "class" {
			e.Class = a.Value
		}
	}
	return e
}

// Words can hold what a format gives a meaning.
func TestWordsStayWords(t *testing.T) {
	charts := []graph.Chart{{Flow: "help", Boxes: []graph.Box{{ID: "help/near", Head: "<b>&", Rows: []graph.Row{{Label: `"<x> & \#`, To: "help/near"}}}}}}
	for want, write := range map[string]func(io.Writer, []graph.Chart) error{
		`-->|"#quot;<x> & \#35;"|`:  graph.Mermaid,
		`[label="\"<x> & \\#"]`:     graph.DOT,
		`• &#34;&lt;x&gt; &amp; \#`: graph.SVG,
	} {
		var out bytes.Buffer
		if err := write(&out, charts); err != nil || !strings.Contains(out.String(), want) {
			t.Errorf("no %s in\n%s (%v)", want, out.String(), err)
		}
	}
}

// The README shows the first screens as they are.
func TestReadmeShowsTheTree(t *testing.T) {
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	set, _ := embedded(t)
	catalog, _ := locales.Load(locales.Embedded, set.Campaign.Language)
	var out bytes.Buffer
	if err := graph.Mermaid(&out, graph.Of(set, "start", func(key string) string { return catalog.Phrase("en", key).Fill() })); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(readme), "```mermaid\n"+out.String()+"```\n") {
		t.Errorf("the README does not show what `motkraft graph start --lang en` prints:\n%s", out.String())
	}
}
