package standin_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"motkraft/bot/discord/standin"
	"motkraft/bot/fakeserver"
)

// asked is what the real server says that was registered.
const asked = `[{"name":"support","name_localizations":{"sv-SE":"stöd"},"description":"d","contexts":[0,1],"integration_types":[0,1],"options":[
	{"type":3,"name":"topic","description":"t","channel_types":null,"required":false,"options":null,"autocomplete":false,
	"choices":[{"name":"a","name_localizations":{"sv-SE":"ä"},"value":"k1"}]}]},
	{"name":"panel","description":"p","type":1,"default_member_permissions":"32","contexts":[0]}]`

func commandsOf(s *standin.Server) string { return "applications/" + s.AppID + "/commands" }

func TestCommands(t *testing.T) {
	run := func(t *testing.T, opts standin.Options) {
		s := standin.New(t, opts)
		ok(t, call(t, s, "PUT", commandsOf(s), asked), 200)
		var first, second []map[string]any
		get := func(query string, to any) {
			t.Helper()
			if err := json.Unmarshal(ok(t, call(t, s, "GET", commandsOf(s)+query, ""), 200).Body, to); err != nil {
				t.Fatal(err)
			}
		}
		get("?with_localizations=true", &first)
		support, panel := first[0], first[1]
		if support["name"] != "support" || support["id"] == "" || support["application_id"] != s.AppID || support["version"] == "" ||
			fmt.Sprint(support["name_localizations"]) != "map[sv-SE:stöd]" || support["type"] != 1.0 || support["nsfw"] != false ||
			support["default_member_permissions"] != nil || panel["default_member_permissions"] != "32" || panel["dm_permission"] != false ||
			fmt.Sprint(panel["integration_types"]) != "[0]" {
			t.Errorf("got %v", first)
		}
		if null, has := panel["name_localizations"]; null != nil || !has {
			t.Errorf("got %v", panel)
		}
		option := support["options"].([]any)[0].(map[string]any)
		if _, has := option["required"]; has || option["channel_types"] != nil || len(option["choices"].([]any)) != 1 {
			t.Errorf("got %v", option)
		}
		if string(s.Commands()) == "" || json.Unmarshal(s.Commands(), &second) != nil || fmt.Sprint(first) != fmt.Sprint(second) {
			t.Errorf("got %s", s.Commands())
		}
		second = nil // a map that is filled twice keeps what was there
		get("", &second)
		if _, has := second[0]["name_localizations"]; has {
			t.Errorf("got %v", second)
		}
		ok(t, call(t, s, "PUT", commandsOf(s), asked), 200)
		second = nil
		get("?with_localizations=true", &second)
		if second[0]["id"] != support["id"] || second[0]["version"] == support["version"] {
			t.Errorf("got %v", second)
		}
		none(t, s)
		refuses(t, call(t, s, "PUT", "applications/1/commands", asked), 403, 20012)
	}
	t.Run("without a description", func(t *testing.T) { run(t, standin.Options{}) })
	t.Run("with it", func(t *testing.T) { run(t, standin.Options{Spec: fakeserver.NeedSpec(t, "discord-openapi.json")}) })
}

func TestCommandLimits(t *testing.T) {
	one := func(fields string) string { return `[{"name":"a","description":"d",` + fields + `}]` }
	option := func(fields string) string {
		return one(`"options":[{"type":3,"name":"o","description":"d",` + fields + `}]`)
	}
	for _, c := range []wrong{
		{name: "no list", body: `{}`, says: "no list"},
		{name: "capitals", body: `[{"name":"Support","description":"d"}]`, says: "small letters"},
		{name: "a space", body: `[{"name":"my support","description":"d"}]`, says: "small letters"},
		{name: "a long name", body: `[{"name":"` + strings.Repeat("å", 33) + `","description":"d"}]`, says: "1 to 32"},
		{name: "no description", body: `[{"name":"a"}]`, says: "0 units"},
		{name: "a long description", body: `[{"name":"a","description":"` + strings.Repeat("å", 101) + `"}]`, says: "101 units"},
		{name: "a localized name", body: one(`"name_localizations":{"sv-SE":"Stöd"}`), says: "sv-SE"},
		{name: "a localized description", body: one(`"description_localizations":{"sv-SE":""}`), says: "0 units"},
		{name: "a locale", body: one(`"name_localizations":{"sv":"stöd"}`), says: `no locale "sv"`},
		{name: "two names", body: `[{"name":"a","description":"d"},{"name":"a","description":"d"}]`, says: "taken"},
		{name: "two names in one language", body: `[{"name":"a","description":"d"},{"name":"b","name_localizations":{"sv-SE":"a"},"description":"d"}]`, says: `"sv-SE"`},
		{name: "many options", body: one(`"options":[` + many(26, `{"type":3,"name":"o","description":"d"}`) + `]`), says: "26 options"},
		{name: "an option's name", body: one(`"options":[{"type":3,"name":"O","description":"d"}]`), says: "small letters"},
		{name: "required last", body: one(`"options":[{"type":3,"name":"o","description":"d"},{"type":3,"name":"p","description":"d","required":true}]`), says: "after one that is not"},
		{name: "many choices", body: option(`"choices":[` + many(26, `{"name":"a","value":"b"}`) + `]`), says: "26 choices"},
		{name: "a choice's name", body: option(`"choices":[{"name":"` + strings.Repeat("å", 101) + `","value":"b"}]`), says: "101 units"},
		{name: "a choice's value", body: option(`"choices":[{"name":"a","value":""}]`), says: "value of a choice"},
		{name: "choices alike", body: option(`"choices":[{"name":"a","value":"1"},{"name":"a","value":"2"}]`), says: "taken"},
		{name: "both", body: option(`"autocomplete":true,"choices":[{"name":"a","value":"1"}]`), says: "both"},
		{name: "contexts", body: one(`"contexts":[0,0]`), says: "contexts"},
		{name: "integration types", body: one(`"integration_types":[2]`), says: "integration_types"},
		{name: "permissions", body: one(`"default_member_permissions":"ALL"`), says: "whole number"},
		{name: "another kind", body: `[{"name":"a","type":2}]`, says: "only slash commands"},
		{name: "much text", body: option(`"choices":[` + many(25, `{"name":"`+strings.Repeat("å", 100)+`","value":"`+strings.Repeat("å", 100)+`"},{"name":"`+
			strings.Repeat("å", 100)+`","value":"`+strings.Repeat("å", 100)+`"}`) + `]`), says: "at most 8000"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := standin.New(t, standin.Options{})
			a := call(t, s, "PUT", commandsOf(s), c.body)
			if v := strings.Join(s.Violations(), "\n"); a.Status != 400 || !strings.Contains(v, c.says) {
				t.Errorf("got %d, violations %q, want %q in them", a.Status, v, c.says)
			}
			if string(s.Commands()) != "[]" {
				t.Errorf("registered: %s", s.Commands())
			}
		})
	}
	t.Run("an unknown field", func(t *testing.T) {
		s := standin.New(t, standin.Options{Spec: fakeserver.NeedSpec(t, "discord-openapi.json")})
		ok(t, call(t, s, "PUT", commandsOf(s), one(`"context":[0]`)), 200)
		if v := s.Violations(); len(v) != 1 || !strings.Contains(v[0], "no field /0/context") {
			t.Errorf("violations: %q", v)
		}
	})
}
