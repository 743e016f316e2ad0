package standin

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"motkraft/bot/fakeserver"
)

// command is one registered command.
type command struct {
	id, version string
	commandJSON
}

// words are a name and a description in all their languages. A choice has no description.
type words struct {
	Name         string            `json:"name"`
	Names        map[string]string `json:"name_localizations"`
	Description  string            `json:"description"`
	Descriptions map[string]string `json:"description_localizations"`
}

// commandJSON is a command as it is sent.
type commandJSON struct {
	words
	Type             int         `json:"type"`
	Options          []option    `json:"options"`
	Permissions      permissions `json:"default_member_permissions"`
	DMPermission     *bool       `json:"dm_permission"`
	Contexts         []int       `json:"contexts"`
	IntegrationTypes []int       `json:"integration_types"`
	NSFW             bool        `json:"nsfw"`
}

type option struct {
	words
	Type         int      `json:"type"`
	Required     bool     `json:"required"`
	Autocomplete bool     `json:"autocomplete"`
	Choices      []choice `json:"choices"`
	MinLength    *int     `json:"min_length"`
	MaxLength    *int     `json:"max_length"`
	MinValue     *float64 `json:"min_value"`
	MaxValue     *float64 `json:"max_value"`
}

type choice struct {
	words
	Value any `json:"value"`
}

// permissions are bits, as a number or, as the library sends them, a text; empty: none are needed.
type permissions string

func (p *permissions) UnmarshalJSON(raw []byte) error {
	text := strings.Trim(string(raw), `"`)
	if text == "null" {
		return nil
	}
	if _, err := strconv.ParseUint(text, 10, 63); err != nil {
		return fmt.Errorf("permissions are %s, not a whole number", raw)
	}
	*p = permissions(text)
	return nil
}

// has says whether a member with these permissions may use what needs p: all bits, as the real client asks for.
func (p permissions) within(held int64) bool {
	needs, _ := strconv.ParseInt(string(p), 10, 64) // empty: none
	return p != "0" && held&needs == needs
}

// Commands is what is registered, as GET commands?with_localizations=true gives it.
func (s *Server) Commands() json.RawMessage {
	return fakeserver.Ask(s.core, func() json.RawMessage { return fakeserver.JSON(s.commandsJSON(true)) })
}

// SetCommands registers commands, a list as in PUT commands, as if a program had done so before.
func (s *Server) SetCommands(list string) {
	s.core.TB.Helper()
	var given []commandJSON
	if err := json.Unmarshal([]byte(list), &given); err != nil {
		s.core.TB.Errorf("no list of commands: %v", err)
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.overwrite(given)
}

func (s *Server) getCommands(r *request) (int, any, error) {
	if r.args[0] != s.AppID {
		return 0, nil, errApplication
	}
	return http.StatusOK, s.commandsJSON(r.URL.Query().Get("with_localizations") == "true"), nil
}

func (s *Server) putCommands(r *request) (int, any, error) {
	if r.args[0] != s.AppID {
		return 0, nil, errApplication
	}
	found := s.described("commands", r.body)
	var given []commandJSON
	if err := json.Unmarshal(r.body, &given); err != nil {
		found.Add(errInvalid, "no list of commands: %v", err)
	}
	if err := s.core.Judge(r.call.Route, append(found, checkCommands(given)...)); err != nil {
		return 0, nil, err
	}
	s.overwrite(given)
	return http.StatusOK, s.commandsJSON(true), nil
}

// overwrite replaces all commands. One whose name and type stay keeps its id. It needs the lock, as all below do.
func (s *Server) overwrite(given []commandJSON) {
	old := s.commands
	s.commands = nil
	for _, c := range given {
		if c.Type == 0 {
			c.Type = 1
		}
		if c.IntegrationTypes == nil {
			c.IntegrationTypes = []int{0}
		}
		id := ""
		if i := slices.IndexFunc(old, func(o command) bool { return o.Name == c.Name && o.Type == c.Type }); i >= 0 {
			id = old[i].id
		} else {
			id = s.snowflake()
		}
		s.commands = append(s.commands, command{id, s.snowflake(), c})
	}
	s.core.Touch()
}

func (s *Server) commandNamed(name string) *command {
	for i, c := range s.commands {
		if c.Name == name && c.Type == 1 {
			return &s.commands[i]
		}
	}
	return nil
}
