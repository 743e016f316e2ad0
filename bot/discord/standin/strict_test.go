package standin_test

import (
	"net/http"
	"strings"
	"testing"

	"motkraft/bot/discord/standin"
	"motkraft/bot/fakeserver"
)

// wrong is a body that no correct program sends.
type wrong struct {
	name   string
	body   string
	passes bool   // it is carried out all the same
	says   string // in the violation
}

// filled gives a first answer with a message that holds more fields.
func filled(fields string) string {
	return `{"type":4,"data":{` + mentions + `,` + fields + `}}`
}

func button(fields string) string {
	return filled(`"components":[{"type":1,"components":[{"type":2,` + fields + `}]}]`)
}

func many(n int, one string) string { return strings.TrimSuffix(strings.Repeat(one+",", n), ",") }

// TestLimits holds what is checked without the platform's description.
func TestLimits(t *testing.T) {
	const b = `{"type":2,"style":2,"label":"A","custom_id":"a"}`
	for _, c := range []wrong{
		{name: "too long", body: filled(`"content":"` + strings.Repeat("👋", 1001) + `"`), says: "2002 units"},
		{name: "mentions", body: `{"type":4,"data":{"content":"x"}}`, passes: true, says: "allowed_mentions"},
		{name: "mentions of users", body: `{"type":4,"data":{"content":"x","allowed_mentions":{"parse":["users"]}}}`, passes: true, says: "allowed_mentions"},
		{name: "mentions without parse", body: `{"type":4,"data":{"content":"x","allowed_mentions":{}}}`, passes: true, says: "allowed_mentions"},
		{name: "a mention of one", body: `{"type":4,"data":{"content":"x","allowed_mentions":{"parse":[],"users":["1"]}}}`, passes: true, says: "allowed_mentions"},
		{name: "flags", body: filled(`"content":"x","flags":32768`), says: "flags 32768"},
		{name: "a poll", body: filled(`"poll":{}`), says: "poll"},
		{name: "content of another type", body: filled(`"content":5`), says: "content is of another type"},
		{name: "no message", body: `{"type":4}`, says: "a message is expected"},
		{name: "type 7 to a command", body: strings.Replace(filled(`"content":"x"`), "4", "7", 1), says: "type 7 to an interaction of type 2"},
		{name: "type 6 to a command", body: `{"type":6}`, says: "type 6 to an interaction of type 2"},
		{name: "choices to a command", body: `{"type":8,"data":{"choices":[]}}`, says: "type 8 to an interaction of type 2"},
		{name: "a pong", body: `{"type":1}`, says: "type 1 to an interaction of type 2"},
		{name: "a form", body: `{"type":9,"data":{}}`, says: "type 9"},
		{name: "no object", body: `[]`, says: "no object"},
		{name: "rows", body: filled(`"components":[` + many(6, `{"type":1,"components":[`+button1("a")+`]}`) + `]`), says: "6 rows"},
		{name: "an empty row", body: filled(`"components":[{"type":1,"components":[]}]`), says: "0 buttons"},
		{name: "a wide row", body: filled(`"components":[{"type":1,"components":[` + many(6, b) + `]}]`), says: "6 buttons"},
		{name: "no row", body: filled(`"components":[` + b + `]`), says: "not that of a row"},
		{name: "no list", body: filled(`"components":{}`), says: "no list"},
		{name: "a menu", body: filled(`"components":[{"type":1,"components":[{"type":3,"custom_id":"a"}]}]`), says: "type 3"},
		{name: "custom_id twice", body: filled(`"components":[{"type":1,"components":[` + b + `,` + b + `]}]`), says: "same custom_id"},
		{name: "no custom_id", body: button(`"style":1,"label":"A"`), says: "custom_id has 0"},
		{name: "a long custom_id", body: button(`"style":1,"label":"A","custom_id":"` + strings.Repeat("ö", 101) + `"`), says: "custom_id has 101"},
		{name: "no label", body: button(`"style":1,"custom_id":"a"`), says: "no label"},
		{name: "a long label", body: button(`"style":1,"label":"` + strings.Repeat("ö", 81) + `","custom_id":"a"`), says: "81 units"},
		{name: "a style", body: button(`"style":7,"label":"A","custom_id":"a"`), says: "style 7"},
		{name: "a url without a link", body: button(`"style":1,"label":"A","custom_id":"a","url":"https://example.org"`), says: "no link"},
		{name: "a link with custom_id", body: button(`"style":5,"label":"A","custom_id":"a","url":"https://example.org"`), says: "a link with"},
		{name: "a link to tel", body: button(`"style":5,"label":"A","url":"tel:112"`), says: "no https"},
		{name: "a long link", body: button(`"style":5,"label":"A","url":"https://example.org/` + strings.Repeat("x", 500) + `"`), says: "520 units"},
		{name: "a link nowhere", body: button(`"style":5,"label":"A"`), says: "url has 0"},
	} {
		t.Run(c.name, func(t *testing.T) { violates(t, standin.Options{}, c) })
	}
}

func button1(id string) string { return `{"type":2,"style":2,"label":"A","custom_id":"` + id + `"}` }

// violates sends a first answer over both ways in.
func violates(t *testing.T, opts standin.Options, c wrong) {
	t.Helper()
	s := standin.New(t, opts)
	b := connect(t, s)
	act := s.Join("sv-SE").Command("support", nil)
	a := call(t, s, "POST", b.interaction().callback(), c.body)
	if passed := a.Status == http.StatusNoContent; passed != c.passes || !passed && a.Status != http.StatusBadRequest {
		t.Errorf("got %d %s", a.Status, a.Body)
	}
	if (act.Status() == standin.Answered) != c.passes {
		t.Errorf("the act is %v", act.Status())
	}
	if v := strings.Join(s.Violations(), "\n"); !strings.Contains(v, c.says) || !strings.HasPrefix(v, "POST callback: ") {
		t.Errorf("violations are %q, want %q in them", v, c.says)
	}

	s = standin.New(t, opts)
	s.Forward(answering(t, http.StatusOK, c.body))
	act = s.Join("sv-SE").Command("support", nil)
	if (act.Wait() == standin.Answered) != c.passes {
		t.Errorf("forwarded, the act is %v: %s", act.Status(), act.Why())
	}
	if v := strings.Join(s.Violations(), "\n"); !strings.Contains(v, c.says) {
		t.Errorf("forwarded, violations are %q, want %q in them", v, c.says)
	}
}

// TestDescription holds what only the description tells.
func TestDescription(t *testing.T) {
	opts := standin.Options{Spec: fakeserver.NeedSpec(t, "discord-openapi.json")}
	for _, c := range []wrong{
		{name: "a field", body: filled(`"content":"x","contents":"x"`), passes: true, says: "no field /data/contents"},
		{name: "an outer field", body: `{"typ":4,` + filled(`"content":"x"`)[1:], passes: true, says: "no field /typ"},
		{name: "a field of a button", body: button(`"style":1,"label":"A","custom_id":"a","colour":1`), passes: true, says: "/data/components/0/components/0/colour"},
		{name: "a field of mentions", body: `{"type":4,"data":{"content":"x","allowed_mentions":{"parse":[],"user":[]}}}`, passes: true, says: "/data/allowed_mentions/user"},
		{name: "a text for a flag", body: filled(`"content":"x","tts":"no"`), says: "/data/tts"},
		{name: "a text for a style", body: button(`"style":"1","label":"A","custom_id":"a"`), says: "/style"},
		{name: "an embed", body: filled(`"embeds":[{"title":"` + strings.Repeat("x", 257) + `"}]`), says: "/data/embeds/0/title"},
		{name: "an unknown type", body: `{"type":99}`, says: "/type"},
	} {
		t.Run(c.name, func(t *testing.T) { violates(t, opts, c) })
	}
}

// TestAtTheLimits holds that nothing within the limits is refused, and what the library sends beyond need.
func TestAtTheLimits(t *testing.T) {
	within := func(t *testing.T, opts standin.Options) {
		s := standin.New(t, opts)
		b := connect(t, s)
		anna := s.Join("")
		anna.Command("support", nil)
		var rows []string
		for i := range 5 {
			id := string(rune('a' + i))
			label := `"label":"` + strings.Repeat("å", 80) + `","disabled":false`
			rows = append(rows, `{"type":1,"components":[{"type":2,"style":5,`+label+`,"url":"https://example.org/`+strings.Repeat("x", 492)+`"}`+
				`,`+button1(id+"1")+`,`+button1(id+"2")+`,`+button1(id+"3")+`,{"type":2,"style":1,`+label+`,"custom_id":"`+id+strings.Repeat("ö", 99)+`"}]}`)
		}
		in := b.interaction()
		full := `"content":"` + strings.Repeat("👋", 1000) + `","tts":false,"embeds":null,"flags":68,"components":[` + strings.Join(rows, ",") + `]`
		ok(t, call(t, s, "POST", in.callback(), filled(full)), 204)
		ok(t, call(t, s, "PATCH", in.original(s), `{`+mentions+`,`+strings.Replace(full, `"tts":false,`, "", 1)+`}`), 200)
		ok(t, call(t, s, "POST", "webhooks/"+s.AppID+"/"+in.Token, `{`+mentions+`,`+full+`}`), 200)
		if m := anna.Messages(); len(m) != 2 || len(m[0].Buttons()) != 25 || !m[1].Ephemeral {
			t.Errorf("got %+v", m)
		}
		anna.PressButton(0)
		ok(t, call(t, s, "POST", b.interaction().callback(), `{"type":7,"data":{`+mentions+`,`+full+`}}`), 204)
		none(t, s)
	}
	t.Run("without a description", func(t *testing.T) { within(t, standin.Options{}) })
	t.Run("with it", func(t *testing.T) { within(t, standin.Options{Spec: fakeserver.NeedSpec(t, "discord-openapi.json")}) })
}

func TestStrangers(t *testing.T) {
	set := func(name, value string) func(http.Header) {
		return func(h http.Header) { h.Set(name, value) }
	}
	s := standin.New(t, standin.Options{})
	refuses(t, callWith(t, s, "GET", "users/@me", "", set("Authorization", "Bot x")), 401, 0)
	refuses(t, callWith(t, s, "GET", "users/@me", "", func(h http.Header) { h.Del("Authorization") }), 401, 0)
	none(t, s)
	for _, c := range []struct {
		a    answer
		says string
	}{
		{call(t, s, "GET", "users/1", ""), "no call: GET /api/v10/users/1"},
		{call(t, s, "POST", "users/@me", "{}"), "no call: POST"},
		{callWith(t, s, "GET", "users/@me", "", set("User-Agent", "Go-http-client/1.1")), "User-Agent"},
		{callWith(t, s, "PUT", "applications/"+s.AppID+"/commands", "[]", set("Content-Type", "text/plain")), "text/plain"},
		{call(t, s, "PUT", "applications/"+s.AppID+"/commands", "["), "no JSON"},
	} {
		v := s.Violations()
		if c.a.Status < 400 || !strings.Contains(strings.Join(v, "\n"), c.says) || strings.Contains(strings.Join(v, "\n"), s.Token) {
			t.Errorf("got %d %s, violations %q", c.a.Status, c.a.Body, v)
		}
	}
}
