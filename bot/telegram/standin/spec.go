package standin

import (
	"encoding/json"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"motkraft/bot/fakeserver"
)

// spec is what a Bot API description says of methods and types: names, not lengths. Schemas are made of it, each twice: as the real server takes
// a call, and strictly, without fields that it does not know.
type spec struct {
	Methods map[string]shape
	Types   map[string]shape

	schemas *fakeserver.Description
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

var loadSpec = fakeserver.Once(func(path string) (*spec, error) {
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
	document := map[string]any{}
	for _, how := range []string{lenient, strict} {
		for kind, shapes := range map[string]map[string]shape{"methods": s.Methods, "types": s.Types} {
			schemas := map[string]any{}
			for name, of := range shapes {
				schemas[name] = of.schema(how)
			}
			document[how+"-"+kind] = schemas
		}
	}
	s.schemas, err = fakeserver.Describe(fakeserver.JSON(document))
	return &s, err
})

const (
	lenient = "lenient"
	strict  = "strict"
)

func (s shape) schema(how string) map[string]any {
	if len(s.Subtypes) > 0 {
		return anyOf(how, s.Subtypes)
	}
	required, properties := []string{}, map[string]any{}
	for _, f := range s.Fields {
		of := anyOf(how, f.Types)
		if is := constant.FindStringSubmatch(f.Description); is != nil {
			of["const"] = is[1]
		}
		properties[f.Name] = of
		if f.Required {
			required = append(required, f.Name)
		}
	}
	return map[string]any{"type": "object", "properties": properties, "required": required, "additionalProperties": how == lenient}
}

func anyOf(how string, types []string) map[string]any {
	var all []any
	for _, t := range types {
		all = append(all, schemaOf(how, t))
	}
	return map[string]any{"anyOf": all}
}

func schemaOf(how, name string) any {
	if of, ok := strings.CutPrefix(name, "Array of "); ok {
		return map[string]any{"type": "array", "items": schemaOf(how, of)}
	}
	known := map[string]string{"String": "string", "InputFile": "string", "Boolean": "boolean", "Integer": "integer", "Float": "number"}
	if kind, ok := known[name]; ok {
		return map[string]any{"type": kind}
	}
	return map[string]any{"$ref": "#/" + how + "-types/" + name}
}

// check finds what is wrong with a call: by the description where there is one, and by the limits always.
func (s *Server) check(method string, given params) (problems fakeserver.Problems) {
	_, described := methods[method]
	if s.spec != nil {
		if _, described = s.spec.Methods[method]; !described {
			problems.Add(errNoMethod, "there is no such method")
		} else {
			problems = s.spec.check(method, given)
		}
	}
	if _, ok := methods[method]; !ok && (described || s.spec == nil) {
		problems = slices.Insert(problems, 0, fakeserver.Problem{What: "this method is not carried out here", Refusal: errNoMethod})
	}
	return append(problems, limits(method, given)...)
}

// check holds a call to the description. What only the strict schema finds, the real server passes over.
func (s *spec) check(method string, given params) (problems fakeserver.Problems) {
	call := map[string]any{}
	for name, p := range given {
		var types []string
		if i := slices.IndexFunc(s.Methods[method].Fields, func(f field) bool { return f.Name == name }); i >= 0 {
			types = s.Methods[method].Fields[i].Types
		}
		if p.text != null || slices.Contains(types, "String") {
			call[name] = p.value(types)
		}
	}
	err := s.schemas.Validate("/"+strict+"-methods/"+method, call)
	if err == nil {
		return nil
	}
	what := fakeserver.Deepest(err)
	if s.schemas.Validate("/"+lenient+"-methods/"+method, call) == nil {
		problems.Add(nil, "%s", what)
	} else {
		problems.Add(bad(what), "%s", what)
	}
	return problems
}

// value reads a parameter, which is a text on the wire, as the first of the types that fits.
func (p param) value(types []string) any {
	v, err := fakeserver.ReadJSON([]byte(p.text))
	if p.native && err == nil {
		return v
	}
	for _, t := range types {
		ok := false
		switch t {
		case "String", "InputFile":
			return p.text
		case "Integer":
			_, no := strconv.ParseInt(p.text, 10, 64)
			ok = no == nil
		case "Boolean":
			ok = p.text == "true" || p.text == "false"
		default:
			ok = true
		}
		if ok && err == nil {
			return v
		}
	}
	return p.text
}
