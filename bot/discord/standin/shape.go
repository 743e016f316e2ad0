package standin

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
func draw(document any, schemas []any, depth int) *shape {
	flat := flatten(document, schemas, nil)
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
		s.fields[name] = draw(document, schemas, depth+1)
	}
	s.items, s.others = draw(document, items, depth+1), draw(document, others, depth+1)
	return s
}

// flatten follows references and alternatives.
func flatten(document any, schemas []any, seen []string) []map[string]any {
	var all []map[string]any
	for _, schema := range schemas {
		m, ok := schema.(map[string]any)
		if !ok {
			continue
		}
		all = append(all, m)
		if ref, ok := m["$ref"].(string); ok && !slices.Contains(seen, ref) {
			all = append(all, flatten(document, []any{follow(document, ref)}, append(seen, ref))...)
		}
		for _, word := range []string{"allOf", "anyOf", "oneOf"} {
			if list, ok := m[word].([]any); ok {
				all = append(all, flatten(document, list, seen)...)
			}
		}
	}
	return all
}

// follow goes where a pointer into the document leads.
func follow(document any, ref string) any {
	value := document
	for _, part := range strings.Split(strings.TrimPrefix(ref, "#/"), "/") {
		object, _ := value.(map[string]any)
		value = object[strings.ReplaceAll(strings.ReplaceAll(part, "~1", "/"), "~0", "~")]
	}
	return value
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
