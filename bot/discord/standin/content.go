package standin

import (
	"encoding/json"
	"net/url"
	"slices"
	"strings"

	"motkraft/bot/fakeserver"
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
func readContent(raw json.RawMessage) (c *content, found problems) {
	c = &content{}
	if err := json.Unmarshal(raw, &c.fields); err != nil || c.fields == nil {
		found.Add(errInvalid, "a message is expected, not %.20s", raw)
		return c, found
	}
	for field, to := range map[string]any{"content": &c.text, "flags": &c.flags, "allowed_mentions": &c.allowed} {
		if v, ok := c.fields[field]; ok && json.Unmarshal(v, to) != nil {
			found.Add(errInvalid, "%s is of another type", field)
		}
	}
	found.Bound(errInvalid, fakeserver.Units(c.text), "units", 0, maxContent, "content")
	if extra := c.flags &^ (suppressEmbeds | ephemeral | suppressNotices); extra != 0 {
		found.Add(errInvalid, "flags %d are not for a message of plain text and buttons", extra)
	}
	if a := c.allowed; a == nil || a.Parse == nil || len(*a.Parse)+len(a.Users)+len(a.Roles) > 0 || a.RepliedUser {
		// The house's own rule: the real server lets such a message mention everybody.
		found.Add(nil, `allowed_mentions is not {"parse":[]}: whoever is named in the text would be called`)
	}
	for _, field := range []string{"poll", "attachments"} {
		if v := string(c.fields[field]); v != "" && v != "null" && v != "[]" {
			found.Add(errInvalid, "%s: only texts and buttons are kept here", field)
		}
	}
	rows, more := readRows(c.fields["components"])
	c.rows = rows
	return c, append(found, more...)
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

func readRows(raw json.RawMessage) (rows [][]Button, found problems) {
	var list []componentJSON
	if len(raw) == 0 {
		return nil, nil
	}
	if err := json.Unmarshal(raw, &list); err != nil {
		found.Add(errInvalid, "components is no list of action rows")
		return nil, found
	}
	found.Bound(errInvalid, len(list), "rows", 0, maxRows, "the message")
	used := map[string]bool{}
	for i, row := range list {
		if row.Type != 1 {
			found.Add(errInvalid, "component %d has the type %d, not that of a row: only buttons are kept here", i, row.Type)
			continue
		}
		found.Bound(errInvalid, len(row.Components), "buttons", 1, maxRow, "row %d", i)
		var buttons []Button
		for j, b := range row.Components {
			shown, faults := b.button()
			if id := shown.CustomID; id != "" && used[id] {
				faults.Add(errInvalid, "another has the same custom_id")
			} else {
				used[id] = true
			}
			for _, fault := range faults {
				found.Add(fault.Refusal, "button %d of row %d: %s", j, i, fault.What)
			}
			buttons = append(buttons, shown)
		}
		rows = append(rows, buttons)
	}
	return rows, found
}

// Of a link button and a premium one.
const (
	linkStyle    = 5
	premiumStyle = 6
)

func (b componentJSON) button() (shown Button, found problems) {
	shown = Button{Label: b.Label, Style: b.Style, Disabled: b.Disabled}
	if b.CustomID != nil {
		shown.CustomID = *b.CustomID
	}
	if b.URL != nil {
		shown.URL = *b.URL
	}
	if b.Type != 2 {
		found.Add(errInvalid, "the type %d: only buttons are kept here", b.Type)
		return shown, found
	}
	if strings.TrimSpace(b.Label) == "" && len(b.Emoji) == 0 {
		found.Add(errInvalid, "no label")
	}
	found.Bound(errInvalid, fakeserver.Units(b.Label), "units", 0, maxLabel, "the label")
	switch {
	case b.Style < 1 || b.Style >= premiumStyle:
		found.Add(errInvalid, "the style %d", b.Style)
	case b.Style == linkStyle:
		if b.CustomID != nil {
			found.Add(errInvalid, "a link with a custom_id")
		}
		found.Bound(errInvalid, fakeserver.Units(shown.URL), "units", 1, maxURL, "the url")
		if u, err := url.Parse(shown.URL); err != nil || u.Host == "" || !slices.Contains([]string{"https", "http", "discord"}, u.Scheme) {
			found.Add(errInvalid, "the url is no https, http or discord address")
		}
	default:
		if b.URL != nil {
			found.Add(errInvalid, "a url in a button that is no link")
		}
		found.Bound(errInvalid, fakeserver.Units(shown.CustomID), "units", 1, maxCustomID, "the custom_id")
	}
	return shown, found
}

func readChoices(raw json.RawMessage) (found problems) {
	var data struct{ Choices []choice }
	if err := json.Unmarshal(raw, &data); err != nil {
		found.Add(errInvalid, "choices are expected")
	}
	return append(found, checkChoices("choices", data.Choices)...)
}
