package standin

import (
	"encoding/json"
	"os"

	"motkraft/bot/fakeserver"
)

// spec is what the platform's description says of the bodies of requests, by their names in described.
type spec map[string]fakeserver.Body

// described are the bodies that are held against the description, and where it describes them.
var described = map[string]string{
	"callback": "interactions~1{interaction_id}~1{interaction_token}~1callback/post",
	"edit":     "webhooks~1{webhook_id}~1{webhook_token}~1messages~1@original/patch",
	"followup": "webhooks~1{webhook_id}~1{webhook_token}/post",
	"commands": "applications~1{application_id}~1commands/put",
}

var loadSpec = fakeserver.Once(func(path string) (spec, error) {
	raw, err := os.ReadFile(path) // #nosec G304 -- a test names the path
	if err != nil {
		return nil, err
	}
	description, err := fakeserver.Describe(raw)
	if err != nil {
		return nil, err
	}
	s := spec{}
	for what, at := range described {
		if s[what], err = description.Body("/paths/~1" + at + "/requestBody/content/application~1json/schema"); err != nil {
			return nil, err
		}
	}
	return s, nil
})

// described holds a body against the description, where there is one.
func (s *Server) described(what string, raw []byte) (found problems) {
	if s.spec == nil {
		return nil
	}
	value, err := fakeserver.ReadJSON(raw)
	if err != nil {
		found.Add(errNoJSON, "the body is no JSON")
		return found
	}
	if what == "commands" {
		numberPermissions(value)
	}
	fault, unknown := s.spec[what].Check(value)
	if fault != "" {
		found.Add(errInvalid, "%s", fault)
	}
	for _, at := range unknown {
		found.Add(nil, "the description knows no field %s", at) // the real server ignores it
	}
	return found
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
