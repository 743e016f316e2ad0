package standin_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"motkraft/bot/fakeserver"
	"motkraft/bot/telegram/standin"
)

// wrong is a call that no correct program makes.
type wrong struct {
	name, method string
	params       p
	passes       bool   // the real server carries it out all the same
	says         string // in the violation
}

// buttons gives a keyboard of one row.
func buttons(b ...string) string { return `{"inline_keyboard":[[` + strings.Join(b, ",") + `]]}` }

// TestLimits holds every limit that is checked without a description. It leaves out the bounds that pass; TestAtTheLimits has them.
func TestLimits(t *testing.T) {
	many := func(n int, b string) string { return strings.TrimSuffix(strings.Repeat(b+",", n), ",") }
	const b = `{"text":"A","callback_data":"a"}`
	cases := []wrong{
		{name: "no text", method: "sendMessage", params: p{"text": " \n"}, says: "text is empty"},
		{name: "long text", method: "sendMessage", params: p{"text": strings.Repeat("👋", 2048) + "."}, says: "text has 4097 units"},
		{name: "long edit", method: "editMessageText", params: p{"text": strings.Repeat("å", 4097)}, says: "4097 units"},
		{name: "not UTF-8", method: "sendMessage", params: p{"text": "\xff"}, says: "no UTF-8"},
		{name: "formatted", method: "sendMessage", params: p{"text": "x", "parse_mode": "HTML"}, says: "plain text"},
		{name: "data too long", params: p{"reply_markup": buttons(`{"text":"A","callback_data":"` + strings.Repeat("å", 33) + `"}`)}, says: "66 bytes"},
		{name: "data empty", params: p{"reply_markup": buttons(`{"text":"A","callback_data":""}`)}, says: "0 bytes"},
		{name: "no action", params: p{"reply_markup": buttons(`{"text":"A"}`)}, says: "0 actions"},
		{name: "two actions", params: p{"reply_markup": buttons(`{"text":"A","callback_data":"a","url":"https://example.org"}`)}, says: "2 actions"},
		{name: "no label", params: p{"reply_markup": buttons(`{"callback_data":"a"}`)}, says: "no text"},
		{name: "tel", params: p{"reply_markup": buttons(`{"text":"A","url":"tel:112"}`)}, says: "no http"},
		{name: "copy empty", params: p{"reply_markup": buttons(`{"text":"A","copy_text":{"text":""}}`)}, says: "0 units"},
		{name: "copy long", params: p{"reply_markup": buttons(`{"text":"A","copy_text":{"text":"` + strings.Repeat("1", 257) + `"}}`)}, says: "257 units"},
		{name: "wide", params: p{"reply_markup": buttons(many(9, b))}, says: "9 buttons"},
		{name: "many", params: p{"reply_markup": `{"inline_keyboard":[` + many(101, "["+b+"]") + `]}`}, says: "101 buttons"},
		{name: "no keyboard", params: p{"reply_markup": `[]`}, says: "no keyboard"},
		{name: "notice", method: "answerCallbackQuery", params: p{"callback_query_id": "1", "text": strings.Repeat("x", 201)}, says: "201 units"},
		{name: "no ids", method: "deleteMessages", params: p{"message_ids": "[]"}, says: "no id"},
		{name: "too many ids", method: "deleteMessages", params: p{"message_ids": "[" + many(101, "1") + "]"}, says: "101 ids"},
		{name: "command", method: "setMyCommands", params: p{"commands": `[{"command":"Hjälp","description":"x"}]`}, says: "a-z"},
		{name: "command text", method: "setMyCommands", params: p{"commands": `[{"command":"a","description":""}]`}, says: "0 units"},
		{name: "language", method: "setMyCommands", params: p{"commands": `[]`, "language_code": "sv-SE"}, says: "language_code"},
		{name: "description", method: "setMyDescription", params: p{"description": strings.Repeat("x", 513)}, says: "513"},
		{name: "short", method: "setMyShortDescription", params: p{"short_description": strings.Repeat("x", 121)}, says: "121"},
		{name: "name", method: "setMyName", params: p{"name": strings.Repeat("x", 65)}, says: "65"},
		{name: "limit", method: "getUpdates", params: p{"limit": "101"}, says: "1 to 100"},
		{name: "secret", method: "setWebhook", params: p{"url": "https://example.org/", "secret_token": "å"}, says: "secret_token"},
		{name: "connections", method: "setWebhook", params: p{"url": "https://example.org/", "max_connections": "0"}, says: "max_connections"},
		{name: "plain webhook", method: "setWebhook", params: p{"url": "http://example.org/"}, says: "not HTTPS"},
		{name: "port", method: "setWebhook", params: p{"url": "https://example.org:8080/"}, says: "port 8080"},
		{name: "method", method: "sendPhoto", says: "not carried out here"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) { violates(t, standin.Options{}, c) })
	}
}

// TestDescription holds what only the description tells.
func TestDescription(t *testing.T) {
	opts := standin.Options{Spec: fakeserver.NeedSpec(t, "telegram-bot-api.json")}
	cases := []wrong{
		{name: "no such method", method: "sendText", says: "no such method"},
		{name: "not here", method: "sendPhoto", params: p{"photo": "x"}, says: "not carried out here"},
		{name: "no such parameter", params: p{"disable_web_page_preview": "true"}, passes: true, says: "'disable_web_page_preview' not allowed"},
		{name: "missing", method: "answerCallbackQuery", says: "missing property 'callback_query_id'"},
		{name: "integer", method: "deleteMessage", params: p{"message_id": "x"}, says: "/message_id: got string, want integer"},
		{name: "boolean", params: p{"protect_content": "yes"}, says: "/protect_content: got string, want boolean"},
		{name: "array", method: "deleteMessages", params: p{"message_ids": "7"}, says: "/message_ids: got number, want array"},
		{name: "item", method: "deleteMessages", params: p{"message_ids": `[1,"2"]`}, says: "/message_ids/1: got string, want integer"},
		{name: "no JSON", params: p{"link_preview_options": "true}"}, says: "/link_preview_options: got string, want object"},
		{name: "inner type", params: p{"link_preview_options": `{"is_disabled":"true"}`}, says: "/link_preview_options/is_disabled: got string, want boolean"},
		{name: "inner name", params: p{"link_preview_options": `{"disabled":true}`}, passes: true, says: "/link_preview_options: additional properties 'disabled' not allowed"},
		{name: "inner missing", params: p{"reply_parameters": `{"allow_sending_without_reply":true}`}, says: "/reply_parameters: missing property 'message_id'"},
		{name: "button", params: p{"reply_markup": buttons(`{"text":"A","callback_data":"a","color":"red"}`)}, passes: true, says: "/reply_markup/inline_keyboard/0/0: additional properties 'color' not allowed"},
		{name: "button type", params: p{"reply_markup": buttons(`{"text":1,"callback_data":"a"}`)}, says: "/reply_markup/inline_keyboard/0/0/text: got number, want string"},
		{name: "scope", method: "setMyCommands", params: p{"commands": "[]", "scope": `{"type":"private"}`}, says: "/scope/type: value must be 'all_private_chats'"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) { violates(t, opts, c) })
	}
	t.Run("as JSON", func(t *testing.T) {
		s := standin.New(t, opts)
		anna := s.Join("")
		anna.Start("")
		body := fmt.Sprintf(`{"chat_id":%d,"text":"x","protect_content":true,"reply_markup":%s}`, anna.ID, keyboard)
		if a := post(t, s, "sendMessage", "application/json", body); !a.OK || !anna.Screens()[0].Protected {
			t.Error(a.Description)
		}
		none(t, s)
		if a := post(t, s, "sendMessage", "application/json", fmt.Sprintf(`{"chat_id":%d,"text":5}`, anna.ID)); a.OK || len(s.Violations()) == 0 {
			t.Error("a number passes for a text")
		}
	})
}

func violates(t *testing.T, opts standin.Options, c wrong) {
	t.Helper()
	s := standin.New(t, opts)
	anna := s.Join("")
	anna.Start("")
	if c.method == "" {
		c.method = "sendMessage"
	}
	params := p{}
	switch c.method {
	case "sendMessage", "editMessageText":
		params["text"] = "x"
		fallthrough
	case "deleteMessage", "deleteMessages":
		params["chat_id"] = id(anna.ID)
	}
	for name, value := range c.params {
		params[name] = value
	}
	a := call(t, s, c.method, params)
	if a.OK != c.passes {
		t.Errorf("got %d %q", a.Status, a.Description)
	}
	v := strings.Join(s.Violations(), "\n")
	if !strings.Contains(v, c.says) || !strings.HasPrefix(v, c.method+": ") {
		t.Errorf("violations are %q, want %q in them", v, c.says)
	}
}

// TestAtTheLimits holds that nothing within the limits is refused.
func TestAtTheLimits(t *testing.T) {
	within := func(t *testing.T, opts standin.Options) {
		s := standin.New(t, opts)
		anna := s.Join("")
		anna.Start("")
		row := "[" + strings.Repeat(`{"text":"å","callback_data":"`+strings.Repeat("å", 32)+`"},`, 7) +
			`{"text":"1","copy_text":{"text":"` + strings.Repeat("1", 256) + `"}}]`
		markup := `{"inline_keyboard":[` + strings.Repeat(row+",", 12) + `[{"text":"tg","url":"tg://user?id=1"}]]}`
		must(t, s, "sendMessage", p{"chat_id": id(anna.ID), "text": strings.Repeat("👋", 2048), "reply_markup": markup})
		must(t, s, "setMyCommands", p{"commands": `[{"command":"` + strings.Repeat("a", 32) + `","description":"` + strings.Repeat("å", 256) + `"}]`, "scope": `{"type":"all_private_chats"}`})
		must(t, s, "setMyDescription", p{"description": strings.Repeat("å", 512)})
		must(t, s, "setMyShortDescription", p{"short_description": strings.Repeat("å", 120)})
		none(t, s)
	}
	t.Run("without a description", func(t *testing.T) { within(t, standin.Options{}) })
	t.Run("with it", func(t *testing.T) { within(t, standin.Options{Spec: fakeserver.NeedSpec(t, "telegram-bot-api.json")}) })
}

func TestStrangers(t *testing.T) {
	s := standin.New(t, standin.Options{})
	resp, err := http.Post(s.URL+"/bot1:x/getMe", "", nil)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode != http.StatusUnauthorized || s.Calls("getMe") != 0 {
		t.Errorf("a wrong token gets %d", resp.StatusCode)
	}
	none(t, s)
	if resp, err = http.Get(s.URL + "/bot" + s.Token + "/getMe"); err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if len(s.Violations()) != 1 || strings.Contains(s.Violations()[0], s.Token) {
		t.Errorf("got %q", s.Violations())
	}
}
