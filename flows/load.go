package flows

import (
	"embed"
	"io/fs"
	"path"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"motkraft/bot/problem"
)

// Embedded is the content that the program was built with.
//
//go:embed *.yaml
var Embedded embed.FS

// folder is what the files' names begin with in problems.
const folder = "flows/"

// notFlows are the files of the folder that hold no nodes.
var notFlows = []string{campaignFile, "services.yaml", "places.yaml", "doors.yaml", claimsFile}

const (
	ruleDangling    problem.Rule = "dangling"
	ruleAsk         problem.Rule = "ask"
	ruleRefer       problem.Rule = "refer"
	ruleDeadEnd     problem.Rule = "dead-end"
	ruleMany        problem.Rule = "too-many"
	ruleUnreachable problem.Rule = "unreachable"
	ruleCollision   problem.Rule = "collision"
	ruleUnused      problem.Rule = "unused"
	ruleEmpty       problem.Rule = "closed"
)

// Bounds of the tree, one for all channels (design, "Limits").
const (
	MaxOptions = 6  // own choices of a question
	MaxPlaces  = 12 // choices of a place question, with "elsewhere" and "rather not say"
	MaxGroups  = 12 // groups that referrals are counted under: with more of them a number would soon be about somebody
)

// Load reads a folder of content: campaign.yaml, places.yaml, services.yaml, doors.yaml, claims.yaml, and a flow in every other YAML file. The
// set is whole only where the list of problems is empty.
func Load(fsys fs.FS) (*Set, problem.List) {
	var problems problem.List
	l := &loader{fsys: fsys, problems: &problems, set: &Set{Campaign: newCampaign(), byRef: map[Ref]*Node{}, byID: map[ID]*Node{}}}
	names := problem.Files(fsys, folder, &problems)
	if len(names) == 0 {
		problems.Add(problem.Pos{File: strings.TrimSuffix(folder, "/"), Line: 1, Column: 1}, problem.RuleYAML, "no YAML files, expected the flows")
		return l.set, problems
	}
	l.set.Campaign = loadCampaign(fsys, &problems)
	l.set.Places = loadPlaces(fsys, &problems)
	l.set.Services = loadServices(fsys, l.set.Campaign, l.set.Places, &problems)
	for _, name := range names {
		if !slices.Contains(notFlows, name) {
			l.flow(name)
		}
	}
	l.doors(names)
	l.claims(names)
	l.resolve()
	l.resolveClaims()
	l.rules()
	return l.set, problems.Sorted()
}

// reader reads the files of this folder.
type reader struct{ problem.Reader }

// loader reads the flows into a set.
type loader struct {
	fsys     fs.FS
	problems *problem.List
	set      *Set
	files    []*flowFile
	links    []Link
	named    []claimRef
	distinct []Place // see Set.Distinct
}

// flowFile is what stands in a flow's file beside its nodes.
type flowFile struct {
	name            string
	group           string
	groupPos        problem.Pos
	contacts, acute Link // acute has no Pos where the file does not name one
	near            Link // what a typed place leads on to; empty: to nothing
	nodes           []*Node
}

func (l *loader) flow(name string) {
	r := &reader{problem.Reader{File: folder + name, Problems: l.problems}}
	doc := r.Document(l.fsys, name)
	if doc == nil {
		return
	}
	f := &flowFile{name: strings.TrimSuffix(name, path.Ext(name)), groupPos: r.Pos(doc), acute: Link{To: Acute}}
	f.group = f.name
	r.name(&yaml.Node{Kind: yaml.ScalarNode, Value: f.name, Line: 1, Column: 1}, "a flow (the file's name)")
	l.files = append(l.files, f)
	known := map[string]problem.Field{
		"contacts": {Required: true, Read: func(n *yaml.Node) { f.contacts = Link{To: l.ref(r, f, n), Pos: r.Pos(n)} }},
		"acute":    {Read: func(n *yaml.Node) { f.acute = Link{To: l.ref(r, f, n), Pos: r.Pos(n)} }},
		"near":     {Read: func(n *yaml.Node) { f.near = Link{To: l.ref(r, f, n), Pos: r.Pos(n)} }},
		"group": {Read: func(n *yaml.Node) {
			r.name(n, "a group")
			f.group, f.groupPos = n.Value, r.Pos(n)
		}},
		"nodes": {Required: true, Read: func(n *yaml.Node) {
			r.Pairs(n, "the nodes", func(key, value *yaml.Node) {
				r.name(key, "a node")
				f.nodes = append(f.nodes, l.node(r, f, key, value))
			})
		}},
	}
	if f.name == Welcome.Flow() {
		known["typed"] = problem.Field{Required: true, Read: func(n *yaml.Node) {
			r.Items(n, "typed", func(n *yaml.Node) {
				l.set.Typed = append(l.set.Typed, Link{To: l.ref(r, f, n), Pos: r.Pos(n)})
			})
		}}
	}
	r.Fields(doc, "a flow", known)
}

// ref reads a reference to a node, "node" in this file or "flow/node" in another.
func (l *loader) ref(r *reader, f *flowFile, n *yaml.Node) ID {
	var to string
	if !r.Text(n, "a node", &to) {
		return ""
	}
	if !strings.Contains(to, "/") {
		to = f.name + "/" + to
	}
	l.links = append(l.links, Link{To: ID(to), Pos: r.Pos(n)})
	return ID(to)
}

func (l *loader) node(r *reader, f *flowFile, key, n *yaml.Node) *Node {
	id := ID(f.name + "/" + key.Value)
	node := &Node{ID: id, Ref: id.Ref(), Pos: r.Pos(key)}
	var ask *yaml.Node
	var to Link
	r.Fields(n, "a node", map[string]problem.Field{
		"options": {Read: func(n *yaml.Node) {
			r.Items(n, "the options", func(n *yaml.Node) {
				if o, ok := l.option(r, f, node, n); ok {
					node.Options = append(node.Options, o)
				}
			})
			if len(node.Options) > MaxOptions {
				r.Problems.Add(node.Options[MaxOptions].Pos, ruleMany, "%d options, expected at most %d", len(node.Options), MaxOptions)
			}
		}},
		"ask":   {Read: func(n *yaml.Node) { ask = n }},
		"to":    {Read: func(n *yaml.Node) { to = Link{To: l.ref(r, f, n), Pos: r.Pos(n)} }},
		"refer": {Read: func(n *yaml.Node) { node.Refer = r.refer(n) }},
		"claim": {Read: func(n *yaml.Node) { l.claimed(r, node, n) }},
	})
	switch {
	case ask != nil && ask.Value != "place":
		r.Problems.Add(r.Pos(ask), ruleAsk, "%s, expected place", problem.Describe(ask))
	case ask != nil && to.Pos.Line == 0:
		r.Problems.Add(r.Pos(ask), ruleAsk, "a place question without \"to\", expected it")
	case ask != nil && (len(node.Options) > 0 || node.Refer != nil):
		r.Problems.Add(r.Pos(ask), ruleAsk, "a place question beside other things, expected ask and to alone")
	case ask != nil:
		node.Ask = &Ask{To: to.To, Pos: r.Pos(ask)}
	case to.Pos.Line > 0:
		r.Problems.Add(to.Pos, ruleAsk, "\"to\" without \"ask\", expected ask: place beside it, or options")
	case len(node.Options) == 0 && node.Refer == nil:
		r.Problems.Add(node.Pos, ruleDeadEnd, "%q leads nowhere, expected options, ask or refer", node.ID)
	}
	return node
}

func (l *loader) option(r *reader, f *flowFile, node *Node, n *yaml.Node) (Option, bool) {
	var o Option
	r.Fields(n, "an option", map[string]problem.Field{
		"id": {Required: true, Read: func(n *yaml.Node) {
			r.name(n, "an option")
			o.ID, o.Message, o.Pos = n.Value, string(node.ID)+"."+n.Value, r.Pos(n)
		}},
		"to": {Required: true, Read: func(n *yaml.Node) { o.To, o.ToPos = l.ref(r, f, n), r.Pos(n) }},
	})
	for _, before := range node.Options {
		if before.ID == o.ID && o.ID != "" {
			r.Problems.Add(o.Pos, problem.RuleDuplicate, "option %q again, expected once in a node; the first one stands at %s", o.ID, before.Pos)
			return o, false
		}
	}
	return o, o.ID != "" && o.To != ""
}

// resolve puts the nodes together and looks every reference up.
func (l *loader) resolve() {
	for _, f := range l.files {
		for _, n := range f.nodes {
			n.Contacts, n.Acute, n.Group = f.contacts.To, f.acute.To, f.group
			if before, ok := l.set.byRef[n.Ref]; ok && before.ID != n.ID || n.Ref == (Ref{}) {
				where := "no node at all"
				if ok {
					where = string(before.ID) + " at " + before.Pos.String()
				}
				l.problems.Add(n.Pos, ruleCollision, "%q has the same short form as %s, expected another name", n.ID, where)
				l.set.byID[n.ID] = n // what leads to it does not dangle
				continue
			}
			l.set.Nodes = append(l.set.Nodes, n)
			l.set.byRef[n.Ref], l.set.byID[n.ID] = n, n
		}
	}
	for _, link := range l.links {
		if l.set.byID[link.To] == nil {
			l.problems.Add(link.Pos, ruleDangling, "%q, expected the name of a node%s", link.To, l.elsewhere(link.To))
		}
	}
	for _, id := range []ID{Welcome, Cleared, Acute} {
		if l.set.byID[id] == nil {
			l.problems.Add(problem.Pos{File: folder + id.Flow() + ".yaml", Line: 1, Column: 1}, problem.RuleMissing, "no node %q, expected it: the standing buttons lead there", id)
		}
	}
}

// elsewhere says where a node of the same name stands in another flow, which is what a forgotten flow name looks like.
func (l *loader) elsewhere(id ID) string {
	_, name, _ := strings.Cut(string(id), "/")
	for _, n := range l.set.Nodes {
		if _, other, _ := strings.Cut(string(n.ID), "/"); other == name {
			return "; " + string(n.ID) + " stands at " + n.Pos.String()
		}
	}
	return ""
}
