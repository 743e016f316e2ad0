package flows

import (
	"slices"
	"time"

	"go.yaml.in/yaml/v3"

	"motkraft/bot/problem"
)

// Claim is something that a screen says and that could be wrong tomorrow: law, a figure, how an authority works.
type Claim struct {
	ID      string
	Pos     problem.Pos
	Says    string // for whoever checks it; never shown
	Sources []string
	Checked time.Time // the day, or the first of the month, on which it was held against its source
	Law     bool      // a lawyer must have read it, and people are told when it was checked
	Lawyer  time.Time // the day on which one did; zero: none has
}

const (
	claimsFile              = "claims.yaml"
	ruleClaim  problem.Rule = "claim"
)

// LawChecked gives when the law that a node speaks of was checked: the oldest of its claims. It is zero where it speaks of none.
func (n *Node) LawChecked() (oldest time.Time) {
	for _, c := range n.Claims {
		if c.Law && (oldest.IsZero() || c.Checked.Before(oldest)) {
			oldest = c.Checked
		}
	}
	return oldest
}

// claims reads claims.yaml, where there is one.
func (l *loader) claims(names []string) {
	if !slices.Contains(names, claimsFile) {
		return
	}
	r := &reader{problem.Reader{File: folder + claimsFile, Problems: l.problems}}
	doc := r.Document(l.fsys, claimsFile)
	if doc == nil {
		return
	}
	r.Fields(doc, "the claims", map[string]problem.Field{
		"claims": {Required: true, Read: func(n *yaml.Node) {
			r.Pairs(n, "the claims", func(key, value *yaml.Node) {
				r.name(key, "a claim")
				l.set.Claims = append(l.set.Claims, r.claim(key, value))
			})
		}},
	})
}

func (r *reader) claim(key, n *yaml.Node) *Claim {
	c := &Claim{ID: key.Value, Pos: r.Pos(key)}
	source := func(n *yaml.Node) {
		var link string
		if r.Text(n, "a source", &link) {
			r.link(n, "https", "http") // nobody is sent there
			c.Sources = append(c.Sources, link)
		}
	}
	r.Fields(n, "a claim", map[string]problem.Field{
		"says": {Required: true, Read: func(n *yaml.Node) { r.Text(n, "what is claimed", &c.Says) }},
		"source": {Required: true, Read: func(n *yaml.Node) {
			if n.Kind != yaml.SequenceNode {
				source(n)
				return
			}
			r.Items(n, "the sources", source)
			if len(n.Content) == 0 {
				r.Problems.Add(r.Pos(n), ruleClaim, "no source, expected at least one")
			}
		}},
		"checked": {Required: true, Read: func(n *yaml.Node) {
			for _, layout := range []string{time.DateOnly, "2006-01"} {
				if t, err := time.Parse(layout, n.Value); err == nil {
					c.Checked = t
					return
				}
			}
			r.Problems.Add(r.Pos(n), ruleDate, "%s, expected checked as a month or a day such as 2026-11 or 2026-11-23", problem.Describe(n))
		}},
		"law": {Read: func(n *yaml.Node) { r.Truth(n, "law", &c.Law) }},
		"lawyer": {Read: func(n *yaml.Node) {
			var err error
			if c.Lawyer, err = time.Parse(time.DateOnly, n.Value); err != nil {
				r.Problems.Add(r.Pos(n), ruleDate, "%s, expected lawyer as a date such as 2026-11-23", problem.Describe(n))
			}
		}},
	})
	return c
}

// claimRef is a claim that a node names, until all are read.
type claimRef struct {
	node *Node
	id   string
	pos  problem.Pos
}

// claimed reads the claims that a node names.
func (l *loader) claimed(r *reader, node *Node, n *yaml.Node) {
	r.Items(n, "the claims", func(n *yaml.Node) {
		r.name(n, "a claim")
		l.named = append(l.named, claimRef{node, n.Value, r.Pos(n)})
	})
}

// resolveClaims looks up what the nodes name, and reports what no node says.
func (l *loader) resolveClaims() {
	said := map[*Claim]bool{}
	for _, ref := range l.named {
		i := slices.IndexFunc(l.set.Claims, func(c *Claim) bool { return c.ID == ref.id })
		if i < 0 {
			l.problems.Add(ref.pos, ruleClaim, "%q, expected a claim of %s%s", ref.id, folder, claimsFile)
			continue
		}
		c := l.set.Claims[i]
		if slices.Contains(ref.node.Claims, c) {
			l.problems.Add(ref.pos, problem.RuleDuplicate, "claim %q again, expected once in a node", ref.id)
			continue
		}
		said[c] = true
		ref.node.Claims = append(ref.node.Claims, c)
	}
	for _, c := range l.set.Claims {
		if !said[c] {
			l.problems.Add(c.Pos, ruleUnused, "no node names the claim %q, expected one that says it", c.ID)
		}
	}
}
