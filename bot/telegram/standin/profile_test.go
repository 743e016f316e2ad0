package standin_test

import (
	"bytes"
	"testing"

	"motkraft/bot/telegram/standin"
)

func TestTheProfile(t *testing.T) {
	s := standin.New(t, standin.Options{})
	list := `[{"command":"help","description":"Hjälp"}]`
	scope := `{"type":"all_private_chats"}`
	must(t, s, "setMyCommands", p{"commands": list, "scope": scope, "language_code": "sv"})
	if c := s.Commands("all_private_chats", "sv"); len(c) != 1 || c[0].Description != "Hjälp" || len(s.Commands("default", "sv")) != 0 {
		t.Errorf("got %+v", c)
	}
	if got := must(t, s, "getMyCommands", p{"scope": scope, "language_code": "sv"}); !bytes.Equal(got.Result, []byte(list)) {
		t.Errorf("got %s", got.Result)
	}
	must(t, s, "deleteMyCommands", p{"scope": scope, "language_code": "sv"})
	must(t, s, "setMyDescription", p{"description": "Stöd", "language_code": "sv"})
	must(t, s, "setMyShortDescription", p{"short_description": "Kort"})
	must(t, s, "setMyName", p{"name": "Motkraft"})
	if len(s.Commands("all_private_chats", "sv")) != 0 || s.Description("sv") != "Stöd" || s.ShortDescription("") != "Kort" || s.Name("") != "Motkraft" {
		t.Error("the profile is not as it was set")
	}
	none(t, s)
}
