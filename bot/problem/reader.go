package problem

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
	"golang.org/x/text/unicode/norm"
)

// The rules that every content file keeps.
const (
	RuleYAML      Rule = "yaml"
	RuleUnknown   Rule = "unknown"
	RuleDuplicate Rule = "duplicate"
	RuleMissing   Rule = "missing"
	RuleKind      Rule = "kind"
)

// Reader walks one YAML file. It keeps every position and reports every problem, and goes on after each. It reads strictly: no unknown
// field, nothing twice, nothing that is written at another place (see Document).
type Reader struct {
	File     string // as problems name it
	Problems *List
}

// yamlLine finds the line in the library's messages, which carry no position of their own.
var yamlLine = regexp.MustCompile(`^yaml: (?:while [^:]*: )?line (\d+)(?:, column (\d+))?: `)

// Document reads a file's one document; nil where there is none. What is in it is written where it stands: anchors, aliases, merge keys and tags
// are problems, and are gone from the nodes.
func (r *Reader) Document(fsys fs.FS, name string) *yaml.Node {
	data, err := readFile(fsys, name)
	if err != nil {
		r.Problems.Add(Pos{File: r.File, Line: 1, Column: 1}, RuleYAML, "unreadable: %s, expected a YAML file", Pathless(err))
		return nil
	}
	dec := yaml.NewDecoder(bytes.NewReader(norm.NFC.Bytes(data))) // some systems take an å apart: it is one letter wherever it is counted or compared
	var doc yaml.Node
	if err := dec.Decode(&doc); err != nil {
		if errors.Is(err, io.EOF) {
			r.Problems.Add(Pos{File: r.File, Line: 1, Column: 1}, RuleYAML, "an empty file, expected a mapping")
			return nil
		}
		pos := Pos{File: r.File, Line: 1, Column: 1}
		text := err.Error()
		if m := yamlLine.FindStringSubmatch(text); m != nil {
			pos.Line, _ = strconv.Atoi(m[1])
			if m[2] != "" {
				pos.Column, _ = strconv.Atoi(m[2])
			}
			text = text[len(m[0]):]
		}
		r.Problems.Add(pos, RuleYAML, "%s, expected well-formed YAML", strings.TrimPrefix(text, "yaml: "))
		return nil
	}
	var more yaml.Node
	if err := dec.Decode(&more); !errors.Is(err, io.EOF) {
		r.Problems.Add(Pos{File: r.File, Line: max(more.Line, 1), Column: max(more.Column, 1)}, RuleYAML, "a second document, expected one in a file")
	}
	r.plain(doc.Content[0], nil)
	return doc.Content[0]
}

// Pos is where a node stands.
func (r *Reader) Pos(n *yaml.Node) Pos {
	return Pos{File: r.File, Line: n.Line, Column: n.Column}
}

// Field is one key of a mapping that a file may have.
type Field struct {
	Read     func(n *yaml.Node)
	Required bool
}

// Fields reads a mapping with known keys. What names the mapping in problems, such as "a node".
func (r *Reader) Fields(n *yaml.Node, what string, known map[string]Field) {
	seen := map[string]bool{}
	r.Pairs(n, what, func(key, value *yaml.Node) {
		f, ok := known[key.Value]
		if !ok {
			r.Problems.Add(r.Pos(key), RuleUnknown, "field %q, expected in %s: %s", key.Value, what, strings.Join(slices.Sorted(maps.Keys(known)), ", "))
			return
		}
		seen[key.Value] = true
		f.Read(value)
	})
	if n.Kind != yaml.MappingNode {
		return
	}
	for _, name := range slices.Sorted(maps.Keys(known)) {
		if known[name].Required && !seen[name] {
			r.Problems.Add(r.Pos(n), RuleMissing, "%s without %q, expected it", what, name)
		}
	}
}

// Pairs reads a mapping with free keys, each once.
func (r *Reader) Pairs(n *yaml.Node, what string, read func(key, value *yaml.Node)) {
	if n.Kind != yaml.MappingNode {
		r.Problems.Add(r.Pos(n), RuleKind, "%s, expected %s as a mapping", Describe(n), what)
		return
	}
	first := map[string]*yaml.Node{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		if key.Kind != yaml.ScalarNode {
			r.Problems.Add(r.Pos(key), RuleKind, "%s, expected a name in %s", Describe(key), what)
			continue
		}
		if before, ok := first[key.Value]; ok {
			r.Problems.Add(r.Pos(key), RuleDuplicate, "%q again in %s, expected once; the first one stands at %s", key.Value, what, r.Pos(before))
			continue
		}
		first[key.Value] = key
		read(key, value)
	}
}

// Items reads a list.
func (r *Reader) Items(n *yaml.Node, what string, read func(item *yaml.Node)) {
	if n.Kind != yaml.SequenceNode {
		r.Problems.Add(r.Pos(n), RuleKind, "%s, expected %s as a list", Describe(n), what)
		return
	}
	for _, item := range n.Content {
		read(item)
	}
}

// Text reads a text that is not empty.
func (r *Reader) Text(n *yaml.Node, what string, into *string) bool {
	if n.Kind != yaml.ScalarNode || n.Tag == "!!null" || strings.TrimSpace(n.Value) == "" {
		r.Problems.Add(r.Pos(n), RuleKind, "%s, expected %s as a text", Describe(n), what)
		return false
	}
	*into = n.Value
	return true
}

// Truth reads true or false.
func (r *Reader) Truth(n *yaml.Node, what string, into *bool) {
	if err := n.Decode(into); err != nil || n.Tag != "!!bool" {
		r.Problems.Add(r.Pos(n), RuleKind, "%s, expected %s as true or false", Describe(n), what)
	}
}

// Describe says what was found, for problems.
func Describe(n *yaml.Node) string {
	switch n.Kind {
	case yaml.MappingNode:
		return "a mapping"
	case yaml.SequenceNode:
		return "a list"
	}
	if n.Tag == "!!null" || strings.TrimSpace(n.Value) == "" {
		return "nothing"
	}
	return fmt.Sprintf("%q", n.Value)
}
