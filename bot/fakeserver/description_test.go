package fakeserver

import (
	"errors"
	"strings"
	"testing"
)

const described = `{"bodies":{"a/b":{"schema":{"type":"object","required":["to"],"properties":{
	"to":{"$ref":"#/kinds/0"},"list":{"type":"array","items":{"oneOf":[{"type":"integer"},{"$ref":"#/kinds/1"}]}},
	"free":{"type":"object","additionalProperties":{"$ref":"#/kinds/1"}}}}}},
	"kinds":[{"type":"string"},{"type":"object","properties":{"name":{"type":"string"},"inner":{"$ref":"#/kinds/1"}}}]}`

func TestDescription(t *testing.T) {
	d, err := Describe([]byte(described))
	if err != nil {
		t.Fatal(err)
	}
	body, err := d.Body("/bodies/a~1b/schema")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ json, wrong, unknown string }{
		{`{"to":"x","list":[1,{"name":"y","inner":{"name":"z"}}],"free":{"any":{"name":"w"}}}`, "", ""},
		{`{"to":5}`, "/to: got number, want string", ""},
		{`{"list":[]}`, "missing property 'to'", ""},
		{`{"to":"x","list":[1,{"name":"y","inner":{"name":0}}]}`, "/list/1/inner/name: got number, want string", ""},
		{`{"to":"x","too":1,"list":[{"inner":{"nane":"y"}}]}`, "", "/list/0/inner/nane /too"},
		{`{"to":"x","free":{"any":{"none":1}}}`, "", "/free/any/none"},
	} {
		value, err := ReadJSON([]byte(c.json))
		if err != nil {
			t.Fatal(err)
		}
		wrong, unknown := body.Check(value)
		if !strings.Contains(wrong, c.wrong) || (wrong == "") != (c.wrong == "") || strings.Join(unknown, " ") != c.unknown {
			t.Errorf("%s: got %q, %q", c.json, wrong, unknown)
		}
		if err := d.Validate("/bodies/a~1b/schema", value); (err == nil) != (c.wrong == "") {
			t.Errorf("%s: got %v", c.json, err)
		}
	}
	for _, pointer := range []string{"/bodies/none", "/kinds/2", "/kinds/x", "/kinds/0/type/x"} {
		if at := d.At(pointer); at != nil {
			t.Errorf("%s: got %v", pointer, at)
		}
	}
	if d.At("/kinds/0/type") != "string" {
		t.Error("what stands in a list is not found")
	}
	if _, err := d.Body("/bodies/none"); err == nil {
		t.Error("a schema that is not there is compiled")
	}
	if _, err := Describe([]byte(`{`)); err == nil {
		t.Error("half a description is read")
	}
}

func TestOnce(t *testing.T) {
	n := 0
	read := Once(func(path string) (int, error) {
		if n++; path == "" {
			return 0, errors.New("no path")
		}
		return n, nil
	})
	for range 2 {
		if a, err := read("a"); a != 1 || err != nil {
			t.Errorf("got %d, %v", a, err)
		}
		if _, err := read(""); err == nil {
			t.Error("an error is not kept")
		}
	}
	if b, _ := read("b"); b != 3 {
		t.Errorf("got %d", b)
	}
}
