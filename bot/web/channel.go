package web

import (
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/net/idna"

	"motkraft/bot"
	"motkraft/bot/channel"
)

// Channel is the web chat as one value. It is no adapter: Settings makes the Options of New.
func Channel() channel.Channel {
	return channel.Channel{
		Name:      "web",
		Words:     slices.Concat(bookWords, pageWords),
		Settings:  settings,
		Counted:   true,
		CountNote: "From the web chat nothing comes back: counted is only how often its screens, a file for each language, were fetched.",
	}
}

// maxPage is how long a text on a page may be, in UTF-16 units: it is read at leisure.
const maxPage = 4000

// bookWords are what the conversation says beside the screens.
var bookWords = []bot.Word{
	{Key: "web.conversation", Limit: bot.MaxLabel},
	{Key: "web.contact", Limit: bot.MaxLabel},
	{Key: "web.option", Limit: bot.MaxLabel},
	{Key: "web.standing", Limit: bot.MaxLabel},
	{Key: "web.leave", Limit: bot.MaxLabel},
	{Key: "web.shift", Limit: bot.MaxLabel},     // how to leave by the keyboard
	{Key: "web.once-more", Limit: bot.MaxLabel}, // said when one press more leaves
	{Key: "web.again", Limit: bot.MaxLabel},
	{Key: "web.calls", Limit: bot.MaxQuestion}, // that a call stays in the phone's list
	{Key: "web.copied", Limit: bot.MaxLabel},
	{Key: "web.type", Limit: bot.MaxLabel},
	{Key: "web.type-note", Limit: bot.MaxQuestion},
	{Key: "web.send", Limit: bot.MaxLabel},
	{Key: "web.traces", Limit: bot.MaxLabel},
	{Key: "web.traces-text", Limit: bot.MaxText}, // what leaving can do, and what it cannot

	{Key: "web.choices", Limit: bot.MaxLabel, Blanks: []string{"Count"}}, // what the log says of a new screen
	{Key: "web.offers", Limit: bot.MaxLabel, Blanks: []string{"All", "Open"}},
	{Key: "web.copy", Limit: bot.MaxLabel, Blanks: []string{"Number"}},
}

// pageWords are what stands on the pages around the conversation.
var pageWords = []bot.Word{
	{Key: "web.title", Limit: bot.MaxQuestion},
	{Key: "web.all-contacts", Limit: bot.MaxLabel},
	{Key: "web.made", Limit: bot.MaxQuestion, Blanks: []string{"Day"}}, // when a list of all contacts was made
	{Key: "web.no-script", Limit: bot.MaxQuestion},
	{Key: "web.unreachable", Limit: bot.MaxQuestion}, // said where the screens cannot be fetched
	{Key: "web.statement", Limit: bot.MaxQuestion},   // the accessibility statement
	{Key: "web.statement-text", Limit: maxPage},
	{Key: "web.statement-contact", Limit: bot.MaxText, Blanks: []string{"Publisher"}},
	{Key: "web.statement-nobody", Limit: bot.MaxText},
	{Key: "web.statement-complain", Limit: bot.MaxText},
	{Key: "web.statement-link", Limit: bot.MaxQuestion},
	{Key: "web.embed", Limit: bot.MaxQuestion}, // how another site shows the conversation
	{Key: "web.embed-text", Limit: maxPage},
	{Key: "web.embed-same", Limit: maxPage},
	{Key: "web.embed-other", Limit: maxPage},
	{Key: "web.embed-origins", Limit: bot.MaxQuestion, Blanks: []string{"Origins"}},
	{Key: "web.embed-no-origins", Limit: bot.MaxQuestion},
	{Key: "web.embed-style", Limit: maxPage},
}

var mail = regexp.MustCompile(`^[\w.+-]+@[\w-]+(\.[\w-]+)+$`)

var settings = []channel.Setting{
	{
		Name: "WEB_URL", Example: "URL",
		Help:  "the public https address of the web chat, for the lines that put it on other sites",
		Check: channel.Secure("give the one under which people open the chat"),
	},
	{
		Name: "WEB_LEAVE", Example: "URL",
		Help:  "the https address that the button Leave leads to: harmless to be seen with; default: what the content says",
		Check: channel.Secure("give one such as https://www.example.se/"),
	},
	{
		Name: "WEB_ORIGINS", Example: "ORIGINS",
		Help: "other sites that may show the chat from here, separated by commas, such as https://www.example.se",
		Check: func(value string, _ channel.Values) error {
			for _, origin := range origins(value) {
				if err := checkOrigin(origin); err != nil {
					return err
				}
			}
			return nil
		},
	},
	{
		Name: "WEB_PUBLISHER", Needs: []string{"WEB_CONTACT"}, Example: "NAME",
		Help: "who publishes the page, for the accessibility statement",
	},
	{
		Name: "WEB_CONTACT", Needs: []string{"WEB_PUBLISHER"}, Example: "ADDRESS",
		Help: "the publisher's e-mail address or https address, for whoever cannot use the page",
		Check: func(value string, _ channel.Values) error {
			if !mail.MatchString(value) && channel.Secure("")(value, nil) != nil {
				return errors.New("is neither an e-mail address nor an https address: give one of them")
			}
			return nil
		},
	},
}

// checkOrigin says what is wrong with an origin that no browser would ever send (https://html.spec.whatwg.org/multipage/browsers.html#ascii-serialisation-of-an-origin).
func checkOrigin(origin string) error {
	u, err := url.Parse(origin)
	if err != nil || u.Host == "" || u.User != nil || u.Scheme != "https" && u.Scheme != "http" || origin != u.Scheme+"://"+strings.ToLower(u.Host) {
		return errors.New("holds what is no site: give scheme and host in small letters and nothing after them, such as https://www.example.se")
	}
	if port := u.Port(); port == "443" && u.Scheme == "https" || port == "80" && u.Scheme == "http" || strings.HasSuffix(u.Host, ":") {
		return errors.New("holds a site with its usual port, which browsers leave out: leave it out too")
	}
	if ascii, err := idna.Lookup.ToASCII(u.Hostname()); err == nil && ascii != u.Hostname() {
		return fmt.Errorf("holds a host that browsers write otherwise: write it as %s", ascii)
	}
	return nil
}

func origins(list string) []string {
	return strings.FieldsFunc(list, func(r rune) bool { return r == ',' || r == ' ' })
}

// Configured makes the options of New.
func Configured(v channel.Values) Options {
	return Options{URL: strings.TrimRight(v["WEB_URL"], "/"), Leave: v["WEB_LEAVE"], Origins: origins(v["WEB_ORIGINS"]), Publisher: v["WEB_PUBLISHER"], Contact: v["WEB_CONTACT"]}
}
