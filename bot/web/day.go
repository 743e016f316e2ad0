package web

import (
	"cmp"
	"embed"
	"encoding/json"
	"fmt"
	"html/template"
	"io/fs"
	"regexp"
	"slices"
	"strings"
	"time"

	"motkraft/bot"
	"motkraft/bot/fault"
	"motkraft/flows"
)

//go:embed static script
var sources embed.FS

// hoursDays is for how many days opening hours are sent along.
const hoursDays = 28

// day is all that is served on one day of the campaign's time zone: the opening hours in it are those of the coming weeks.
type day struct {
	begins time.Time
	files  map[string]file     // by name, the pages too
	pages  map[string]pageData // by language
	steps  map[string]steps    // by language
}

// static is what is the same every day.
type static struct {
	files                     map[string]file
	Script, Away, Style, Icon string // their fixed names, for the pages
	ChatStyle                 string // the conversation's, until the script brings its own
	integrity                 string // of the script
}

const (
	kindScript = "text/javascript; charset=utf-8"
	kindStyle  = "text/css; charset=utf-8"
	kindIcon   = "image/svg+xml"
	kindData   = "application/json"
	kindPage   = "text/html; charset=utf-8"
	kindText   = "text/plain; charset=utf-8"
)

const scriptName = "motkraft.js"

// chatSources make the element's script, pageSources the one that leaves from a page, in order.
var (
	chatSources = []string{"hours.js", "typed.js", "walker.js", "leave.js", "chat.js"}
	pageSources = []string{"leave.js", "page.js"}
)

// signs are drawn on a grid of 24, for whoever reads badly: each is the path of an SVG.
var signs = map[string]string{
	"phone": "M7 3 4.5 4.6c-.8 6.8 8 15.7 14.9 14.9L21 17l-4-3.3-2.4 1.5c-2-.8-4.6-3.5-5.4-5.4L10.6 7.2z",
	"out":   "M9 5H5v14h14v-4M13 4h7v7M20 4l-9 9",
	"back":  "M14 5l-7 7 7 7",
	"help":  "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM12 8v5M12 16v.1",
}

// campaign is what the scripts are told of the campaign, under this name: they need it before there are screens, or without.
type campaign struct {
	Language  string `json:"language"`  // the default one
	Timezone  string `json:"timezone"`  // as the IANA database calls it
	Emergency string `json:"emergency"` // the number to dial
	Leave     string `json:"leave"`     // the harmless page, where the page around names none
}

func newStatic(c *flows.Campaign) (*static, error) {
	s := &static{files: map[string]file{}}
	told, err := json.Marshal(campaign{Language: c.Language, Timezone: c.Zone.String(), Emergency: c.Emergency, Leave: c.Leave})
	if err != nil {
		return nil, err
	}
	told = fmt.Appendf(nil, "const campaign = %s;\n", told)
	css, err := sources.ReadFile("script/chat.css")
	if err != nil {
		return nil, err
	}
	css = remark.ReplaceAll(css, nil)
	quoted, err := json.Marshal(string(css))
	if err != nil {
		return nil, err
	}
	drawn, err := json.Marshal(signs)
	if err != nil {
		return nil, err
	}
	script, err := together(fmt.Appendf(slices.Clone(told), "const css = %s;\nconst signs = %s;\n", quoted, drawn), chatSources)
	if err != nil {
		return nil, err
	}
	away, err := together(told, pageSources)
	if err != nil {
		return nil, err
	}
	style, err := sources.ReadFile("static/page.css")
	if err != nil {
		return nil, err
	}
	icon, err := sources.ReadFile("static/icon.svg")
	if err != nil {
		return nil, err
	}
	s.Script = add(s.files, scriptName, newFile(kindScript, script))
	s.Away = add(s.files, "leave.js", newFile(kindScript, away))
	s.ChatStyle = add(s.files, "chat.css", newFile(kindStyle, css))
	s.Style = add(s.files, "page.css", newFile(kindStyle, style))
	s.Icon = add(s.files, "icon.svg", newFile(kindIcon, icon))
	s.integrity = integrity(script)
	return s, nil
}

// remark is a line, or lines, with nothing but a comment: they are for whoever reads the source, and weigh a sixth of it on a slow line.
var remark = regexp.MustCompile(`(?m)^[ \t]*(?://.*|/\*(?s:.*?)\*/)\n`)

// together puts sources into one module: one request, and for the element one value that vouches for all of it.
func together(out []byte, names []string) ([]byte, error) {
	for _, name := range names {
		part, err := fs.ReadFile(sources, "script/"+name)
		if err != nil {
			return nil, err
		}
		out = append(append(out, '\n'), remark.ReplaceAll(part, nil)...)
	}
	return out, nil
}

// pack packs all files; whoever wants one before that waits for that one alone.
func (d *day) pack() {
	for _, f := range d.files {
		f.br()
		f.gzip()
	}
}

// newDay draws the screens and the pages, the languages side by side: a start waits for it.
func (h *Handler) newDay(now time.Time) (*day, error) {
	d := &day{begins: h.bot.Campaign().Midnight(now), files: map[string]file{}, pages: map[string]pageData{}, steps: map[string]steps{}}
	for name, f := range h.static.files {
		d.files[name] = f
	}
	if h.opts.Contact != "" {
		d.files[securityName] = newFile(kindText, h.security(d.begins))
	}
	books := h.bot.Draw(now, hoursDays, bookWords)
	parts := make([]part, len(books)) // by language
	if err := inEach(parts, func(i int, p *part) error { return p.draw(h, books[i]) }); err != nil {
		return nil, err
	}
	var screens []string
	lists := map[string]template.HTML{}
	walks := make([]steps, len(books))
	for i, book := range books {
		walks[i] = newSteps(&books[i])
		d.steps[book.Lang] = walks[i]
		screens = append(screens, add(d.files, "screens."+book.Lang+".json", parts[i].screens))
		lists[book.Lang] = parts[i].contacts
	}
	err := inEach(parts, func(i int, p *part) error {
		p.page = h.newPage(walks[i], walks, lists)
		p.page.Screens = strings.Join(screens, " ")
		return p.writePages()
	})
	if err != nil {
		return nil, err
	}
	for i, book := range books {
		d.pages[book.Lang] = parts[i].page
		for name, page := range parts[i].pages {
			d.files[fileName(h.bot, name, book.Lang)] = page
		}
	}
	return d, nil
}

// securityName is where those look who have found a fault (RFC 9116).
const securityName = "security.txt"

// security says whom to tell of one. It holds for a year from a day on.
func (h *Handler) security(from time.Time) []byte {
	contact := h.opts.Contact
	if mail.MatchString(contact) {
		contact = "mailto:" + contact
	}
	return fmt.Appendf(nil, "Contact: %s\nExpires: %s\nPreferred-Languages: %s\n", contact, from.AddDate(1, 0, 0).UTC().Format(time.RFC3339),
		strings.Join(h.bot.Languages(), ", "))
}

// part is what of a day is in one language.
type part struct {
	screens  file
	contacts template.HTML
	page     pageData
	pages    map[string]file // by name
}

func (p *part) draw(h *Handler, book bot.Book) error {
	data, err := json.Marshal(book)
	if err != nil {
		return fmt.Errorf("writing the screens: %w", err)
	}
	p.screens = newFile(kindData, data)
	if p.contacts, err = h.contacts(book); err != nil {
		return fmt.Errorf("writing the contacts: %w", err)
	}
	return nil
}

func (p *part) writePages() error {
	p.pages = map[string]file{}
	for _, name := range pageNames {
		html, err := p.page.write(name)
		if err != nil {
			return fmt.Errorf("writing the page %s: %w", name, err)
		}
		p.pages[name] = newFile(kindPage, html)
	}
	return nil
}

// inEach works on the parts side by side. Its error is the first one's.
func inEach(parts []part, work func(i int, p *part) error) error {
	errs := make([]error, len(parts))
	fault.Each(len(parts), func(i int) { errs[i] = work(i, &parts[i]) })
	return cmp.Or(errs...)
}
