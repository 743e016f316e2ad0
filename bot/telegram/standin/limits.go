package standin

import (
	"encoding/json"
	"fmt"
	"net"
	"net/url"
	"regexp"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// The limits, from https://core.telegram.org/bots/api. Lengths are in UTF-16 units unless said otherwise.
const (
	maxText        = 4096 // sendMessage, editMessageText
	maxData        = 64   // bytes; InlineKeyboardButton.callback_data
	maxCopy        = 256  // CopyTextButton.text
	maxButtons     = 100  // in one keyboard
	maxRow         = 8    // buttons side by side
	maxNotice      = 200  // answerCallbackQuery.text
	maxCommands    = 100  // in one list
	maxCommandText = 256  // BotCommand.description
	maxAbout       = 512  // setMyDescription
	maxShort       = 120  // setMyShortDescription
	maxName        = 64   // setMyName
	maxDelete      = 100  // ids in one deleteMessages
	maxUpdates     = 100  // getUpdates.limit
	maxConnections = 100  // setWebhook.max_connections
)

var (
	commandName = regexp.MustCompile(`^[a-z0-9_]{1,32}$`)
	secretToken = regexp.MustCompile(`^[A-Za-z0-9_-]{1,256}$`)
	language    = regexp.MustCompile(`^([a-z]{2})?$`)
)

func units(s string) int { return len(utf16.Encode([]rune(s))) }

// limits finds what is over a limit, in a call of whatever method.
func limits(method string, given params) []problem {
	var problems []problem
	over := func(answer, format string, args ...any) {
		problems = append(problems, problem{fmt.Sprintf(format, args...), bad(answer)})
	}
	longest := func(name string, most int, answer string) {
		if n := units(given.text(name)); n > most {
			over(answer, "%s has %d units, at most %d", name, n, most)
		}
	}
	for name, p := range given {
		if !p.file && !utf8.ValidString(p.text) {
			over("strings must be encoded in UTF-8", "%s is no UTF-8", name)
		}
	}
	if !language.MatchString(given.text("language_code")) {
		over("language code is invalid", "language_code is not two small letters")
	}
	switch method {
	case "sendMessage", "editMessageText":
		if strings.TrimSpace(given.text("text")) == "" {
			over("message text is empty", "text is empty")
		}
		longest("text", maxText, "message is too long")
		for _, name := range []string{"parse_mode", "entities"} {
			if text := given.text(name); text != "" && text != null {
				over("can't parse entities", "%s: only plain text is kept here", name)
			}
		}
		problems = append(problems, keyboard(given)...)
	case "answerCallbackQuery":
		longest("text", maxNotice, "MESSAGE_TOO_LONG")
	case "deleteMessages":
		var ids []int64
		switch given.into("message_ids", &ids); {
		case len(ids) == 0:
			over("message identifiers are not specified", "message_ids has no id")
		case len(ids) > maxDelete:
			over("too many message identifiers specified", "message_ids has %d ids, at most %d", len(ids), maxDelete)
		}
	case "setMyCommands":
		problems = append(problems, commands(given)...)
	case "setMyDescription":
		longest("description", maxAbout, "BOT_DESCRIPTION_TOO_LONG")
	case "setMyShortDescription":
		longest("short_description", maxShort, "BOT_SHORT_DESCRIPTION_TOO_LONG")
	case "setMyName":
		longest("name", maxName, "BOT_NAME_TOO_LONG")
	case "getUpdates":
		if n := given.number("limit", maxUpdates); n < 1 || n > maxUpdates {
			over("limit is out of range", "limit is %d, 1 to %d", n, maxUpdates)
		}
	case "setWebhook":
		if token := given.text("secret_token"); token != "" && !secretToken.MatchString(token) {
			over("secret token contains unallowed characters", "secret_token is not 1 to 256 of A-Z, a-z, 0-9, _ and -")
		}
		if n := given.number("max_connections", 1); n < 1 || n > maxConnections {
			over("max_connections is out of range", "max_connections is %d, 1 to %d", n, maxConnections)
		}
		if to := given.text("url"); to != "" {
			problems = append(problems, webhookAddress(to)...)
		}
	}
	return problems
}

// webhookAddress checks the address: HTTPS on the ports that the real server allows, or anything on this very host.
func webhookAddress(to string) []problem {
	u, err := url.Parse(to)
	if err != nil || u.Hostname() == "" {
		return []problem{{"url is no address", bad("bad webhook: Invalid webhook URL")}}
	}
	if ip := net.ParseIP(u.Hostname()); ip != nil && ip.IsLoopback() {
		return nil
	}
	if u.Scheme != "https" {
		return []problem{{"url is not HTTPS", bad("bad webhook: An HTTPS URL must be provided for webhook")}}
	}
	switch u.Port() {
	case "", "80", "88", "443", "8443":
		return nil
	}
	what := "bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443"
	return []problem{{"url has the port " + u.Port(), bad(what)}}
}

// actions are the fields of a button that say what it does; there is exactly one.
var actions = []string{
	"url", "callback_data", "web_app", "login_url", "switch_inline_query", "switch_inline_query_current_chat",
	"switch_inline_query_chosen_chat", "copy_text", "callback_game", "pay",
}

// keyboard checks an inline keyboard.
func keyboard(given params) []problem {
	var markup struct {
		Rows [][]map[string]json.RawMessage `json:"inline_keyboard"`
	}
	if text := given.text("reply_markup"); text == "" || text == null {
		return nil
	}
	if !given.into("reply_markup", &markup) {
		return []problem{{"reply_markup is no keyboard", bad("object expected as reply markup")}}
	}
	var problems []problem
	all := 0
	for i, row := range markup.Rows {
		all += len(row)
		if len(row) > maxRow {
			problems = append(problems, problem{fmt.Sprintf("row %d has %d buttons, at most %d", i, len(row), maxRow), bad("reply markup is too long")})
		}
		for j, b := range row {
			for _, p := range button(b) {
				problems = append(problems, problem{fmt.Sprintf("button %d of row %d: %s", j, i, p.what), p.refusal})
			}
		}
	}
	if all > maxButtons {
		problems = append(problems, problem{fmt.Sprintf("%d buttons, at most %d", all, maxButtons), bad("reply markup is too long")})
	}
	return problems
}

func button(b map[string]json.RawMessage) []problem {
	var problems []problem
	over := func(answer, what string) { problems = append(problems, problem{what, bad(answer)}) }
	text := func(from json.RawMessage) string {
		var s string
		_ = json.Unmarshal(from, &s) // of another type: empty, so refused
		return s
	}
	if strings.TrimSpace(text(b["text"])) == "" {
		over("can't parse inline keyboard button: Text is empty", "no text")
	}
	has := 0
	for _, name := range actions {
		if _, ok := b[name]; ok {
			has++
		}
	}
	if has != 1 {
		over("Text buttons are unallowed in the inline keyboard", fmt.Sprintf("%d actions, exactly 1", has))
	}
	if data, ok := b["callback_data"]; ok {
		if n := len(text(data)); n < 1 || n > maxData {
			over("BUTTON_DATA_INVALID", fmt.Sprintf("callback_data has %d bytes, 1 to %d", n, maxData))
		}
	}
	if to, ok := b["url"]; ok {
		u, err := url.Parse(text(to))
		if err != nil || (u.Scheme != "http" && u.Scheme != "https" && u.Scheme != "tg") || u.Host == "" {
			over("BUTTON_URL_INVALID", "url is no http, https or tg address")
		}
	}
	if raw, ok := b["copy_text"]; ok {
		var c struct{ Text string }
		_ = json.Unmarshal(raw, &c) // of another type: empty, so refused
		if n := units(c.Text); n < 1 || n > maxCopy {
			over("BUTTON_COPY_TEXT_INVALID", fmt.Sprintf("copy_text has %d units, 1 to %d", n, maxCopy))
		}
	}
	return problems
}

func commands(given params) []problem {
	var list []Command
	given.into("commands", &list)
	var problems []problem
	if len(list) > maxCommands {
		problems = append(problems, problem{fmt.Sprintf("%d commands, at most %d", len(list), maxCommands), bad("BOT_COMMANDS_TOO_MUCH")})
	}
	for i, c := range list {
		if !commandName.MatchString(c.Command) {
			problems = append(problems, problem{fmt.Sprintf("command %d is not 1 to 32 of a-z, 0-9 and _", i), bad("BOT_COMMAND_INVALID")})
		}
		if n := units(c.Description); n < 1 || n > maxCommandText {
			problems = append(problems, problem{fmt.Sprintf("the description of command %d has %d units, 1 to %d", i, n, maxCommandText), bad("BOT_COMMAND_DESCRIPTION_INVALID")})
		}
	}
	return problems
}
