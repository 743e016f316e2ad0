package bot

import (
	"encoding/binary"

	"motkraft/flows"
)

// State is the dialog state: a place in the conversation. It is all there is: no session stands behind it.
//
// The answer somebody gave is where they are. Beside the node there are only the language, the place, if one was said, and the way
// back.
type State struct {
	Lang  [2]byte     // the language's two letters
	Place flows.Place // 0: not said
	Node  flows.Ref
	Trail [4]flows.Ref // the nodes before, the last one first; empty ones at the end

	// Counted says that this conversation was counted, or is not to be. It goes with every button, so that a conversation is counted at
	// most once without being known by anything.
	Counted bool
}

// stateSize is a State's length in bytes.
const stateSize = 20

// shape is a serialization format of the State: how it is laid out in stateSize bytes.
type shape struct {
	name []byte                             // bound into every seal, so that bytes of one shape are never read as those of another
	read func(in []byte) (s State, ok bool) // the State that the bytes hold
}

// shapes are those that are read, the newest one first: that is the one that bytes lays out. To change what a State holds, put a new shape in
// front. Whoever has a button of the shape before can press it still; a shape goes when no button of its time matters any more.
var shapes = []shape{{name: []byte("motkraft state 1"), read: stateFrom}}

// bytes lays a State out; its inverse is stateFrom.
func (s State) bytes() (out [stateSize]byte) {
	s.put(out[:])
	return out
}

// put lays a State out in stateSize bytes.
func (s *State) put(out []byte) {
	_ = out[stateSize-1]
	copy(out[0:2], s.Lang[:])
	binary.BigEndian.PutUint16(out[2:4], uint16(s.Place))
	copy(out[4:7], s.Node[:])
	for i, ref := range s.Trail {
		copy(out[7+3*i:], ref[:])
	}
	out[stateSize-1] = 0
	if s.Counted {
		out[stateSize-1] = 1
	}
}

// stateFrom reads what bytes laid out, and nothing else.
func stateFrom(in []byte) (s State, ok bool) {
	if len(in) != stateSize || in[stateSize-1] > 1 {
		return State{}, false
	}
	s.Counted = in[stateSize-1] == 1
	copy(s.Lang[:], in[0:2])
	s.Place = flows.Place(binary.BigEndian.Uint16(in[2:4]))
	copy(s.Node[:], in[4:7])
	for i := range s.Trail {
		copy(s.Trail[i][:], in[7+3*i:])
	}
	return s, true
}

// forward steps to a node and keeps the way back.
func (s State) forward(to flows.Ref) State {
	if to == s.Node {
		return s
	}
	copy(s.Trail[1:], s.Trail[:])
	s.Trail[0] = s.Node
	s.Node = to
	return s
}

// back steps to the node before; with no way back to the zero Ref, which is no node.
func (s State) back() State {
	s.Node = s.Trail[0]
	copy(s.Trail[:], s.Trail[1:])
	s.Trail[len(s.Trail)-1] = flows.Ref{}
	return s
}

// in is the same place in another language.
func (s State) in(lang string) State {
	copy(s.Lang[:], lang)
	return s
}
