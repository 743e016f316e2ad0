package fakeserver

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// shape is all fields that may stand at a place, in whatever alternative. The schemas let others pass, as the real server does: but who
// sends one has mistyped it. The alternatives are taken together, since the library sends fields that belong to another one.
//
// A nil shape lets all pass.
type shape struct {
	fields map[string]*shape
	items  *shape
	others *shape // of additionalProperties
	free   bool   // any other field may stand here
}

// deepestShape is how far a shape is drawn: no request goes so deep, and a description may refer to itself.
const deepestShape = 16

// draw makes the shape of a place where one of the schemas holds.
func (d *Description) draw(schemas []any, depth int) *shape {
	flat := d.flatten(schemas, nil)
	if len(flat) == 0 || depth > deepestShape {
		return nil
	}
	s := &shape{fields: map[string]*shape{}}
	inner := map[string][]any{}
	var items, others []any
	for _, schema := range flat {
		properties, _ := schema["properties"].(map[string]any)
		for name, property := range properties {
			inner[name] = append(inner[name], property)
		}
		if item, ok := schema["items"]; ok {
			items = append(items, item)
		}
		switch more := schema["additionalProperties"].(type) {
		case bool:
			s.free = s.free || more
		case map[string]any:
			others, s.free = append(others, more), true
		}
	}
	for name, schemas := range inner {
		s.fields[name] = d.draw(schemas, depth+1)
	}
	s.items, s.others = d.draw(items, depth+1), d.draw(others, depth+1)
	return s
}

// flatten follows references and alternatives.
func (d *Description) flatten(schemas []any, seen []string) []map[string]any {
	var all []map[string]any
	for _, schema := range schemas {
		m, ok := schema.(map[string]any)
		if !ok {
			continue
		}
		all = append(all, m)
		if ref, ok := m["$ref"].(string); ok && !slices.Contains(seen, ref) {
			all = append(all, d.flatten([]any{d.At(strings.TrimPrefix(ref, "#"))}, append(seen, ref))...)
		}
		for _, word := range []string{"allOf", "anyOf", "oneOf"} {
			if list, ok := m[word].([]any); ok {
				all = append(all, d.flatten(list, seen)...)
			}
		}
	}
	return all
}

// unknown finds the fields that the shape does not have.
func (s *shape) unknown(value any, at string) []string {
	if s == nil {
		return nil
	}
	var found []string
	switch v := value.(type) {
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(v)) {
			inner, ok := s.fields[name]
			if !ok {
				inner = s.others
			}
			if !ok && !s.free {
				found = append(found, at+"/"+name)
				continue
			}
			found = append(found, inner.unknown(v[name], at+"/"+name)...)
		}
	case []any:
		for i, item := range v {
			found = append(found, s.items.unknown(item, fmt.Sprintf("%s/%d", at, i))...)
		}
	}
	return found
}
