package standin

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// spec is what a Bot API description says of methods and types: names, not lengths.
type spec struct {
	Methods map[string]shape
	Types   map[string]shape
}

// shape is one method's parameters or one type's fields. A type with subtypes is one of them.
type shape struct {
	Fields   []field
	Subtypes []string
}

type field struct {
	Name     string
	Types    []string // any of them
	Required bool

	Description string
}

// constant finds the one value that a field may have, which the description tells in prose only.
var constant = regexp.MustCompile(`, must be ([a-z_]+)$`)

func loadSpec(path string) (*spec, error) {
	raw, err := os.ReadFile(path) // #nosec G304 -- a test names the path
	if err != nil {
		return nil, err
	}
	var s spec
	if err := json.Unmarshal(raw, &s); err != nil {
		return nil, err
	}
	if len(s.Methods) == 0 || len(s.Types) == 0 {
		return nil, fmt.Errorf("%s names no methods or no types", path)
	}
	return &s, nil
}

// check finds what is wrong with a call: by the description where there is one, and by the limits always.
func (s *Server) check(method string, given params) []problem {
	var problems []problem
	if s.spec != nil {
		problems = s.spec.check(method, given)
	}
	if _, ok := methods[method]; !ok && !slices.ContainsFunc(problems, func(p problem) bool { return p.refusal == errNoMethod }) {
		problems = slices.Insert(problems, 0, problem{"this method is not carried out here", errNoMethod})
	}
	return append(problems, limits(method, given)...)
}

func (s *spec) check(method string, given params) []problem {
	m, ok := s.Methods[method]
	if !ok {
		return []problem{{"there is no such method", errNoMethod}}
	}
	var problems []problem
	for _, f := range m.Fields {
		p, ok := given[f.Name]
		if !ok || p.text == null && !slices.Contains(f.Types, "String") {
			if f.Required {
				what := "parameter " + f.Name + " is missing"
				problems = append(problems, problem{what, bad(what)})
			}
			continue
		}
		problems = append(problems, best(f.Types, func(t string) []problem { return s.parameter(t, f.Name, p) })...)
	}
	for _, name := range slices.Sorted(maps.Keys(given)) {
		if !slices.ContainsFunc(m.Fields, func(f field) bool { return f.Name == name }) {
			problems = append(problems, problem{what: "there is no parameter " + name})
		}
	}
	return problems
}

// best gives the problems with the type that fits best.
func best(types []string, check func(string) []problem) []problem {
	var least []problem
	for i, t := range types {
		problems := check(t)
		if len(problems) == 0 {
			return nil
		}
		if i == 0 || len(problems) < len(least) {
			least = problems
		}
	}
	return least
}

func mistyped(where, want string) []problem {
	what := where + " is no " + want
	return []problem{{what, bad(what)}}
}

// parameter checks a parameter, which is a text on the wire.
func (s *spec) parameter(want, where string, p param) []problem {
	ok := true
	switch want {
	case "InputFile":
	case "String":
		ok = !p.native && utf8.ValidString(p.text)
	case "Integer":
		_, err := strconv.ParseInt(p.text, 10, 64)
		ok = err == nil
	case "Float":
		_, err := strconv.ParseFloat(p.text, 64)
		ok = err == nil
	case "Boolean":
		ok = p.text == "true" || p.text == "false"
	default:
		var v any
		dec := json.NewDecoder(bytes.NewReader([]byte(p.text)))
		dec.UseNumber()
		if err := dec.Decode(&v); err != nil || dec.More() {
			return mistyped(where, want+" in JSON")
		}
		return s.value(want, where, v)
	}
	if !ok {
		return mistyped(where, want)
	}
	return nil
}

// value checks a value within JSON, and all that is in it.
func (s *spec) value(want, where string, v any) []problem {
	if of, ok := strings.CutPrefix(want, "Array of "); ok {
		list, ok := v.([]any)
		if !ok {
			return mistyped(where, want)
		}
		var problems []problem
		for i, item := range list {
			problems = append(problems, s.value(of, fmt.Sprintf("%s[%d]", where, i), item)...)
		}
		return problems
	}
	ok := false
	switch want {
	case "String", "InputFile":
		_, ok = v.(string)
	case "Boolean":
		_, ok = v.(bool)
	case "Integer", "Float":
		number, is := v.(json.Number)
		_, err := strconv.ParseInt(number.String(), 10, 64)
		ok = is && (want == "Float" || err == nil)
	default:
		return s.object(want, where, v)
	}
	if !ok {
		return mistyped(where, want)
	}
	return nil
}

func (s *spec) object(want, where string, v any) []problem {
	t, known := s.Types[want]
	if !known {
		return []problem{{what: where + ": the description knows no type " + want}}
	}
	if len(t.Subtypes) > 0 {
		return best(t.Subtypes, func(sub string) []problem { return s.value(sub, where, v) })
	}
	object, ok := v.(map[string]any)
	if !ok {
		return mistyped(where, want)
	}
	var problems []problem
	for _, f := range t.Fields {
		inner, ok := object[f.Name]
		if !ok {
			if f.Required {
				what := where + "." + f.Name + " is missing"
				problems = append(problems, problem{what, bad(what)})
			}
			continue
		}
		problems = append(problems, best(f.Types, func(t string) []problem { return s.value(t, where+"."+f.Name, inner) })...)
		if is := constant.FindStringSubmatch(f.Description); is != nil && inner != is[1] {
			problems = append(problems, mistyped(where+"."+f.Name, strconv.Quote(is[1]))...)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(object)) {
		if !slices.ContainsFunc(t.Fields, func(f field) bool { return f.Name == name }) {
			problems = append(problems, problem{what: where + ": a " + want + " has no " + name})
		}
	}
	return problems
}
