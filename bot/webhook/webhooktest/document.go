// Package webhooktest holds exchanges with the webhook to its description, for the tests of the webhook and of the program around it.
//
// # Why
//
// A schema in OpenAPI 3.1 is a JSON Schema as it is, so the library that the tests have for these does; one made for OpenAPI compiles for longer
// than all of this project.
package webhooktest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v3"

	"motkraft/bot/fakeserver"
)

// Document is a description of POST /webhook. It is safe for concurrent use.
type Document struct{ *fakeserver.Description }

const post = "/paths/~1webhook/post"

// New reads a description in YAML.
func New(openapi []byte) (*Document, error) {
	var read any
	if err := yaml.Unmarshal(openapi, &read); err != nil {
		return nil, err
	}
	text, err := json.Marshal(read)
	if err != nil {
		return nil, err
	}
	d, err := fakeserver.Describe(text)
	return &Document{d}, err
}

// Is holds the description itself to a schema: that of OpenAPI.
func (d *Document) Is(schema []byte) error {
	read, err := fakeserver.ReadJSON(schema)
	if err != nil {
		return err
	}
	compiler := jsonschema.NewCompiler() // unlike the description's own, it holds nothing to formats: references within are no whole addresses
	if err := compiler.AddResource("https://openapi.invalid/", read); err != nil {
		return err
	}
	compiled, err := compiler.Compile("https://openapi.invalid/")
	if err != nil {
		return err
	}
	return compiled.Validate(d.Root())
}

// Request tells why a request is not as described; nil where it is.
func (d *Document) Request(header http.Header, body []byte) error {
	parameters, _ := d.At(post + "/parameters").([]any)
	for i := range parameters {
		at := d.follow(fmt.Sprintf("%s/parameters/%d", post, i))
		if in := d.At(at + "/in"); in != "header" {
			return fmt.Errorf("a parameter in %v, which is not known here", in)
		}
		named, _ := d.At(at + "/name").(string)
		if err := d.header(at, named, header); err != nil {
			return err
		}
	}
	return d.body(post+"/requestBody", header, body)
}

// Answer tells why an answer is not as described; nil where it is.
func (d *Document) Answer(status int, header http.Header, body []byte) error {
	at := d.follow(post + "/responses/" + strconv.Itoa(status))
	if d.At(at) == nil {
		return fmt.Errorf("status %d is not described", status)
	}
	headers, _ := d.At(at + "/headers").(map[string]any)
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
	case d.At(at+"/required") == true:
		return fmt.Errorf("%s is missing", named)
	default:
		return nil
	}
	var value any = values[0]
	if d.At(d.follow(at+"/schema")+"/type") == "integer" {
		n, err := strconv.ParseInt(values[0], 10, 64)
		if err != nil {
			return fmt.Errorf("%s is no whole number", named)
		}
		value = n
	}
	if err := d.Validate(at+"/schema", value); err != nil {
		return fmt.Errorf("%s: %w", named, err)
	}
	return nil
}

// body holds a body to the content described below a pointer.
func (d *Document) body(at string, header http.Header, body []byte) error {
	kind := header.Get("Content-Type")
	content := at + "/content/" + strings.ReplaceAll(kind, "/", "~1")
	if d.At(content) == nil {
		return fmt.Errorf("a body of kind %q is not described", kind)
	}
	value, err := fakeserver.ReadJSON(body)
	if err != nil {
		return err
	}
	return d.Validate(content+"/schema", value)
}

// follow gives the pointer that a reference at a pointer leads to, and the pointer itself where none stands there.
func (d *Document) follow(at string) string {
	for {
		ref, ok := d.At(at + "/$ref").(string)
		if !ok {
			return at
		}
		at = strings.TrimPrefix(ref, "#")
	}
}
