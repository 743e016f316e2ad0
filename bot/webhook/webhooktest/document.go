// Package webhooktest holds exchanges with the webhook to its description, for the tests of the webhook and of the program around it.
//
// # Why
//
// A schema in OpenAPI 3.1 is a JSON Schema as it is, so the library that the tests have for these does; one made for OpenAPI compiles for longer
// than all of this project.
package webhooktest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v3"
)

// Document is a description of POST /webhook. It is safe for concurrent use.
type Document struct {
	root     any
	mu       sync.Mutex
	compiler *jsonschema.Compiler
}

const (
	name = "https://motkraft.invalid/openapi"
	post = "/paths/~1webhook/post"
)

// New reads a description in YAML.
func New(openapi []byte) (*Document, error) {
	d := &Document{compiler: jsonschema.NewCompiler()}
	var read any
	if err := yaml.Unmarshal(openapi, &read); err != nil {
		return nil, err
	}
	text, err := json.Marshal(read)
	if err != nil {
		return nil, err
	}
	if d.root, err = jsonschema.UnmarshalJSON(bytes.NewReader(text)); err != nil {
		return nil, err
	}
	d.compiler.DefaultDraft(jsonschema.Draft2020)
	d.compiler.AssertFormat()
	return d, d.compiler.AddResource(name, d.root)
}

// Is holds the description itself to a schema: that of OpenAPI.
func (d *Document) Is(schema []byte) error {
	read, err := jsonschema.UnmarshalJSON(bytes.NewReader(schema))
	if err != nil {
		return err
	}
	compiler := jsonschema.NewCompiler()
	if err := compiler.AddResource("https://openapi.invalid/", read); err != nil {
		return err
	}
	compiled, err := compiler.Compile("https://openapi.invalid/")
	if err != nil {
		return err
	}
	return compiled.Validate(d.root)
}

// Request tells why a request is not as described; nil where it is.
func (d *Document) Request(header http.Header, body []byte) error {
	parameters, _ := d.get(post + "/parameters").([]any)
	for i := range parameters {
		at := d.follow(fmt.Sprintf("%s/parameters/%d", post, i))
		if in := d.get(at + "/in"); in != "header" {
			return fmt.Errorf("a parameter in %v, which is not known here", in)
		}
		named, _ := d.get(at + "/name").(string)
		if err := d.header(at, named, header); err != nil {
			return err
		}
	}
	return d.body(post+"/requestBody", header, body)
}

// Answer tells why an answer is not as described; nil where it is.
func (d *Document) Answer(status int, header http.Header, body []byte) error {
	at := d.follow(post + "/responses/" + strconv.Itoa(status))
	if d.get(at) == nil {
		return fmt.Errorf("status %d is not described", status)
	}
	headers, _ := d.get(at + "/headers").(map[string]any)
	for named := range headers {
		if err := d.header(d.follow(at+"/headers/"+named), named, header); err != nil {
			return err
		}
	}
	return d.body(at, header, body)
}

// header holds one header to its description at a pointer.
func (d *Document) header(at, named string, header http.Header) error {
	values := header.Values(named)
	switch {
	case len(values) > 1:
		return fmt.Errorf("%s stands there %d times", named, len(values))
	case len(values) == 1:
	case d.get(at+"/required") == true:
		return fmt.Errorf("%s is missing", named)
	default:
		return nil
	}
	var value any = values[0]
	if d.get(d.follow(at+"/schema")+"/type") == "integer" {
		n, err := strconv.ParseInt(values[0], 10, 64)
		if err != nil {
			return fmt.Errorf("%s is no whole number", named)
		}
		value = n
	}
	if err := d.validate(at+"/schema", value); err != nil {
		return fmt.Errorf("%s: %w", named, err)
	}
	return nil
}

// body holds a body to the content described below a pointer.
func (d *Document) body(at string, header http.Header, body []byte) error {
	kind := header.Get("Content-Type")
	content := at + "/content/" + strings.ReplaceAll(kind, "/", "~1")
	if d.get(content) == nil {
		return fmt.Errorf("a body of kind %q is not described", kind)
	}
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(body))
	if err != nil {
		return err
	}
	return d.validate(content+"/schema", value)
}

func (d *Document) validate(at string, value any) error {
	d.mu.Lock()
	schema, err := d.compiler.Compile(name + "#" + at) // it keeps what it has compiled
	d.mu.Unlock()
	if err != nil {
		return err
	}
	return schema.Validate(value)
}

// follow gives the pointer that a reference at a pointer leads to, and the pointer itself where none stands there.
func (d *Document) follow(at string) string {
	for {
		ref, ok := d.get(at + "/$ref").(string)
		if !ok {
			return at
		}
		at = strings.TrimPrefix(ref, "#")
	}
}

// get gives what stands at a JSON pointer, or nil.
func (d *Document) get(at string) any {
	here := d.root
	for _, key := range strings.Split(at, "/")[1:] {
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
