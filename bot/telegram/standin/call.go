package standin

import (
	"encoding/json"
	"errors"
	"io"
	"maps"
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Call is one call of the bot.
type Call struct {
	Method string
	N      int               // 1 for the method's first call
	Chat   int64             // of chat_id, or of the query that is answered; 0: none
	Params map[string]string // objects and arrays as JSON
	At     time.Time         // by the real clock
	Status int               // in Log: what it was answered; 0: not yet, or never
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
	body, err := io.ReadAll(io.LimitReader(r.Body, maxBody))
	if err != nil {
		return // the caller went away
	}
	token, method, ok := strings.Cut(strings.TrimPrefix(r.URL.Path, "/bot"), "/")
	if !ok || !strings.HasPrefix(r.URL.Path, "/bot") {
		s.strange(w, "Not Found", http.StatusNotFound, r.URL.Path)
		return
	}
	if token != s.Token {
		write(w, nil, &refusal{code: http.StatusUnauthorized, text: "Unauthorized"})
		return
	}
	if r.Method != http.MethodPost {
		s.strange(w, "Method Not Allowed", http.StatusMethodNotAllowed, method+": "+r.Method)
		return
	}
	given, problems := readParams(r, body)
	req := &request{Request: r, params: given}
	hold := s.register(req, method)
	problems = append(problems, s.check(method, given)...)
	refused := s.judge(method, problems)
	if hold > 0 {
		s.answer(w, req, nil, tooMany(hold))
		return
	}
	fault := s.planned(*req.call)
	if fault != nil && !fault.Done {
		s.play(w, req, fault, nil, nil)
		return
	}
	var result any
	if err = refused; err == nil {
		result, err = s.carryOut(req)
	}
	if fault != nil {
		s.play(w, req, fault, result, err)
		return
	}
	s.answer(w, req, result, err)
}

// strange answers what is no call at all.
func (s *Server) strange(w http.ResponseWriter, text string, code int, what string) {
	s.mu.Lock()
	s.violate("no call: %s", strings.ReplaceAll(what, s.Token, "<token>"))
	s.mu.Unlock()
	write(w, nil, &refusal{code: code, text: text})
}

// register writes a call into the log and says how many seconds it came too early.
func (s *Server) register(r *request, method string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.counts[method]++
	r.call = &Call{Method: method, N: s.counts[method], Params: map[string]string{}, At: time.Now()}
	for name, p := range r.params {
		r.call.Params[name] = p.text
	}
	if q := s.queries[r.params["callback_query_id"].text]; q != nil {
		r.call.Chat = q.chat.ID
	}
	if id, err := strconv.ParseInt(r.params["chat_id"].text, 10, 64); err == nil {
		r.call.Chat = id
	}
	s.log = append(s.log, r.call)
	s.touch(s.chats[r.call.Chat])
	left := s.holds[r.held()].Sub(r.call.At)
	if left <= 0 {
		return 0
	}
	s.early++
	return int(math.Ceil(left.Seconds()))
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

// judge records problems as violations and gives the first that the real server refuses.
func (s *Server) judge(method string, problems []problem) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	var refused error
	for _, p := range problems {
		s.violate("%s: %s", method, p.what)
		if refused == nil && p.refusal != nil {
			refused = p.refusal
		}
	}
	return refused
}

// carryOut does what a call asks for.
func (s *Server) carryOut(r *request) (any, error) {
	do, ok := methods[r.call.Method]
	if !ok { // check has recorded it
		return nil, errNoMethod
	}
	return do(s, r)
}

var errNoMethod error = &refusal{code: http.StatusNotFound, text: "Not Found: method not found"}

// methods is all that is carried out. Each takes the lock itself: a long poll must not hold it.
var methods = map[string]func(*Server, *request) (any, error){
	"getMe":                 (*Server).getMe,
	"getUpdates":            (*Server).getUpdates,
	"setWebhook":            (*Server).setWebhook,
	"deleteWebhook":         (*Server).deleteWebhook,
	"getWebhookInfo":        (*Server).getWebhookInfo,
	"sendMessage":           (*Server).sendMessage,
	"editMessageText":       (*Server).editMessageText,
	"answerCallbackQuery":   (*Server).answerCallbackQuery,
	"deleteMessage":         (*Server).deleteMessage,
	"deleteMessages":        (*Server).deleteMessages,
	"setMyCommands":         (*Server).setMyCommands,
	"getMyCommands":         (*Server).getMyCommands,
	"deleteMyCommands":      (*Server).deleteMyCommands,
	"setMyDescription":      (*Server).setMyDescription,
	"setMyShortDescription": (*Server).setMyShortDescription,
	"setMyName":             (*Server).setMyName,
	"getChat":               (*Server).getChat,
}

// answer notes the status and writes.
func (s *Server) answer(w http.ResponseWriter, r *request, result any, err error) {
	code, _ := encode(result, err)
	s.note(r, code)
	write(w, result, err)
}

func (s *Server) note(r *request, code int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	r.call.Status = code
	s.touch(s.chats[r.call.Chat])
}

func write(w http.ResponseWriter, result any, err error) {
	code, body := encode(result, err)
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(code)
	_, _ = w.Write(body)
}

// encode gives status and body of an answer.
func encode(result any, err error) (int, []byte) {
	code, m := http.StatusOK, map[string]any{"ok": true, "result": result}
	if with, ok := result.(said); ok {
		m = map[string]any{"ok": true, "result": with.result, "description": with.description}
	}
	if err != nil {
		var no *refusal
		if !errors.As(err, &no) {
			no = &refusal{code: http.StatusInternalServerError, text: err.Error()}
		}
		code, m = no.code, map[string]any{"ok": false, "error_code": no.code, "description": no.text}
		if no.retryAfter > 0 {
			m["parameters"] = map[string]int{"retry_after": no.retryAfter}
		}
	}
	body, err := json.Marshal(m)
	if err != nil {
		panic(err) // every result is built here
	}
	return code, body
}

// copied gives a Call that a hook may keep.
func copied(c Call) Call {
	c.Params = maps.Clone(c.Params)
	return c
}
