package standin_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"motkraft/bot/discord/standin"
)

func TestHowLongAnInteractionLives(t *testing.T) {
	s := standin.New(t, standin.Options{})
	b := connect(t, s)
	anna := s.Join("")

	late := anna.Command("support", nil)
	in := b.interaction()
	s.Advance(standin.FirstAnswer + time.Millisecond)
	if late.Wait() != standin.Expired {
		t.Errorf("the act is %v", late.Status())
	}
	refuses(t, call(t, s, "POST", in.callback(), screen("4", "x")), 404, 10062)
	refuses(t, call(t, s, "DELETE", in.original(s), ""), 404, 10015)

	anna.Command("support", nil)
	in = b.interaction()
	refuses(t, call(t, s, "PATCH", in.original(s), `{"content":"x",`+mentions+`}`), 404, 10015)
	refuses(t, call(t, s, "POST", "interactions/1/"+in.Token+"/callback", screen("4", "x")), 404, 10062)
	refuses(t, call(t, s, "POST", "interactions/"+in.ID+"/x/callback", screen("4", "x")), 404, 10062)
	refuses(t, call(t, s, "POST", in.callback(), `{"type":4,"data":{"content":" ",`+mentions+`}}`), 400, 50006)
	ok(t, call(t, s, "POST", in.callback(), screen("4", "x")), 204)
	refuses(t, call(t, s, "POST", in.callback(), screen("4", "x")), 400, 40060)
	refuses(t, call(t, s, "PATCH", in.original(s), `{"content":"","components":[],`+mentions+`}`), 400, 50006)
	refuses(t, call(t, s, "DELETE", "webhooks/1/"+in.Token+"/messages/@original", ""), 404, 10015)
	anna.Press("a")
	press := b.interaction()
	ok(t, call(t, s, "DELETE", in.original(s), ""), 204)
	refuses(t, call(t, s, "DELETE", in.original(s), ""), 404, 10008)
	refuses(t, call(t, s, "PATCH", in.original(s), `{"content":"x",`+mentions+`}`), 404, 10008)
	refuses(t, call(t, s, "POST", press.callback(), strings.Replace(screen("7", "x"), `"flags":64,`, "", 1)), 404, 10008)
	s.Advance(standin.TokenLife)
	refuses(t, call(t, s, "DELETE", in.original(s), ""), 401, 50027)
	refuses(t, call(t, s, "POST", "webhooks/"+s.AppID+"/"+in.Token, `{"content":"x",`+mentions+`}`), 401, 50027)
	// What belongs to the interaction needs no token of the bot's, but no wrong one either.
	refuses(t, callWith(t, s, "DELETE", in.original(s), "", func(h http.Header) { h.Del("Authorization") }), 401, 50027)
	refuses(t, callWith(t, s, "DELETE", in.original(s), "", func(h http.Header) { h.Set("Authorization", "Bot x") }), 401, 0)
	none(t, s)
}

func TestAnswersThatComeLater(t *testing.T) {
	s := standin.New(t, standin.Options{})
	b := connect(t, s)
	anna := s.Join("")
	act := anna.Command("support", nil)
	in := b.interaction()
	ok(t, call(t, s, "POST", in.callback(), `{"type":5,"data":{"flags":64}}`), 204)
	if m := anna.Messages(); act.Wait() != standin.Answered || len(m) != 1 || !m[0].Loading || !m[0].Ephemeral || anna.Answers() != 0 {
		t.Errorf("the act is %v, seen are %+v", act.Status(), m)
	}
	ok(t, call(t, s, "PATCH", in.original(s), `{"content":"here",`+mentions+`,"components":[{"type":1,"components":[`+button1("a")+`]}]}`), 200)
	if m := anna.Messages(); m[0].Loading || m[0].Edited != 0 || m[0].Content != "here" || anna.Answers() != 1 {
		t.Errorf("got %+v", m)
	}
	anna.Press("a")
	in = b.interaction()
	ok(t, call(t, s, "POST", in.callback(), `{"type":6}`), 204)
	ok(t, call(t, s, "PATCH", in.original(s), `{"content":"changed",`+mentions+`}`), 200)
	if m := anna.Messages(); m[0].Edited != 1 || m[0].Content != "changed" || len(m[0].Buttons()) != 1 || anna.Answers() != 2 {
		t.Errorf("got %+v", m)
	}
	none(t, s)
}

func TestMentions(t *testing.T) {
	s := standin.New(t, standin.Options{})
	b := connect(t, s)
	anna := s.Join("")
	for _, c := range []struct{ allowed, want string }{
		{``, "@everyone 1 2"},
		{`,"allowed_mentions":{"parse":["everyone"]}`, "@everyone"},
		{`,"allowed_mentions":{"parse":[],"users":["1"]}`, "1"},
		{`,"allowed_mentions":{"parse":["roles"]}`, "2"},
		{`,` + mentions, ""},
	} {
		anna.Command("support", nil)
		ok(t, call(t, s, "POST", b.interaction().callback(), `{"type":4,"data":{"content":"@everyone <@1> <@&2>"`+c.allowed+`}}`), 204)
		m := anna.Messages()
		if got := strings.Join(m[len(m)-1].Mentions, " "); got != c.want {
			t.Errorf("%s calls %q, want %q", c.allowed, got, c.want)
		}
	}
}
