package standin

import (
	"os"
	"testing"

	"motkraft/bot/fakeserver"
)

// TestAnswersAreAsDescribed holds what the server answers against the platform's own description: an adapter that is tried here must find
// the same there.
func TestAnswersAreAsDescribed(t *testing.T) {
	raw, err := os.ReadFile(fakeserver.NeedSpec(t, "discord-openapi.json"))
	if err != nil {
		t.Fatal(err)
	}
	description, err := fakeserver.Describe(raw)
	if err != nil {
		t.Fatal(err)
	}

	s := New(t, Options{})
	s.SetCommands(`[{"name":"support","name_localizations":{"sv-SE":"a"},"description":"d","default_member_permissions":"32","contexts":[0],
		"options":[{"type":3,"name":"o","description":"d","required":true,"choices":[{"name":"a","value":"b"}]}]}]`)
	s.mu.Lock()
	in := s.newInteraction(typeCommand, nil, false)
	s.mu.Unlock()
	in.person = s.Join("sv-SE")
	given, err := func() (*reply, error) {
		s.mu.Lock()
		defer s.mu.Unlock()
		return s.readAnswer("", in, []byte(`{"type":4,"data":{"content":"x","flags":64,"allowed_mentions":{"parse":[]},"components":[
			{"type":1,"components":[{"type":2,"style":2,"label":"A","custom_id":"a"},{"type":2,"style":5,"label":"B","url":"https://example.org/"}]}]}}`))
	}()
	if err != nil {
		t.Fatal(err)
	}
	s.mu.Lock()
	err = s.apply(in, given)
	message := s.messageJSON(in.original)
	commands := s.commandsJSON(true)
	s.mu.Unlock()
	if err != nil {
		t.Fatal(err)
	}
	result := func(do func(*Server, *request) (int, any, error)) any {
		_, v, err := do(s, nil)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	for pointer, answer := range map[string]any{
		"applications~1@me/get":                        result((*Server).getApplication),
		"oauth2~1applications~1@me/get":                result((*Server).getApplication),
		"users~1@me/get":                               result((*Server).getMe),
		"gateway/get":                                  result((*Server).getGateway),
		"gateway~1bot/get":                             result((*Server).getGatewayBot),
		"applications~1{application_id}~1commands/get": commands,
		"webhooks~1{webhook_id}~1{webhook_token}~1messages~1@original/get":   message,
		"interactions~1{interaction_id}~1{interaction_token}~1callback/post": s.called(in),
	} {
		value, err := fakeserver.ReadJSON(fakeserver.JSON(answer))
		if err != nil {
			t.Fatal(err)
		}
		if err := description.Validate("/paths/~1"+pointer+"/responses/200/content/application~1json/schema", value); err != nil {
			t.Errorf("%s: %v", pointer, err)
		}
	}
}
