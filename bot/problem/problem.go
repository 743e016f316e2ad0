// Package problem says where a mistake in the content stands and what it is.
//
// Content is everything an editor writes without code: the flows, the service directory, the places, the words. Whoever reads
// content collects a List and reports all of it, sorted, so that an editor mends a file in one go.
//
// # Why
//
// flows and locales know nothing of each other, and package bot knows both; what they report must look the same. So this leaf
// stands below all three and imports none of them.
package problem

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Pos is a place in a content file. Line and Column count from 1, Column in characters as YAML tools count them.
type Pos struct {
	File         string // with slashes, relative to the content folder, such as "flows/buy.yaml"
	Line, Column int
}

// String gives file:line:column.
func (p Pos) String() string { return fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Column) }

// Rule is the short name of what was broken, such as "dangling". It stands in brackets behind the text, so that an editor can
// search for it.
type Rule string

// Problem is one mistake: what was found, what was expected and, where there is one, where the other place stands.
type Problem struct {
	Pos  Pos
	Rule Rule
	Text string
}

// String gives "file:line:column: text [rule]".
func (p Problem) String() string { return fmt.Sprintf("%s: %s [%s]", p.Pos, p.Text, p.Rule) }

// List is all that was found so far. The zero value is empty and ready.
type List []Problem

// Add puts one problem down.
func (l *List) Add(pos Pos, rule Rule, format string, args ...any) {
	*l = append(*l, Problem{Pos: pos, Rule: rule, Text: fmt.Sprintf(format, args...)})
}

// Sorted gives the list by file, line, column and text, each problem once.
func (l List) Sorted() List {
	out := slices.Clone(l)
	slices.SortFunc(out, func(a, b Problem) int {
		return cmp.Or(
			cmp.Compare(a.Pos.File, b.Pos.File),
			cmp.Compare(a.Pos.Line, b.Pos.Line),
			cmp.Compare(a.Pos.Column, b.Pos.Column),
			cmp.Compare(a.Text, b.Text))
	})
	return slices.Compact(out)
}

// Error makes a List an error of one problem a line.
func (l List) Error() string {
	var b strings.Builder
	for i, p := range l {
		if i > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(p.String())
	}
	return b.String()
}

// Err gives the sorted list as an error, or nil where it is empty.
func (l List) Err() error {
	if len(l) == 0 {
		return nil
	}
	return l.Sorted()
}
