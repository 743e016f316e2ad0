package flows

import (
	"slices"

	"go.yaml.in/yaml/v3"

	"motkraft/bot/problem"
)

// doors reads doors.yaml, where there is one.
func (l *loader) doors(names []string) {
	const name = "doors.yaml"
	if !slices.Contains(names, name) {
		return
	}
	r := &reader{problem.Reader{File: folder + name, Problems: l.problems}}
	doc := r.Document(l.fsys, name)
	if doc == nil {
		return
	}
	f := &flowFile{name: Welcome.Flow()}
	r.Fields(doc, "the doors", map[string]problem.Field{
		"doors": {Required: true, Read: func(n *yaml.Node) {
			r.Pairs(n, "the doors", func(key, value *yaml.Node) {
				r.name(key, "a door")
				d := Door{Code: key.Value, Pos: r.Pos(key)}
				r.Fields(value, "a door", map[string]problem.Field{
					"to": {Required: true, Read: func(n *yaml.Node) { d.To = l.ref(r, f, n) }},
					"source": {Required: true, Read: func(n *yaml.Node) {
						r.name(n, "what the door's code stands on, such as poster")
						d.Source = n.Value
					}},
				})
				l.set.Doors = append(l.set.Doors, d)
			})
		}},
	})
}
