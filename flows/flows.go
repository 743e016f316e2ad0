// Package flows holds what the bot knows: the tree of questions, the directory of services, the places of the country and the
// opening hours, and what belongs to this campaign (Campaign). It knows no language and no person.
//
// Start at Load, which reads a folder of YAML files into a Set. Node is one screen's definition; Refer says which services a
// node names; Set.Offers answers which ones those are for a place.
//
// Nothing here is shown to anybody: the words stand in package locales, under keys that follow from the names here (node
// "buy/situation" says message "buy/situation", its option "stop" is labelled "buy/situation.stop").
//
// # Why
//
// The answer somebody gave is where they are. There are no variables and no conditions in the tree: somebody who said that they
// are under 18 stands at a node of flow young, whose referrals say so. The one exception is the place, which would otherwise
// multiply the tree by 311; it travels beside the node.
//
// A service lists whom it helps and with what (helps: {buyer: [talk]}), a referral names one such pair. Two lists, audiences and
// needs, would show everything that is in both; a pair shows what an editor meant.
package flows

import (
	"crypto/sha256"
	"strings"

	"motkraft/bot/problem"
)

// ID names a node: the file's name and the node's, such as "buy/situation".
type ID string

// The nodes that every set must have, since the standing buttons and every dead end lead to them.
const (
	Welcome ID = "start/welcome" // the first screen
	Cleared ID = "start/cleared" // what stands there after the conversation was cleared
	Acute   ID = "acute/help"    // acute help, one tap from everywhere
)

// Ref is a node in three bytes: the first three of the SHA-256 of its ID. Load refuses two nodes with one Ref, and a node called
// Ref{}, so the zero value is no node.
type Ref [3]byte

// Ref gives the node's short form.
func (id ID) Ref() Ref {
	sum := sha256.Sum256([]byte(id))
	return Ref(sum[:3])
}

// Flow is the part before the slash.
func (id ID) Flow() string {
	flow, _, _ := strings.Cut(string(id), "/")
	return flow
}

// Set is all definitions. It does not change after Load and is safe for concurrent use.
type Set struct {
	Campaign *Campaign  // never nil
	Nodes    []*Node    // by file, then in the file's order
	Services []*Service // in the file's order, which is the order shown
	Typed    []Link     // what typed words lead to: the first that matches wins
	Doors    []Door     // neutral codes for links from outside
	Claims   []*Claim   // in the file's order
	Places   *Places

	byRef map[Ref]*Node
	byID  map[ID]*Node
}

// Link is a reference to a node, and where the reference stands.
type Link struct {
	To  ID
	Pos problem.Pos
}

// Door is a neutral code for a link from outside, such as "k1", and the node it opens.
type Door struct {
	Code   string
	To     ID
	Source string // what of the campaign's the code stands on: poster, screen, web
	Pos    problem.Pos
}

// Node is one screen's definition. It has options, or a place question, or a referral that may have options below it.
type Node struct {
	ID       ID
	Ref      Ref
	Pos      problem.Pos
	Options  []Option
	Ask      *Ask
	Refer    *Refer
	Claims   []*Claim
	Contacts ID     // where "show contacts now" leads from here
	Acute    ID     // where "acute help" leads from here
	Urgent   bool   // it is acute help: its numbers come before anything else there is to say, and its choices before the second of them
	Group    string // what a referral from here is counted under: the flow's group
	Change   *Node  // the place question that this referral's place can be changed with; nil where there is none
	Near     *Node  // what a typed place leads on to from here: itself, or the flow's; nil where there is none
	Find     *Node  // Near, where this is a question that has no option to there: its screen has a button of its own for that; else nil
}

// Option is one choice of a node.
type Option struct {
	ID      string
	Message string // the key of its label
	To      ID
	Pos     problem.Pos // of the option's id
	ToPos   problem.Pos // of the reference
}

// Node gives the node with an ID, or nil.
func (s *Set) Node(id ID) *Node { return s.byID[id] }

// ByRef gives the node with a Ref, or nil.
func (s *Set) ByRef(r Ref) *Node { return s.byRef[r] }
