package web

import (
	"bytes"
	"fmt"
	"html/template"
	"strings"
	"time"

	"motkraft/bot"
)

// The pages, by the last part of their address.
const (
	pageIndex     = "index"
	pageContacts  = "contacts"
	pageStatement = "accessibility"
	pageEmbed     = "embed"
	pageStep      = "step" // of which there are hundreds: plain.go
)

var pageNames = []string{pageIndex, pageContacts, pageStatement, pageEmbed}

// pageTemplates are the pages by name, each in the frame that all share.
var pageTemplates = func() map[string]*template.Template {
	out := map[string]*template.Template{}
	for _, name := range pageNames {
		base := template.New(name).Funcs(template.FuncMap{"sign": func(name string) string { return signs[name] }, "paragraphs": paragraphs})
		out[name] = template.Must(base.ParseFS(sources, "static/frame.html", "static/chat.html", "static/"+name+".html"))
	}
	return out
}()

// pageData is what a page's template is given.
type pageData struct {
	*static
	Options
	Lang     string
	Page     string          // its name
	Other    []otherPage     // the same page in the other languages
	Screens  string          // the names of the files of screens
	Call     bot.CardButton  // to the emergency number
	Lists    []template.HTML // all contacts, a section a language, the own one's first
	Step     step            // of a page that shows one
	Base     string          // the address of this server, where it is known
	Complain string

	bot   *bot.Bot
	walks []steps // in every language
}

// paragraphs are those of a text.
func paragraphs(text string) []paragraph {
	var out []paragraph
	for part := range strings.SplitSeq(text, "\n\n") {
		if part != "" {
			out = append(out, paragraph{part, strings.HasSuffix(part, "?")})
		}
	}
	return out
}

// paragraph is one of a text; a question weighs more.
type paragraph struct {
	Text string
	Asks bool
}

// otherPage is a page in another language.
type otherPage struct{ Lang, Label, Name string }

// contactList is every service in one language.
type contactList struct {
	pageData
	Groups []bot.Group
	Day    string // on which the list was made
}

// contacts writes the section of all contacts in one language: it stands on several pages, and to write it takes as long as all the rest.
func (h *Handler) contacts(book bot.Book) (template.HTML, error) {
	var html bytes.Buffer
	list := contactList{pageData{Lang: book.Lang, bot: h.bot}, book.Groups, h.dayOf(book)}
	err := pageTemplates[pageContacts].ExecuteTemplate(&html, "list", list)
	return template.HTML(html.String()), err // #nosec G203 -- a template has written it
}

// dayOf is the day that a book was made for, as it is written in every language.
func (h *Handler) dayOf(book bot.Book) string {
	return time.Unix(book.From, 0).In(h.bot.Campaign().Zone).Format(time.DateOnly)
}

func (h *Handler) newPage(own steps, walks []steps, lists map[string]template.HTML) pageData {
	p := pageData{
		static:   h.static,
		Options:  h.opts,
		Lang:     own.book.Lang,
		Lists:    []template.HTML{lists[own.book.Lang]},
		Step:     own.see(spot{Node: own.book.Welcome}, walks),
		Complain: h.bot.Campaign().Complain,
		bot:      h.bot,
		walks:    walks,
	}
	for _, other := range walks {
		if book := other.book; book != own.book {
			p.Lists = append(p.Lists, lists[book.Lang])
			p.Other = append(p.Other, otherPage{Lang: book.Lang, Label: book.Words["button.language"]})
		}
	}
	for _, card := range own.book.Services {
		for _, c := range card.Contacts {
			if c.Button != nil && c.Button.Phone == h.bot.Campaign().Emergency {
				p.Call = *c.Button
			}
		}
	}
	return p
}

// fileName is a page's file: "index.html", "index.en.html".
func fileName(b *bot.Bot, name, lang string) string {
	if lang == b.Languages()[0] {
		return name + ".html"
	}
	return name + "." + lang + ".html"
}

// write writes a page.
func (p pageData) write(name string) ([]byte, error) {
	others := p.Other
	p.Page, p.Other = name, nil
	for _, o := range others {
		o.Name = fileName(p.bot, name, o.Lang)
		p.Other = append(p.Other, o)
	}
	var html bytes.Buffer
	err := pageTemplates[name].ExecuteTemplate(&html, "frame", p)
	return html.Bytes(), err
}

// The methods below are called by the templates.

// Say gives one of the words in the page's language.
func (p pageData) Say(key string, pairs ...string) (string, error) {
	return p.SayIn(p.Lang, key, pairs...)
}

// SayIn gives one of the words in a language; one that there is not is a fault of the template.
func (p pageData) SayIn(lang, key string, pairs ...string) (string, error) {
	text := p.bot.Say(lang, key, pairs...)
	if text == "" {
		return "", fmt.Errorf("no message %q", key)
	}
	return text, nil
}

// File is the file of another page in this page's language.
func (p pageData) File(name string) string { return fileName(p.bot, name, p.Lang) }

// Preload are the files of screens one by one.
func (p pageData) Preload() []string { return strings.Fields(p.Screens) }

// Hours is when a contact answers, as far as it can be said without knowing the time.
func (p pageData) Hours(lang string, h *bot.CardHours) string {
	switch {
	case h == nil:
		return ""
	case h.Always:
		return p.bot.Say(lang, "hours.always")
	}
	return h.Plan
}

// Blocks takes a text apart: paragraphs, "# headings", and lists of lines that begin with a hyphen.
func (p pageData) Blocks(text string) []block {
	var out []block
	for part := range strings.SplitSeq(text, "\n\n") {
		heading, isHeading := strings.CutPrefix(part, "# ")
		items, isList := strings.CutPrefix(part, "- ")
		switch {
		case isHeading:
			out = append(out, block{Heading: heading})
		case isList:
			out = append(out, block{Items: strings.Split(items, "\n- ")})
		default:
			out = append(out, block{Text: part})
		}
	}
	return out
}

type block struct {
	Heading, Text string
	Items         []string
}

// ContactLink is the link to the publisher's contact: an https address, or one for e-mail.
func (p pageData) ContactLink() string {
	if strings.HasPrefix(p.Contact, "https://") {
		return p.Contact
	}
	return "mailto:" + p.Contact
}
