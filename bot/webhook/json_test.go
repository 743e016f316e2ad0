package webhook

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"

	"motkraft/bot"
)

// FuzzText: what is written is read again by encoding/json as it was, whatever it holds; only what is no UTF-8 is read as encoding/json itself
// would have written it.
func FuzzText(f *testing.F) {
	for _, s := range []string{"", "Hej!\n\tDu", `"\/`, "\x00\x1f\x7f", "åäö🧡\u2028", "\xff\xc3", "a\xed\xa0\x80b", "\uFFFD"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		plain, err := json.Marshal(s)
		if err != nil {
			t.Fatal(err)
		}
		var got, want string
		if err := json.Unmarshal(plain, &want); err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(appendText(nil, s), &got); err != nil || got != want {
			t.Errorf("%q is read as %q, expected %q; %v", s, got, want, err)
		}
	})
}

// FuzzRequest: what is taken is what encoding/json reads there too, and of what is a flat object of texts, with no field twice, nothing is refused but
// unknown fields.
func FuzzRequest(f *testing.F) {
	for _, s := range []string{
		`{}`, `{"a":"b"}`, ` { "a" : "b" , "c":"" } `, `{"a":"b","a":"c"}`, `{"a":"b",}`, `{,}`, `{"a":"b"}}`, `{"a":1}`, `{"a":null}`, `{"A":"b"}`, `{"x":"b"}`,
		`{"a":"\u00e5\n\"\\"}`, `{"\u0061":"b"}`, `{"a":"\x"}`, `{"a":"\`, "{\"a\":\"\n\"}", "{\"a\":\"\xff\"}", `{"a":"\ud800"}`, `[]`, `"a"`, `{"a":"b"`, `{"a" "b"}`, `{"a":{}}`, ``,
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, body string) {
		var a, c string
		err := decode([]byte(body), []field{{name: "a", to: &a, most: 5}, {name: "c", to: &c}})
		var all map[string]*string
		strict := json.Unmarshal([]byte(body), &all)
		if err == nil {
			if strict != nil || a != value(all, "a") || c != value(all, "c") || len(all) > 2 {
				t.Fatalf("%q is taken as %q and %q; encoding/json: %v, %v", body, a, c, all, strict)
			}
			return
		}
		said := err.Error()
		expected := strict != nil || !utf8.ValidString(body) || strings.HasPrefix(said, "unknown field") || strings.HasSuffix(said, "twice") ||
			strings.HasPrefix(said, "a has") && utf8.RuneCountInString(a) > 5 || all == nil
		for _, v := range all {
			expected = expected || v == nil
		}
		if !expected {
			t.Fatalf("%q is refused (%v); encoding/json reads %v", body, err, all)
		}
	})
}

func value(all map[string]*string, name string) string {
	if v := all[name]; v != nil {
		return *v
	}
	return ""
}

// What is written of a message is all that it holds.
func TestMessage(t *testing.T) {
	type button struct{ Label, Data, URL, Phone, Kind string }
	type message struct {
		Text, Lang, Here string
		Clear            bool
		Buttons          []button
	}
	for _, c := range []struct {
		m    bot.Message
		want message
	}{
		{bot.Message{Text: "a", Lang: "sv"}, message{Text: "a", Lang: "sv", Buttons: []button{}}},
		{
			bot.Message{Text: "\"å\"", Lang: "en", Here: "h", Clear: true, Buttons: []bot.Button{
				{Label: "a", Data: "d", Kind: bot.Option}, {Label: "b", URL: "https://example.org/?a&b", Kind: bot.Contact}, {Label: "c", Phone: "112"},
				{Label: "d", Data: "e", Kind: bot.Standing},
			}},
			message{"\"å\"", "en", "h", true, []button{
				{"a", "d", "", "", "option"}, {"b", "", "https://example.org/?a&b", "", "contact"}, {"c", "", "", "112", "contact"}, {"d", "e", "", "", "standing"},
			}},
		},
	} {
		var got message
		if err := json.Unmarshal(appendMessage(nil, c.m), &got); err != nil || !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: %+v, expected %+v; %v", appendMessage(nil, c.m), got, c.want, err)
		}
	}
}
