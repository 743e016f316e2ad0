package standin

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"

	"motkraft/bot/fakeserver"
)

// Command is one line of the bot's menu.
type Command struct {
	Command     string `json:"command"`
	Description string `json:"description"`
}

// profile is what the bot says of itself: texts by their parameter's name and language, commands by scope and language.
type profile struct {
	commands map[[2]string][]Command
	texts    map[[2]string]string
}

func newProfile() profile { return profile{map[[2]string][]Command{}, map[[2]string]string{}} }

// Commands are the commands of a scope ("default", "all_private_chats", …) and a language, without what stands in for them.
func (s *Server) Commands(scope, lang string) []Command {
	return fakeserver.Ask(s.core, func() []Command { return slices.Clone(s.profile.commands[[2]string{scope, lang}]) })
}

// Description is what stands in an empty chat, in a language ("": for all others).
func (s *Server) Description(lang string) string { return s.text("description", lang) }

// ShortDescription is what stands on the bot's page, in a language ("": for all others).
func (s *Server) ShortDescription(lang string) string { return s.text("short_description", lang) }

// Name is the bot's name in a language ("": for all others).
func (s *Server) Name(lang string) string { return s.text("name", lang) }

func (s *Server) text(name, lang string) string {
	return fakeserver.Ask(s.core, func() string { return s.profile.texts[[2]string{name, lang}] })
}

// botID is the bot's: what stands before the colon of its token.
const botID = 7310000001

func (s *Server) bot() map[string]any {
	return map[string]any{"id": int64(botID), "is_bot": true, "first_name": "Standin", "username": s.Username}
}

func (s *Server) getMe(*request) (any, error) {
	me := s.bot()
	for _, can := range []string{
		"supports_inline_queries", "can_connect_to_business", "has_main_web_app", "supports_guest_queries", "has_topics_enabled",
	} {
		me[can] = false
	}
	me["can_join_groups"] = true
	me["can_read_all_group_messages"] = s.opts.ReadsGroups
	return me, nil
}

// menu gives the scope and language that a call is about.
func menu(r *request) [2]string {
	scope := struct {
		Type   string
		ChatID json.RawMessage `json:"chat_id"`
	}{Type: "default"}
	r.params.into("scope", &scope)
	return [2]string{strings.TrimSpace(scope.Type + " " + string(scope.ChatID)), r.params.text("language_code")}
}

func (s *Server) setMyCommands(r *request) (any, error) {
	var list []Command
	r.params.into("commands", &list)
	s.profile.commands[menu(r)] = list
	return true, nil
}

func (s *Server) getMyCommands(r *request) (any, error) {
	return append([]Command{}, s.profile.commands[menu(r)]...), nil
}

func (s *Server) deleteMyCommands(r *request) (any, error) {
	delete(s.profile.commands, menu(r))
	return true, nil
}

// says keeps a text of the profile.
func says(name string) func(*Server, *request) (any, error) {
	return func(s *Server, r *request) (any, error) {
		s.profile.texts[[2]string{name, r.params.text("language_code")}] = r.params.text(name)
		return true, nil
	}
}

func (s *Server) getChat(c *Chat, _ *request) (any, error) {
	full := c.json()
	full["accent_color_id"], full["max_reaction_count"] = 0, 11
	full["accepted_gift_types"] = map[string]bool{}
	return full, nil
}

// in carries out what is for a chat that is found so.
func in(find func(*Server, *request) (*Chat, error), do func(*Server, *Chat, *request) (any, error)) func(*Server, *request) (any, error) {
	return func(s *Server, r *request) (any, error) {
		c, err := find(s, r)
		if err != nil {
			return nil, err
		}
		return do(s, c, r)
	}
}

// chat finds the chat that a call names. It needs the lock.
func (s *Server) chat(r *request) (*Chat, error) {
	c := s.chats[r.params.number("chat_id", 0)]
	if c == nil || c.person != nil && !c.begun {
		return nil, bad("chat not found")
	}
	return c, nil
}

// writable finds the chat that a call wants to write into. It needs the lock.
func (s *Server) writable(r *request) (*Chat, error) {
	c := s.chats[r.params.number("chat_id", 0)]
	switch {
	case c == nil:
		return nil, bad("chat not found")
	case c.blocked:
		return nil, &refusal{code: http.StatusForbidden, text: "Forbidden: bot was blocked by the user"}
	case c.person != nil && !c.begun:
		return nil, &refusal{code: http.StatusForbidden, text: "Forbidden: bot can't initiate conversation with a user"}
	}
	return c, nil
}
