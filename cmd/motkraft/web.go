package main

import (
	"net/url"
	"regexp"
	"strings"

	"motkraft/bot/web"
)

// webFlags are the settings of the web chat, for the commands that make it.
type webFlags struct {
	WebLeave     string `help:"Address that the button Leave leads to; default: a page about the weather." placeholder:"URL"`
	WebOrigins   string `help:"Other sites that may show the chat from here, parted by commas." placeholder:"ORIGINS"`
	WebPublisher string `help:"Who publishes the page, for the accessibility statement." placeholder:"NAME"`
	WebContact   string `help:"Their e-mail address or https address for whoever can not use the page." placeholder:"ADDRESS"`
}

var mail = regexp.MustCompile(`^[\w.+-]+@[\w-]+(\.[\w-]+)+$`)

// web reads the settings of the web chat.
func (s *settings) web(f webFlags) web.Options {
	o := web.Options{
		Leave:     s.value(f.WebLeave, "WEB_LEAVE", web.Leave),
		Publisher: s.value(f.WebPublisher, "WEB_PUBLISHER", ""),
		Contact:   s.value(f.WebContact, "WEB_CONTACT", ""),
	}
	if u, err := url.Parse(o.Leave); err != nil || u.Scheme != "https" || u.Host == "" {
		s.fault("%sWEB_LEAVE is no https address: give one such as %s", prefix, web.Leave)
	}
	for origin := range strings.SplitSeq(s.value(f.WebOrigins, "WEB_ORIGINS", ""), ",") {
		if origin = strings.TrimSpace(origin); origin == "" {
			continue
		}
		u, err := url.Parse(origin)
		if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" || origin != u.Scheme+"://"+strings.ToLower(u.Host) {
			s.fault("%sWEB_ORIGINS holds what is no site: give scheme and host in small letters and nothing after them, such as https://www.example.se", prefix)
			continue
		}
		o.Origins = append(o.Origins, origin)
	}
	if u, err := url.Parse(o.Contact); o.Contact != "" && !mail.MatchString(o.Contact) && (err != nil || u.Scheme != "https" || u.Host == "") {
		s.fault("%sWEB_CONTACT is neither an e-mail address nor an https address: give one of them", prefix)
	}
	if (o.Publisher == "") != (o.Contact == "") {
		s.fault("%sWEB_PUBLISHER and %sWEB_CONTACT belong together: set both, or neither", prefix, prefix)
	}
	return o
}
