package standin

import (
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"unicode/utf16"
)

// The limits, from https://discord.com/developers/docs/resources/message and …/components/reference. Lengths are in UTF-16 units.
const (
	maxContent  = 2000
	maxRows     = 5
	maxRow      = 5 // buttons side by side
	maxLabel    = 80
	maxCustomID = 100
	maxURL      = 512 // of a link button
	maxChoices  = 25  // also options of one command
)

// Flags of messages.
const (
	suppressEmbeds  = 1 << 2
	ephemeral       = 1 << 6
	loading         = 1 << 7
	suppressNotices = 1 << 12
)

func units(s string) int { return len(utf16.Encode([]rune(s))) }

// content is a message as it is sent.
type content struct {
	fields  map[string]json.RawMessage
	text    string
	flags   int
	rows    [][]Button
	allowed *allowedMentions
}

type allowedMentions struct {
	Parse       *[]string
	Users       []string
	Roles       []string
	RepliedUser bool `json:"replied_user"`
}

func (c *content) has(field string) bool {
	_, ok := c.fields[field]
	return ok
}

func (c *content) empty() bool {
	embeds := string(c.fields["embeds"])
	return strings.TrimSpace(c.text) == "" && len(c.rows) == 0 && (embeds == "" || embeds == "[]" || embeds == "null")
}

// mayMention says whether allowed_mentions let a mention through; without it all are.
func (c *content) mayMention(kind, id string) bool {
	if c.allowed == nil {
		return true
	}
	if c.allowed.Parse != nil && slices.Contains(*c.allowed.Parse, kind) {
		return true
	}
	return kind == "users" && slices.Contains(c.allowed.Users, id) || kind == "roles" && slices.Contains(c.allowed.Roles, id)
}

// readContent reads a message and finds what is over a limit.
func readContent(raw json.RawMessage) (*content, []problem) {
	c := &content{}
	if err := json.Unmarshal(raw, &c.fields); err != nil || c.fields == nil {
		return c, []problem{wrong("a message is expected, not %.20s", raw)}
	}
	var problems []problem
	bad := func(format string, args ...any) { problems = append(problems, wrong(format, args...)) }
	into := func(field string, to any) {
		if v, ok := c.fields[field]; ok {
			if err := json.Unmarshal(v, to); err != nil {
				bad("%s is of another type", field)
			}
		}
	}
	into("content", &c.text)
	into("flags", &c.flags)
	into("allowed_mentions", &c.allowed)
	if n := units(c.text); n > maxContent {
		bad("content has %d units, at most %d", n, maxContent)
	}
	if extra := c.flags &^ (suppressEmbeds | ephemeral | suppressNotices); extra != 0 {
		bad("flags %d are not for a message of plain text and buttons", extra)
	}
	if a := c.allowed; a == nil || a.Parse == nil || len(*a.Parse)+len(a.Users)+len(a.Roles) > 0 || a.RepliedUser {
		// The house's own rule: the real server lets such a message mention everybody.
		problems = append(problems, problem{what: `allowed_mentions is not {"parse":[]}: whoever is named in the text would be called`})
	}
	for _, field := range []string{"poll", "attachments"} {
		if v := string(c.fields[field]); v != "" && v != "null" && v != "[]" {
			bad("%s: only texts and buttons are kept here", field)
		}
	}
	rows, more := readRows(c.fields["components"])
	c.rows = rows
	return c, append(problems, more...)
}

type componentJSON struct {
	Type       int
	Style      int
	Label      string
	Emoji      json.RawMessage
	CustomID   *string `json:"custom_id"`
	URL        *string
	Disabled   bool
	Components []componentJSON
}

func readRows(raw json.RawMessage) ([][]Button, []problem) {
	var list []componentJSON
	if len(raw) == 0 {
		return nil, nil
	}
	if err := json.Unmarshal(raw, &list); err != nil {
		return nil, []problem{wrong("components is no list of action rows")}
	}
	var problems []problem
	bad := func(format string, args ...any) { problems = append(problems, wrong(format, args...)) }
	if len(list) > maxRows {
		bad("%d rows, at most %d", len(list), maxRows)
	}
	var rows [][]Button
	used := map[string]bool{}
	for i, row := range list {
		if row.Type != 1 {
			bad("component %d has the type %d, not that of a row: only buttons are kept here", i, row.Type)
			continue
		}
		if n := len(row.Components); n < 1 || n > maxRow {
			bad("row %d has %d buttons, 1 to %d", i, n, maxRow)
		}
		var buttons []Button
		for j, b := range row.Components {
			shown, faults := b.button()
			for _, fault := range faults {
				bad("button %d of row %d: %s", j, i, fault)
			}
			if id := shown.CustomID; id != "" && used[id] {
				bad("button %d of row %d: another has the same custom_id", j, i)
			} else {
				used[id] = true
			}
			buttons = append(buttons, shown)
		}
		rows = append(rows, buttons)
	}
	return rows, problems
}

// Of a link button and a premium one.
const (
	linkStyle    = 5
	premiumStyle = 6
)

func (b componentJSON) button() (Button, []string) {
	var faults []string
	bad := func(format string, args ...any) { faults = append(faults, fmt.Sprintf(format, args...)) }
	shown := Button{Label: b.Label, Style: b.Style, Disabled: b.Disabled}
	if b.CustomID != nil {
		shown.CustomID = *b.CustomID
	}
	if b.URL != nil {
		shown.URL = *b.URL
	}
	if b.Type != 2 {
		bad("the type %d: only buttons are kept here", b.Type)
		return shown, faults
	}
	if n := units(b.Label); n > maxLabel {
		bad("the label has %d units, at most %d", n, maxLabel)
	} else if strings.TrimSpace(b.Label) == "" && len(b.Emoji) == 0 {
		bad("no label")
	}
	switch {
	case b.Style < 1 || b.Style >= premiumStyle:
		bad("the style %d", b.Style)
	case b.Style == linkStyle:
		if b.CustomID != nil {
			bad("a link with a custom_id")
		}
		if n := units(shown.URL); n < 1 || n > maxURL {
			bad("the url has %d units, 1 to %d", n, maxURL)
		} else if u, err := url.Parse(shown.URL); err != nil || u.Host == "" || !slices.Contains([]string{"https", "http", "discord"}, u.Scheme) {
			bad("the url is no https, http or discord address")
		}
	default:
		if b.URL != nil {
			bad("a url in a button that is no link")
		}
		if n := units(shown.CustomID); n < 1 || n > maxCustomID {
			bad("the custom_id has %d units, 1 to %d", n, maxCustomID)
		}
	}
	return shown, faults
}

func readChoices(raw json.RawMessage) []problem {
	var data struct{ Choices []choice }
	if err := json.Unmarshal(raw, &data); err != nil {
		return []problem{wrong("choices are expected")}
	}
	return checkChoices("choices", data.Choices)
}
