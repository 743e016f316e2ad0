package standin

import (
	"encoding/json"
	"net"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"motkraft/bot/fakeserver"
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

// limits finds what is over a limit, in a call of whatever method.
func limits(method string, given params) (problems fakeserver.Problems) {
	longest := func(name string, most int, answer string) {
		problems.Bound(bad(answer), fakeserver.Units(given.text(name)), "units", 0, most, "%s", name)
	}
	for name, p := range given {
		if !p.file && !utf8.ValidString(p.text) {
			problems.Add(bad("strings must be encoded in UTF-8"), "%s is no UTF-8", name)
		}
	}
	if !language.MatchString(given.text("language_code")) {
		problems.Add(bad("language code is invalid"), "language_code is not two small letters")
	}
	switch method {
	case "sendMessage", "editMessageText":
		if strings.TrimSpace(given.text("text")) == "" {
			problems.Add(bad("message text is empty"), "text is empty")
		}
		longest("text", maxText, "message is too long")
		for _, name := range []string{"parse_mode", "entities"} {
			if text := given.text(name); text != "" && text != null {
				problems.Add(bad("can't parse entities"), "%s: only plain text is kept here", name)
			}
		}
		problems = append(problems, keyboard(given)...)
	case "answerCallbackQuery":
		longest("text", maxNotice, "MESSAGE_TOO_LONG")
	case "deleteMessages":
		var ids []int64
		if given.into("message_ids", &ids); len(ids) == 0 {
			problems.Add(bad("message identifiers are not specified"), "message_ids has no id")
		}
		problems.Bound(bad("too many message identifiers specified"), len(ids), "ids", 0, maxDelete, "message_ids")
	case "setMyCommands":
		problems = append(problems, commands(given)...)
	case "setMyDescription":
		longest("description", maxAbout, "BOT_DESCRIPTION_TOO_LONG")
	case "setMyShortDescription":
		longest("short_description", maxShort, "BOT_SHORT_DESCRIPTION_TOO_LONG")
	case "setMyName":
		longest("name", maxName, "BOT_NAME_TOO_LONG")
	case "getUpdates":
		problems.Bound(bad("limit is out of range"), int(given.number("limit", maxUpdates)), "updates", 1, maxUpdates, "limit")
	case "setWebhook":
		if token := given.text("secret_token"); token != "" && !secretToken.MatchString(token) {
			problems.Add(bad("secret token contains unallowed characters"), "secret_token is not 1 to 256 of A-Z, a-z, 0-9, _ and -")
		}
		n := int(given.number("max_connections", 1))
		problems.Bound(bad("max_connections is out of range"), n, "connections", 1, maxConnections, "max_connections")
		if to := given.text("url"); to != "" {
			problems = append(problems, webhookAddress(to)...)
		}
	}
	return problems
}

// webhookAddress checks the address: HTTPS on the ports that the real server allows, or anything on this very host.
func webhookAddress(to string) (problems fakeserver.Problems) {
	u, err := url.Parse(to)
	if err != nil || u.Hostname() == "" {
		problems.Add(bad("bad webhook: Invalid webhook URL"), "url is no address")
		return problems
	}
	if ip := net.ParseIP(u.Hostname()); ip != nil && ip.IsLoopback() {
		return nil
	}
	if u.Scheme != "https" {
		problems.Add(bad("bad webhook: An HTTPS URL must be provided for webhook"), "url is not HTTPS")
	} else if !slices.Contains([]string{"", "80", "88", "443", "8443"}, u.Port()) {
		problems.Add(bad("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443"), "url has the port %s", u.Port())
	}
	return problems
}

// actions are the fields of a button that say what it does; there is exactly one.
var actions = []string{
	"url", "callback_data", "web_app", "login_url", "switch_inline_query", "switch_inline_query_current_chat",
	"switch_inline_query_chosen_chat", "copy_text", "callback_game", "pay",
}

// keyboard checks an inline keyboard.
func keyboard(given params) (problems fakeserver.Problems) {
	var markup struct {
		Rows [][]map[string]json.RawMessage `json:"inline_keyboard"`
	}
	if text := given.text("reply_markup"); text == "" || text == null {
		return nil
	}
	if !given.into("reply_markup", &markup) {
		problems.Add(bad("object expected as reply markup"), "reply_markup is no keyboard")
	}
	all, tooLong := 0, bad("reply markup is too long")
	for i, row := range markup.Rows {
		all += len(row)
		problems.Bound(tooLong, len(row), "buttons", 0, maxRow, "row %d", i)
		for j, b := range row {
			for _, p := range button(b) {
				problems.Add(p.Refusal, "button %d of row %d: %s", j, i, p.What)
			}
		}
	}
	problems.Bound(tooLong, all, "buttons", 0, maxButtons, "the keyboard")
	return problems
}

func button(b map[string]json.RawMessage) (problems fakeserver.Problems) {
	text := func(from json.RawMessage) string {
		var s string
		_ = json.Unmarshal(from, &s) // of another type: empty, so refused
		return s
	}
	if strings.TrimSpace(text(b["text"])) == "" {
		problems.Add(bad("can't parse inline keyboard button: Text is empty"), "no text")
	}
	has := 0
	for _, name := range actions {
		if _, ok := b[name]; ok {
			has++
		}
	}
	if has != 1 {
		problems.Add(bad("Text buttons are unallowed in the inline keyboard"), "%d actions, exactly 1", has)
	}
	if data, ok := b["callback_data"]; ok {
		problems.Bound(bad("BUTTON_DATA_INVALID"), len(text(data)), "bytes", 1, maxData, "callback_data")
	}
	if to, ok := b["url"]; ok {
		u, err := url.Parse(text(to))
		if err != nil || (u.Scheme != "http" && u.Scheme != "https" && u.Scheme != "tg") || u.Host == "" {
			problems.Add(bad("BUTTON_URL_INVALID"), "url is no http, https or tg address")
		}
	}
	if raw, ok := b["copy_text"]; ok {
		var c struct{ Text string }
		_ = json.Unmarshal(raw, &c) // of another type: empty, so refused
		problems.Bound(bad("BUTTON_COPY_TEXT_INVALID"), fakeserver.Units(c.Text), "units", 1, maxCopy, "copy_text")
	}
	return problems
}

func commands(given params) (problems fakeserver.Problems) {
	var list []Command
	given.into("commands", &list)
	problems.Bound(bad("BOT_COMMANDS_TOO_MUCH"), len(list), "commands", 0, maxCommands, "the list")
	for i, c := range list {
		if !commandName.MatchString(c.Command) {
			problems.Add(bad("BOT_COMMAND_INVALID"), "command %d is not 1 to 32 of a-z, 0-9 and _", i)
		}
		n := fakeserver.Units(c.Description)
		problems.Bound(bad("BOT_COMMAND_DESCRIPTION_INVALID"), n, "units", 1, maxCommandText, "the description of command %d", i)
	}
	return problems
}
