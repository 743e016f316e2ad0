package standin

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// spec is what the platform's description says of the bodies of requests, by their names in described.
type spec map[string]body

// body is one request's body.
type body struct {
	schema *jsonschema.Schema
	fields *shape
}

// described are the bodies that are held against the description, and where it describes them.
var described = map[string]string{
	"callback": "paths/~1interactions~1{interaction_id}~1{interaction_token}~1callback/post",
	"edit":     "paths/~1webhooks~1{webhook_id}~1{webhook_token}~1messages~1@original/patch",
	"followup": "paths/~1webhooks~1{webhook_id}~1{webhook_token}/post",
	"commands": "paths/~1applications~1{application_id}~1commands/put",
}

const bodySchema = "/requestBody/content/application~1json/schema"

// specs are the descriptions that were loaded, by their path: a test makes many servers.
var specs sync.Map

func loadSpec(path string) (spec, error) {
	load, _ := specs.LoadOrStore(path, sync.OnceValues(func() (spec, error) { return readSpec(path) }))
	return load.(func() (spec, error))()
}

func readSpec(path string) (spec, error) {
	raw, err := os.ReadFile(path) // #nosec G304 -- a test names the path
	if err != nil {
		return nil, err
	}
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(raw))
	if err != nil {
		return nil, err
	}
	const name = "https://discord.invalid/openapi.json"
	compiler := jsonschema.NewCompiler()
	compiler.DefaultDraft(jsonschema.Draft2020)
	compiler.AssertFormat()
	if err := compiler.AddResource(name, document); err != nil {
		return nil, err
	}
	s := spec{}
	for what, at := range described {
		pointer := "#/" + at + bodySchema
		schema, err := compiler.Compile(name + pointer)
		if err != nil {
			return nil, err
		}
		s[what] = body{schema, draw(document, []any{map[string]any{"$ref": pointer}}, 0)}
	}
	return s, nil
}

// described holds a body against the description, where there is one.
func (s *Server) described(what string, raw []byte) []problem {
	if s.spec == nil {
		return nil
	}
	return s.spec.check(what, raw)
}

func (s spec) check(what string, raw []byte) []problem {
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(raw))
	if err != nil {
		return []problem{{"the body is no JSON", errNoJSON}}
	}
	if what == "commands" {
		numberPermissions(value)
	}
	b := s[what]
	var problems []problem
	if err := b.schema.Validate(value); err != nil {
		problems = append(problems, wrong("%s", deepest(err)))
	}
	for _, at := range b.fields.unknown(value, "") {
		problems = append(problems, problem{what: "the description knows no field " + at}) // the real server ignores it
	}
	return problems
}

// numberPermissions turns bits given as a text into a number: the real server takes both, its description only the number.
func numberPermissions(value any) {
	list, _ := value.([]any)
	for _, c := range list {
		if object, ok := c.(map[string]any); ok {
			if text, ok := object["default_member_permissions"].(string); ok {
				object["default_member_permissions"] = json.Number(text)
			}
		}
	}
}

// deepest says what is wrong at the deepest place: of the alternatives that do not fit, the one that was meant fits furthest.
func deepest(err error) string {
	verr, ok := err.(*jsonschema.ValidationError)
	if !ok {
		return err.Error()
	}
	depth, found := -1, []string(nil)
	var walk func(e *jsonschema.ValidationError)
	walk = func(e *jsonschema.ValidationError) {
		for _, cause := range e.Causes {
			walk(cause)
		}
		if n := len(e.InstanceLocation); len(e.Causes) == 0 && n >= depth {
			if n > depth {
				depth, found = n, nil
			}
			what := fmt.Sprintf("/%s: %s", strings.Join(e.InstanceLocation, "/"), e.BasicOutput().Error)
			if !slices.Contains(found, what) {
				found = append(found, what)
			}
		}
	}
	walk(verr)
	return strings.Join(found, "; or ")
}
