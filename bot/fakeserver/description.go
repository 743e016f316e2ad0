package fakeserver

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// SpecPath is where a platform's published description is, which is no part of the project. Empty: nobody says where, and the test need not
// have it.
func SpecPath(tb testing.TB, file string) string {
	tb.Helper()
	const variable = "MOTKRAFT_TEST_SPECS"
	dir := os.Getenv(variable)
	if dir != "" {
		return filepath.Join(dir, file)
	}
	if slices.Contains(strings.Split(os.Getenv("MOTKRAFT_TEST_REQUIRE"), ","), "specs") {
		tb.Fatal("set " + variable + " to the folder with " + file)
	}
	return ""
}

// NeedSpec is SpecPath where the test is skipped without.
func NeedSpec(tb testing.TB, file string) string {
	tb.Helper()
	path := SpecPath(tb, file)
	if path == "" {
		tb.Skip(file + ": nobody says where it is")
	}
	return path
}

// Once reads a description once for each path: a test makes many servers.
func Once[T any](read func(path string) (T, error)) func(path string) (T, error) {
	var all sync.Map
	return func(path string) (T, error) {
		once, _ := all.LoadOrStore(path, sync.OnceValues(func() (T, error) { return read(path) }))
		return once.(func() (T, error))()
	}
}

// Description is a document that holds schemas in JSON Schema 2020-12, as an OpenAPI 3.1 description is. It is safe for concurrent use.
type Description struct {
	root     any
	mu       sync.Mutex
	compiler *jsonschema.Compiler
}

const documentName = "https://fake.invalid/description"

// Describe reads a description in JSON.
func Describe(raw []byte) (*Description, error) {
	d := &Description{compiler: jsonschema.NewCompiler()}
	var err error
	if d.root, err = jsonschema.UnmarshalJSON(bytes.NewReader(raw)); err != nil {
		return nil, err
	}
	d.compiler.DefaultDraft(jsonschema.Draft2020)
	d.compiler.AssertFormat()
	return d, d.compiler.AddResource(documentName, d.root)
}

// At gives what stands at a JSON pointer, or nil.
func (d *Description) At(pointer string) any {
	here := d.root
	for _, key := range strings.Split(pointer, "/")[1:] {
		key = strings.NewReplacer("~1", "/", "~0", "~").Replace(key)
		switch node := here.(type) {
		case map[string]any:
			here = node[key]
		case []any:
			i, err := strconv.Atoi(key)
			if err != nil || i < 0 || i >= len(node) {
				return nil
			}
			here = node[i]
		default:
			return nil
		}
	}
	return here
}

// Validate holds a value, as the library reads JSON, to the schema at a pointer. A schema is compiled once.
func (d *Description) Validate(pointer string, value any) error {
	d.mu.Lock()
	schema, err := d.compiler.Compile(documentName + "#" + pointer)
	d.mu.Unlock()
	if err != nil {
		return err
	}
	return schema.Validate(value)
}

// Root is the document itself, as the library reads JSON.
func (d *Description) Root() any { return d.root }

// Body is what a description says of one kind of body.
type Body struct {
	schema *jsonschema.Schema
	fields *shape
}

// Body gives that of the schema at a pointer.
func (d *Description) Body(pointer string) (Body, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	schema, err := d.compiler.Compile(documentName + "#" + pointer)
	return Body{schema, d.draw([]any{map[string]any{"$ref": "#" + pointer}}, 0)}, err
}

// ReadJSON reads a body as Check takes it.
func ReadJSON(raw []byte) (any, error) { return jsonschema.UnmarshalJSON(bytes.NewReader(raw)) }

// Check says what is wrong with a body, empty where nothing is, and where it has fields that the description does not know: the real servers
// pass over them, but who sends one has mistyped it.
func (b Body) Check(value any) (wrong string, unknown []string) {
	if err := b.schema.Validate(value); err != nil {
		wrong = Deepest(err)
	}
	return wrong, b.fields.unknown(value, "")
}

// Deepest says what is wrong at the deepest place: of the alternatives that do not fit, the one that was meant fits furthest.
func Deepest(err error) string {
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

// JSON writes what a fake has built itself.
func JSON(v any) []byte {
	body, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return body
}
