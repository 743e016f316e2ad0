package web

import (
	"crypto/sha512"
	"encoding/base64"
	"fmt"
	"html"
	"net/http"
	"regexp"
	"strings"
)

// Lines are the lines that show the conversation on another page. What is hidden in them is shown by the script alone, and does nothing without.
func (p pageData) Lines(base string) (string, error) {
	crossing, leave := "", ""
	if base != "" {
		crossing = " crossorigin"
	}
	if p.Leave != p.bot.Campaign().Leave {
		leave = ` leave="` + html.EscapeString(p.Leave) + `"`
	}
	var words [3]string
	for i, key := range []string{"web.leave", "web.unreachable", "web.again"} {
		word, err := p.Say(key)
		if err != nil {
			return "", err
		}
		words[i] = html.EscapeString(word)
	}
	return fmt.Sprintf(`<script type="module" src="%s/%s" integrity="%s"%s></script>
<motkraft-chat lang="%s"%s>
  <span slot="leave" hidden>%s</span>
  <p slot="away">%s</p>
  <a slot="away" href="tel:%s">%s</a>
  <button slot="again" type="button" hidden>%s</button>
</motkraft-chat>`, base, scriptName, p.integrity, crossing, p.Lang, leave, words[0], words[1], p.Call.Phone, html.EscapeString(p.Call.Label), words[2]), nil
}

// integrity vouches for a file, as browsers check it.
func integrity(data []byte) string {
	sum := sha512.Sum384(data)
	return "sha384-" + base64.StdEncoding.EncodeToString(sum[:])
}

var local = regexp.MustCompile(`^(localhost|127\.0\.0\.1)(:[0-9]+)?$`)

// embed answers with the page for other sites' editors. It names the address in the settings, or the one that it was asked under where that is
// this machine. Any other is not believed: whoever asks for the page can write there what they want.
func (h *Handler) embed(rw http.ResponseWriter, r *http.Request, lang string) {
	p := h.day().pages[lang]
	p.Base = h.opts.URL
	if p.Base == "" && local.MatchString(r.Host) {
		p.Base = "http://" + r.Host
	}
	data, err := p.write(pageEmbed)
	if err != nil {
		http.NotFound(rw, r)
		return
	}
	newFile(kindPage, data).send(rw, r)
}

// OriginList are the sites that may show the conversation, in one line.
func (p pageData) OriginList() string { return strings.Join(p.Origins, ", ") }
