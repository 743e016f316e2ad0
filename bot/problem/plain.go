package problem

import (
	"slices"

	"go.yaml.in/yaml/v3"
)

// mergeTag is the tag that the library gives to the key << where it stands without quotes.
const mergeTag = "!!merge"

// plain reports every anchor, alias, merge key and tag under a node, and puts in their place what they stand for, so that each is one problem and
// no reader meets them. Above are the nodes that the node stands in.
//
// An editor looks for a value where it stands and changes it there; whoever changes an anchor changes services that they do not see. And a
// reader of values alone would take an alias for the word that it is called by.
func (r *Reader) plain(n *yaml.Node, above []*yaml.Node) {
	if n.Anchor != "" {
		r.Problems.Add(r.Pos(n), RuleYAML, "an anchor %q, expected the value alone, written out wherever it is meant", "&"+n.Anchor)
		n.Anchor = ""
	}
	if n.Style&yaml.TaggedStyle != 0 {
		r.Problems.Add(r.Pos(n), RuleYAML, "a tag %q, expected the value alone", n.Tag)
		n.Style &^= yaml.TaggedStyle
		n.Tag = ""
		n.Tag = n.ShortTag()
	}
	if n.Kind == yaml.AliasNode {
		r.Problems.Add(r.Pos(n), RuleYAML, "an alias %q, expected the value itself, written out", "*"+n.Value)
		stand(n, n.Alias, above)
		return
	}
	above = append(above, n)
	for _, c := range n.Content {
		r.plain(c, above)
	}
	if n.Kind == yaml.MappingNode {
		r.unmerge(n)
	}
}

// stand puts what an alias stands for in its place. An alias of what it stands in would have no end: nothing is put there.
func stand(n, meant *yaml.Node, above []*yaml.Node) {
	line, column := n.Line, n.Column
	if *n = *meant; slices.Contains(above, meant) {
		*n = yaml.Node{Kind: yaml.ScalarNode, Tag: "!!null"}
	}
	n.Line, n.Column = line, column
}

// unmerge takes the merge keys out of a mapping and puts what they stand for behind its own.
func (r *Reader) unmerge(n *yaml.Node) {
	var own, merged []*yaml.Node
	has := map[string]bool{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		if key.Tag != mergeTag {
			own, has[key.Value] = append(own, key, value), true
			continue
		}
		r.Problems.Add(r.Pos(key), RuleYAML, "a merge key \"<<\", expected each field written out")
		merged = append(merged, value)
		if value.Kind == yaml.SequenceNode {
			merged = append(merged, value.Content...)
		}
	}
	for _, m := range merged {
		if m.Kind != yaml.MappingNode {
			continue
		}
		for i := 0; i+1 < len(m.Content); i += 2 {
			if key := m.Content[i]; !has[key.Value] {
				own, has[key.Value] = append(own, key, m.Content[i+1]), true
			}
		}
	}
	n.Content = own
}
