package standin

import (
	"io"
	"maps"
	"math"
	"net/http"
	"strconv"
	"strings"

	"motkraft/bot/fakeserver"
)

// Call is one call of the bot.
type Call struct {
	fakeserver.Call
	Method string
	Chat   int64             // of chat_id, or of the query that is answered; 0: none
	Params map[string]string // objects and arrays as JSON
}

// request is a call while it is answered.
type request struct {
	*http.Request
	call   *Call
	params params
}

// refusal is an answer with "ok": false.
type refusal struct {
	code       int
	text       string
	retryAfter int // seconds
}

func (r *refusal) Error() string { return r.text }

// bad refuses with 400, as the real server begins it.
func bad(text string) error {
	return &refusal{code: http.StatusBadRequest, text: "Bad Request: " + text}
}

// said is a result with a description beside it.
type said struct {
	result      any
	description string
}

func (s *Server) serve(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(io.LimitReader(r.Body, fakeserver.MaxBody))
	if err != nil {
		return // the caller went away
	}
	token, method, ok := strings.Cut(strings.TrimPrefix(r.URL.Path, "/bot"), "/")
	if !ok || !strings.HasPrefix(r.URL.Path, "/bot") {
		s.strange(w, "Not Found", http.StatusNotFound, r.URL.Path)
		return
	}
	if token != s.Token {
		s.core.Write(w, encode(nil, &refusal{code: http.StatusUnauthorized, text: "Unauthorized"}))
		return
	}
	if r.Method != http.MethodPost {
		s.strange(w, "Method Not Allowed", http.StatusMethodNotAllowed, method+": "+r.Method)
		return
	}
	given, problems := readParams(r, body)
	req := &request{Request: r, params: given}
	hold, refused := s.register(req, method, append(problems, s.check(method, given)...))
	if hold > 0 {
		s.core.Answer(w, &req.call.Call, encode(nil, tooMany(hold)))
		return
	}
	call := *req.call
	call.Params = maps.Clone(call.Params) // a plan may keep it
	s.core.Carry(w, r, &req.call.Call, s.failure(req, fakeserver.Planned(s.Journal, call)), func() fakeserver.Answer {
		if refused != nil {
			return encode(nil, refused)
		}
		s.mu.Lock()
		defer s.mu.Unlock()
		defer s.touch(s.chats[req.call.Chat])
		return encode(methods[method](s, req))
	})
}

// strange answers what is no call at all.
func (s *Server) strange(w http.ResponseWriter, text string, code int, what string) {
	s.core.Do(func() { s.core.Violate("no call: %s", strings.ReplaceAll(what, s.Token, "<token>")) })
	s.core.Write(w, encode(nil, &refusal{code: code, text: text}))
}

// register writes a call and what is wrong with it into the log, and says how many seconds it came too early and how it is refused.
func (s *Server) register(r *request, method string, problems fakeserver.Problems) (hold int, refused error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	r.call = &Call{Method: method, Params: map[string]string{}}
	for name, p := range r.params {
		r.call.Params[name] = p.text
	}
	if q := s.queries[r.params["callback_query_id"].text]; q != nil {
		r.call.Chat = q.chat.ID
	}
	if id, err := strconv.ParseInt(r.params["chat_id"].text, 10, 64); err == nil {
		r.call.Chat = id
	}
	fakeserver.Add(s.Journal, method, r.call, &r.call.Call)
	refused = s.core.Judge(method, problems)
	s.touch(s.chats[r.call.Chat])
	left, _ := s.core.Early(r.call.At, r.held())
	return int(math.Ceil(left.Seconds())), refused
}

// held names what waits when this call is answered with a retry_after: its chat; else its query or its method.
func (r *request) held() string {
	for _, name := range []string{"chat_id", "callback_query_id"} {
		if p, ok := r.params[name]; ok {
			return name + " " + p.text
		}
	}
	return r.call.Method
}

// heldChat names what waits when a call for a chat is answered with a retry_after.
func heldChat(id int64) string { return "chat_id " + strconv.FormatInt(id, 10) }

var errNoMethod error = &refusal{code: http.StatusNotFound, text: "Not Found: method not found"}

// methods is all that is carried out. Each has the lock; a long poll lets go of it while it waits.
var methods = map[string]func(*Server, *request) (any, error){
	"getMe":                 (*Server).getMe,
	"getUpdates":            (*Server).getUpdates,
	"setWebhook":            (*Server).setWebhook,
	"deleteWebhook":         (*Server).deleteWebhook,
	"getWebhookInfo":        (*Server).getWebhookInfo,
	"sendMessage":           in((*Server).writable, (*Server).sendMessage),
	"editMessageText":       in((*Server).writable, (*Server).editMessageText),
	"answerCallbackQuery":   (*Server).answerCallbackQuery,
	"deleteMessage":         in((*Server).chat, (*Server).deleteMessage),
	"deleteMessages":        in((*Server).chat, (*Server).deleteMessages),
	"setMyCommands":         (*Server).setMyCommands,
	"getMyCommands":         (*Server).getMyCommands,
	"deleteMyCommands":      (*Server).deleteMyCommands,
	"setMyDescription":      says("description"),
	"setMyShortDescription": says("short_description"),
	"setMyName":             says("name"),
	"getChat":               in((*Server).chat, (*Server).getChat),
}

// encode gives the answer to a call.
func encode(result any, err error) fakeserver.Answer {
	code, m := http.StatusOK, map[string]any{"ok": true, "result": result}
	if with, ok := result.(said); ok {
		m = map[string]any{"ok": true, "result": with.result, "description": with.description}
	}
	if err != nil {
		no := err.(*refusal)
		code, m = no.code, map[string]any{"ok": false, "error_code": no.code, "description": no.text}
		if no.retryAfter > 0 {
			m["parameters"] = map[string]int{"retry_after": no.retryAfter}
		}
	}
	return fakeserver.Answer{Status: code, Body: fakeserver.JSON(m)}
}
