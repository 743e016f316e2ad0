package standin

import (
	"encoding/json"
	"io"
	"math"
	"mime"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"time"

	"motkraft/bot/fakeserver"
)

// Call is one call of the bot.
type Call struct {
	fakeserver.Call
	Route       string // "GET gateway/bot", "PUT commands", "POST callback" …: the names in routes
	Interaction string // the id of the interaction that it is about; empty: none, or an unknown one
	Body        string // as it came
}

// request is a call while it is answered.
type request struct {
	*http.Request
	call *Call
	body []byte
	args []string // what stands in the place of the route's parameters
	in   *interaction
}

// route is one address that is served.
type route struct {
	name   string
	method string
	path   *regexp.Regexp
	open   bool                                      // no Authorization is needed: the interaction's token stands in the address
	do     func(*Server, *request) (int, any, error) // needs the lock
}

// routes are all addresses that are served.
var routes = []route{
	{"GET application", http.MethodGet, path(`applications/@me`), false, (*Server).getApplication},
	{"GET oauth2 application", http.MethodGet, path(`oauth2/applications/@me`), false, (*Server).getApplication},
	{"GET me", http.MethodGet, path(`users/@me`), false, (*Server).getMe},
	{"GET gateway/bot", http.MethodGet, path(`gateway/bot`), false, (*Server).getGatewayBot},
	{"GET gateway", http.MethodGet, path(`gateway`), true, (*Server).getGateway},
	{"GET commands", http.MethodGet, path(`applications/([0-9]+)/commands`), false, (*Server).getCommands},
	{"PUT commands", http.MethodPut, path(`applications/([0-9]+)/commands`), false, (*Server).putCommands},
	{"POST callback", http.MethodPost, path(`interactions/([0-9]+)/([^/]+)/callback`), true, (*Server).postCallback},
	{"GET original", http.MethodGet, path(`webhooks/([0-9]+)/([^/]+)/messages/@original`), true, (*Server).getOriginal},
	{"PATCH original", http.MethodPatch, path(`webhooks/([0-9]+)/([^/]+)/messages/@original`), true, (*Server).patchOriginal},
	{"DELETE original", http.MethodDelete, path(`webhooks/([0-9]+)/([^/]+)/messages/@original`), true, (*Server).deleteOriginal},
	{"POST followup", http.MethodPost, path(`webhooks/([0-9]+)/([^/]+)`), true, (*Server).postFollowup},
}

func path(pattern string) *regexp.Regexp { return regexp.MustCompile("^/api/v10/" + pattern + "$") }

func (s *Server) serve(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(io.LimitReader(r.Body, fakeserver.MaxBody))
	if err != nil {
		return // the caller went away
	}
	s.mu.Lock()
	w.Header().Set("Date", s.core.Clock().UTC().Format(http.TimeFormat))
	s.mu.Unlock()
	to, args := find(r)
	if to == nil {
		s.core.Do(func() { s.core.Violate("no call: %s %s", r.Method, strings.ReplaceAll(r.URL.Path, s.Token, "<token>")) })
		s.core.Write(w, encode(0, nil, errNotFound))
		return
	}
	req := &request{Request: r, body: body, args: args}
	hold, global := s.register(req, to)
	if err := s.admit(req, to); err != nil {
		s.core.Answer(w, &req.call.Call, allowed(encode(0, nil, err)))
		return
	}
	if hold > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(int(math.Ceil(hold.Seconds()))))
		no := &refusal{http.StatusTooManyRequests, 0, "You are being rate limited.", limited{hold.Seconds(), global}}
		s.core.Answer(w, &req.call.Call, allowed(encode(0, nil, no)))
		return
	}
	s.core.Carry(w, r, &req.call.Call, s.failure(req, fakeserver.Planned(s.Journal, *req.call)), func() fakeserver.Answer {
		s.mu.Lock()
		defer s.mu.Unlock()
		defer s.core.Touch()
		return allowed(encode(to.do(s, req)))
	})
}

func find(r *http.Request) (*route, []string) {
	for i := range routes {
		if m := routes[i].path.FindStringSubmatch(r.URL.Path); m != nil && routes[i].method == r.Method {
			return &routes[i], m[1:]
		}
	}
	return nil, nil
}

// register writes a call into the log and says how long before its time it came, and whether all such calls have to wait.
func (s *Server) register(r *request, to *route) (left time.Duration, global bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	r.call = &Call{Route: to.name, Body: string(r.body)}
	if len(r.args) == 2 {
		if r.in = s.byToken[r.args[1]]; r.in != nil {
			r.call.Interaction = r.in.id
		}
	}
	fakeserver.Add(s.Journal, to.name, r.call, &r.call.Call)
	keys := []string{r.held(), everything}
	if !to.open {
		keys = append(keys, everyBotCall)
	}
	if r.in != nil {
		keys = append(keys, r.in.person.held())
	}
	left, longest := s.core.Early(r.call.At, keys...)
	return left, longest == everything || longest == everyBotCall
}

// What a global 429 holds up. Answers to interactions do not count against a bot's global limit
// (https://discord.com/developers/docs/interactions/receiving-and-responding), so they go on unless one of them got it.
const (
	everything   = "everything"
	everyBotCall = "every call with the bot's token"
)

// held names what waits when this call is answered 429: its route and, where the address holds one, its interaction.
func (r *request) held() string { return r.call.Route + " " + r.call.Interaction }

// admit checks what every call needs.
func (s *Server) admit(r *request, to *route) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if agent := r.UserAgent(); !strings.HasPrefix(agent, "DiscordBot (") {
		s.core.Violate("%s: the User-Agent is %q, not DiscordBot (url, version)", to.name, agent)
		return errAgent
	}
	if given := r.Header.Get("Authorization"); given != "Bot "+s.Token && (!to.open || given != "") {
		return errUnauthorized
	}
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	switch {
	case len(r.body) == 0 && kind != "":
		s.core.Violate("%s: a Content-Type without a body", to.name) // refused by some of the real routes
	case len(r.body) > 0 && kind != "application/json":
		s.core.Violate("%s: the body is %q, not application/json", to.name, kind)
		return errNoJSON
	case len(r.body) > 0 && !json.Valid(r.body):
		s.core.Violate("%s: the body is no JSON", to.name)
		return errNoJSON
	}
	return nil
}
