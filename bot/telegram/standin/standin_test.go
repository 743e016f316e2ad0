package standin_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"motkraft/bot/telegram/standin"
)

// answer is what a call gets.
type answer struct {
	Status      int `json:"-"`
	OK          bool
	Result      json.RawMessage
	ErrorCode   int `json:"error_code"`
	Description string
	Parameters  struct {
		RetryAfter int `json:"retry_after"`
	}
}

// p are a call's parameters.
type p map[string]string

// call plays a bot: one call as a form, as the library sends it.
func call(t *testing.T, s *standin.Server, method string, params p) answer {
	t.Helper()
	form := url.Values{}
	for name, value := range params {
		form.Set(name, value)
	}
	return post(t, s, method, "application/x-www-form-urlencoded", form.Encode())
}

func post(t *testing.T, s *standin.Server, method, kind, body string) answer {
	t.Helper()
	resp, err := http.Post(s.URL+"/bot"+s.Token+"/"+method, kind, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	a := answer{Status: resp.StatusCode}
	if err := json.NewDecoder(resp.Body).Decode(&a); err != nil {
		t.Fatal(err)
	}
	if a.OK != (a.Status == http.StatusOK) || a.ErrorCode != 0 && a.ErrorCode != a.Status {
		t.Errorf("the answer says %v, %d with the status %d", a.OK, a.ErrorCode, a.Status)
	}
	return a
}

// must is call where it has to succeed.
func must(t *testing.T, s *standin.Server, method string, params p) answer {
	t.Helper()
	a := call(t, s, method, params)
	if !a.OK {
		t.Fatalf("%s: %s", method, a.Description)
	}
	return a
}

// refuses is call where it has to be refused in these words.
func refuses(t *testing.T, s *standin.Server, method string, params p, code int, words string) {
	t.Helper()
	a := call(t, s, method, params)
	if a.Status != code || !strings.Contains(a.Description, words) {
		t.Errorf("%s: got %d %q, want %d %q", method, a.Status, a.Description, code, words)
	}
}

// update is as much of an update as these tests look at.
type update struct {
	ID      int64 `json:"update_id"`
	Message struct {
		ID   int64 `json:"message_id"`
		Text string
	}
	Query struct {
		ID      string
		Data    string
		Message struct {
			ID   int64 `json:"message_id"`
			Date int64
			Text string
		}
	} `json:"callback_query"`
}

func poll(t *testing.T, s *standin.Server, params p) []update {
	t.Helper()
	return decode[[]update](t, must(t, s, "getUpdates", params).Result)
}

func decode[T any](t *testing.T, raw json.RawMessage) T {
	t.Helper()
	var v T
	if err := json.Unmarshal(raw, &v); err != nil {
		t.Fatalf("%s: %v", raw, err)
	}
	return v
}

func id(n int64) string { return strconv.FormatInt(n, 10) }

const keyboard = `{"inline_keyboard":[[{"text":"A","callback_data":"a"},{"text":"B","callback_data":"b"}],` +
	`[{"text":"Web","url":"https://example.org/"}],[{"text":"112","copy_text":{"text":"112"}}]]}`

// none asserts that nothing was done that a correct program does not do.
func none(t *testing.T, s *standin.Server) {
	t.Helper()
	if v := s.Violations(); len(v) > 0 {
		t.Errorf("violations: %q", v)
	}
}

func TestAConversation(t *testing.T) {
	s := standin.New(t, standin.Options{})
	anna := s.Join("sv")
	refuses(t, s, "sendMessage", p{"chat_id": id(anna.ID), "text": "x"}, 403, "can't initiate conversation")

	anna.Start("k1")
	got := poll(t, s, nil)
	if len(got) != 1 || got[0].Message.Text != "/start k1" {
		t.Fatalf("got %+v", got)
	}
	must(t, s, "sendMessage", p{
		"chat_id": id(anna.ID), "text": " Hej å 👋\n", "reply_markup": keyboard,
		"protect_content": "true", "link_preview_options": `{"is_disabled":true}`,
	})
	screen := anna.Screens()[0]
	if screen.Text != "Hej å 👋" || !screen.Protected || !screen.NoPreview || len(screen.Rows) != 3 || screen.Buttons()[3].Copy != "112" {
		t.Errorf("got %+v", screen)
	}

	pressed := anna.PressButton(1)
	got = poll(t, s, p{"offset": id(pressed)})
	if len(got) != 1 || got[0].Query.Data != "b" || got[0].Query.Message.ID != screen.ID {
		t.Fatalf("got %+v", got)
	}
	if anna.Spinning() != 1 {
		t.Error("the spinner does not turn")
	}
	must(t, s, "answerCallbackQuery", p{"callback_query_id": got[0].Query.ID})
	if anna.Spinning() != 0 {
		t.Error("the spinner turns")
	}
	edit := p{"chat_id": id(anna.ID), "message_id": id(screen.ID), "text": "Hej igen"}
	must(t, s, "editMessageText", edit)
	if now := anna.Screens()[0]; now.Text != "Hej igen" || len(now.Rows) != 0 || now.Edits != 1 || !now.Protected {
		t.Errorf("got %+v", now)
	}
	refuses(t, s, "editMessageText", edit, 400, "message is not modified")
	if n := anna.Answers(); n != 3 {
		t.Errorf("%d answers, want 3", n)
	}
	own := anna.Messages()[0]
	refuses(t, s, "editMessageText", p{"chat_id": id(anna.ID), "message_id": id(own.ID), "text": "x"}, 400, "message can't be edited")
	must(t, s, "deleteMessage", p{"chat_id": id(anna.ID), "message_id": id(screen.ID)})
	refuses(t, s, "deleteMessage", p{"chat_id": id(anna.ID), "message_id": id(screen.ID)}, 400, "message to delete not found")
	refuses(t, s, "editMessageText", edit, 400, "message to edit not found")
	anna.PressOn(screen.ID, "a")
	if got = poll(t, s, p{"offset": id(pressed + 1)}); len(got) != 1 || got[0].Query.Message.Date != 0 {
		t.Errorf("a deleted message is accessible: %+v", got)
	}
	anna.Block()
	refuses(t, s, "sendMessage", p{"chat_id": id(anna.ID), "text": "x"}, 403, "blocked by the user")
	refuses(t, s, "sendMessage", p{"chat_id": "77", "text": "x"}, 400, "chat not found")
	none(t, s)
}

func TestClearingDeletesForTwoDays(t *testing.T) {
	s := standin.New(t, standin.Options{})
	anna, bo := s.Join(""), s.Join("")
	for range 2 {
		anna.Type("hej")
		bo.Type("hej")
	}
	before := anna.Messages()[1].ID
	s.Advance(47 * time.Hour)
	anna.Type("hej")
	last := anna.Messages()[2].ID
	ids := func(to int64, n int) string {
		var all []int64
		for i := range n {
			all = append(all, to-int64(i))
		}
		raw, _ := json.Marshal(all)
		return string(raw)
	}
	must(t, s, "deleteMessages", p{"chat_id": id(anna.ID), "message_ids": ids(last, 100)})
	if len(anna.Messages()) != 0 || len(anna.Ever()) != 3 || len(bo.Messages()) != 2 {
		t.Errorf("left: %+v, %+v", anna.Messages(), bo.Messages())
	}
	s.Advance(2 * time.Hour)
	refuses(t, s, "deleteMessages", p{"chat_id": id(bo.ID), "message_ids": ids(before+1, 2)}, 400, "message can't be deleted")
	refuses(t, s, "deleteMessage", p{"chat_id": id(bo.ID), "message_id": id(bo.Messages()[0].ID)}, 400, "message can't be deleted")
	s.SetClock(time.Now)
	must(t, s, "deleteMessages", p{"chat_id": id(bo.ID), "message_ids": ids(before+1, 2)})
	none(t, s)
}

func TestAnOldPressCanNotBeAnswered(t *testing.T) {
	s := standin.New(t, standin.Options{})
	anna := s.Join("")
	anna.Press("a")
	query := poll(t, s, nil)[0].Query.ID
	s.Advance(standin.QueryLife + time.Second)
	refuses(t, s, "answerCallbackQuery", p{"callback_query_id": query}, 400, "query is too old")
	refuses(t, s, "answerCallbackQuery", p{"callback_query_id": "1"}, 400, "query ID is invalid")
	none(t, s)
}

func TestAGroup(t *testing.T) {
	s := standin.New(t, standin.Options{ReadsGroups: true})
	g, anna := s.Group(), s.Join("sv")
	g.Ask(anna, "help")
	g.Say(anna, "hello all")
	got := poll(t, s, nil)
	if len(got) != 2 || got[0].Message.Text != "/help@"+s.Username {
		t.Fatalf("got %+v", got)
	}
	refuses(t, s, "deleteMessage", p{"chat_id": id(g.ID), "message_id": id(got[1].Message.ID)}, 400, "can't be deleted")
	must(t, s, "sendMessage", p{"chat_id": id(g.ID), "text": "privately", "reply_parameters": `{"message_id":` + id(got[0].Message.ID) + `}`})
	if len(g.Screens()) != 1 || len(anna.Screens()) != 0 {
		t.Error("the answer stands in the wrong chat")
	}
	if me := string(must(t, s, "getMe", nil).Result); !strings.Contains(me, `"can_read_all_group_messages":true`) {
		t.Error(me)
	}
	if chat := string(must(t, s, "getChat", p{"chat_id": id(g.ID)}).Result); !strings.Contains(chat, `"group"`) {
		t.Error(chat)
	}
	none(t, s)
}
