package standin_test

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"motkraft/bot/discord/standin"
)

// answer is what a call gets.
type answer struct {
	Status int
	Code   int
	Body   []byte
	Header http.Header
}

// call plays a bot: one call with the token.
func call(t *testing.T, s *standin.Server, method, path, body string) answer {
	t.Helper()
	return callWith(t, s, method, path, body, nil)
}

func callWith(t *testing.T, s *standin.Server, method, path, body string, change func(http.Header)) answer {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, s.API+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("User-Agent", "DiscordBot (https://example.org, 1)")
	req.Header.Set("Authorization", "Bot "+s.Token)
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	if change != nil {
		change(req.Header)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return answer{}
	}
	defer resp.Body.Close()
	a := answer{Status: resp.StatusCode, Header: resp.Header}
	a.Body, _ = io.ReadAll(resp.Body) // a half one is what some tests want
	var said struct{ Code any }       // of a command's option it is a text
	_ = json.Unmarshal(a.Body, &said)
	if code, ok := said.Code.(float64); ok {
		a.Code = int(code)
	}
	return a
}

// refuses is call where it has to be refused so.
func refuses(t *testing.T, a answer, status, code int) {
	t.Helper()
	if a.Status != status || a.Code != code {
		t.Errorf("got %d, code %d: %s; want %d, code %d", a.Status, a.Code, a.Body, status, code)
	}
}

// received is as much of an interaction as these tests look at.
type received struct {
	ID, Token string
	Type      int
	Locale    string
	Member    *struct{ User struct{ ID string } }
	User      *struct{ ID string }
	Message   struct {
		ID      string
		Flags   int
		Content string
	}
	Data struct {
		ID       any // of a command a text, of a button a number
		Name     string
		CustomID string `json:"custom_id"`
		Options  []struct {
			Name  string
			Value any
		}
	}
}

func (r received) callback() string { return "interactions/" + r.ID + "/" + r.Token + "/callback" }
func (r received) original(s *standin.Server) string {
	return "webhooks/" + s.AppID + "/" + r.Token + "/messages/@original"
}

const mentions = `"allowed_mentions":{"parse":[]}`

// a screen with a button of each kind, as a first answer of the type.
func screen(kind, text string) string {
	return `{"type":` + kind + `,"data":{"content":"` + text + `",` + mentions + `,"flags":64,"components":[{"type":1,"components":[` +
		`{"type":2,"style":2,"label":"A","custom_id":"a"},{"type":2,"style":5,"label":"Web","url":"https://example.org/"},` +
		`{"type":2,"style":2,"label":"B","custom_id":"b"}]}]}}`
}

// none asserts that nothing was done that a correct program does not do.
func none(t *testing.T, s *standin.Server) {
	t.Helper()
	if v := s.Violations(); len(v) > 0 {
		t.Errorf("violations: %q", v)
	}
}

func ok(t *testing.T, a answer, status int) answer {
	t.Helper()
	if a.Status != status {
		t.Fatalf("got %d: %s; want %d", a.Status, a.Body, status)
	}
	return a
}

func TestAConversation(t *testing.T) {
	s := standin.New(t, standin.Options{})
	b := connect(t, s)
	anna, bo := s.Join("sv-SE"), s.Join("en-US")
	act := anna.Command("support", map[string]string{"topic": "k1"})
	in := b.interaction()
	if in.ID != act.ID || in.Locale != "sv-SE" || in.Member.User.ID != anna.ID || in.User != nil || in.Data.Name != "support" || in.Data.Options[0].Value != "k1" {
		t.Errorf("got %+v", in)
	}
	if act.Status() != standin.Pending || act.Type() != 0 {
		t.Errorf("an act that nobody answered is %v", act.Status())
	}
	before := anna.Answers()
	ok(t, call(t, s, "POST", in.callback(), screen("4", ` Hej \\*du\\* @everyone `)), 204)
	anna.WaitAnswers(before)
	if act.Wait() != standin.Answered || act.Type() != 4 || act.Took() <= 0 {
		t.Errorf("the act is %v with %d after %v", act.Status(), act.Type(), act.Took())
	}
	seen := anna.Messages()
	if len(seen) != 1 || len(bo.Messages()) != 0 {
		t.Fatalf("seen: %+v, by another: %+v", seen, bo.Messages())
	}
	first := seen[0]
	if first.Content != `Hej \*du\* @everyone` || first.Reads != "Hej *du* @everyone" || !first.Ephemeral || first.Public || len(first.Mentions) != 0 ||
		len(first.Buttons()) != 3 || first.Buttons()[1].URL != "https://example.org/" {
		t.Errorf("got %+v", first)
	}

	anna.PressButton(1)
	in = b.interaction()
	if in.Type != 3 || in.Data.CustomID != "b" || in.Message.ID != first.ID || in.Message.Flags != 64 || in.Message.Content != first.Content {
		t.Errorf("got %+v", in)
	}
	ok(t, call(t, s, "POST", in.callback()+"?with_response=true", `{"type":7,"data":{"content":"Hej igen",`+mentions+`,"components":[]}}`), 200)
	if now := anna.Messages()[0]; now.Content != "Hej igen" || len(now.Rows) != 0 || now.Edited != 1 || now.ID != first.ID {
		t.Errorf("got %+v", now)
	}
	ok(t, call(t, s, "PATCH", in.original(s), `{"content":"Hej då",`+mentions+`}`), 200)
	ok(t, call(t, s, "GET", in.original(s), ""), 200)
	ok(t, call(t, s, "DELETE", in.original(s), ""), 204)
	if len(anna.Messages()) != 0 || anna.Answers() != 4 {
		t.Errorf("after %d answers: %+v", anna.Answers(), anna.Messages())
	}

	anna.CommandInDM("support", nil)
	in = b.interaction()
	if in.Member != nil || in.User.ID != anna.ID {
		t.Errorf("got %+v", in)
	}
	ok(t, call(t, s, "POST", in.callback(), `{"type":4,"data":{"content":"in private",`+mentions+`}}`), 204)
	if m := anna.Messages(); len(m) != 1 || m[0].Public || len(bo.Messages()) != 0 {
		t.Errorf("got %+v, another sees %+v", m, bo.Messages())
	}
	none(t, s)
}

func TestAPanel(t *testing.T) {
	s := standin.New(t, standin.Options{})
	s.SetCommands(`[{"name":"panel","description":"x","default_member_permissions":"32","contexts":[0]}]`)
	b := connect(t, s)
	boss, anna := s.JoinManager("en-GB"), s.Join("")
	boss.Command("panel", nil)
	in := b.interaction()
	ok(t, call(t, s, "POST", in.callback(), strings.Replace(screen("4", "Talk"), `"flags":64`, `"flags":4`, 1)), 204)
	if m := anna.Messages(); len(m) != 1 || !m[0].Public || m[0].Flags != 4 {
		t.Fatalf("got %+v", m)
	}
	anna.Press("a")
	in = b.interaction()
	if in.Locale != "" || in.Message.Flags != 4 || in.Data.CustomID != "a" {
		t.Errorf("got %+v", in)
	}
	ok(t, call(t, s, "POST", in.callback(), screen("4", "Alone")), 204)
	if len(anna.Messages()) != 2 || len(boss.Messages()) != 1 {
		t.Errorf("got %+v, the other sees %+v", anna.Messages(), boss.Messages())
	}
	anna.Dismiss(anna.Messages()[1].ID)
	if len(anna.Messages()) != 1 {
		t.Error("what is dismissed still stands")
	}
	anna.CommandAllowed("panel", nil)
	if in = b.interaction(); in.Data.ID == "0" || in.Data.ID == nil {
		t.Errorf("got %+v", in)
	}
	none(t, s)
}

// What the platform's own client would not do fails the test that tries it.
func TestWhatPeopleCanNotDo(t *testing.T) {
	for name, do := range map[string]func(s *standin.Server, anna *standin.Person){
		"a forbidden command": func(_ *standin.Server, anna *standin.Person) { anna.Command("panel", nil) },
		"a command elsewhere": func(s *standin.Server, _ *standin.Person) { s.JoinManager("").CommandInDM("panel", nil) },
		"an unknown choice": func(_ *standin.Server, anna *standin.Person) {
			anna.Command("support", map[string]string{"topic": "k2"})
		},
		"an unknown option":      func(_ *standin.Server, anna *standin.Person) { anna.Command("support", map[string]string{"x": "k1"}) },
		"a button that is not":   func(_ *standin.Server, anna *standin.Person) { anna.PressButton(0) },
		"dismissing what is not": func(_ *standin.Server, anna *standin.Person) { anna.Dismiss("1") },
		"no JSON":                func(_ *standin.Server, anna *standin.Person) { anna.Raw(`{"id":$ID,}`) },
		"no list":                func(s *standin.Server, _ *standin.Person) { s.SetCommands(`{}`) },
	} {
		t.Run(name, func(t *testing.T) {
			tb := &recorder{TB: t}
			s := standin.New(tb, standin.Options{})
			s.SetCommands(`[{"name":"panel","description":"x","default_member_permissions":"32","contexts":[0]},
				{"name":"support","description":"x","options":[{"type":3,"name":"topic","description":"x","choices":[{"name":"a","value":"k1"}]}]}]`)
			do(s, s.Join("sv-SE"))
			if !tb.failed {
				t.Error("it can be done")
			}
		})
	}
}

// recorder is a test that may fail.
type recorder struct {
	testing.TB
	failed bool
}

func (r *recorder) Errorf(string, ...any) { r.failed = true }

func TestRaw(t *testing.T) {
	s := standin.New(t, standin.Options{})
	b := connect(t, s)
	anna := s.Join("sv-SE")
	act := anna.Raw(`{$BASE,"type":99,"locale":"tlh","message":$MESSAGE}`)
	in := b.interaction()
	if in.ID != act.ID || in.Type != 99 || in.Locale != "tlh" || in.Member.User.ID != anna.ID {
		t.Errorf("got %+v", in)
	}
	act = anna.Raw(`{"id":$ID,"token":$TOKEN,"application_id":$APP,"user":$USER,"member":$MEMBER,"channel":$CHANNEL,"guild_id":$GUILD,"type":2}`)
	if in = b.interaction(); in.ID != act.ID || in.User.ID != anna.ID || in.Token == "" {
		t.Errorf("got %+v", in)
	}
	ok(t, call(t, s, "POST", in.callback(), screen("4", "x")), 204)
	anna.PressOn("1105550000000000999", "forged")
	if in = b.interaction(); in.Message.ID != "1105550000000000999" || in.Data.CustomID != "forged" {
		t.Errorf("got %+v", in)
	}
	none(t, s)
}

// The time of an id is the platform's, and so is the Date of an answer.
func TestClock(t *testing.T) {
	at := time.Date(2031, 5, 1, 12, 0, 0, 0, time.UTC)
	s := standin.New(t, standin.Options{Now: func() time.Time { return at }})
	s.Advance(time.Hour)
	a := ok(t, call(t, s, "GET", "users/@me", ""), 200)
	if date, err := http.ParseTime(a.Header.Get("Date")); err != nil || !date.Equal(at.Add(time.Hour)) {
		t.Errorf("got %v, %v", date, err)
	}
	act := s.Join("").Command("x", nil)
	var id uint64
	if err := json.Unmarshal([]byte(act.ID), &id); err != nil || int64(id>>22)+1420070400000 != at.Add(time.Hour).UnixMilli() {
		t.Errorf("the id %s has another time, %v", act.ID, err)
	}
	if act.Status() != standin.Failed || act.Why() == "" {
		t.Errorf("without a session the act is %v", act.Status())
	}
}
