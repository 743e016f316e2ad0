// Package web is the chat on a web page: a custom element that is given every screen once and walks them on the person's own device.
//
// Start at New, which makes the handler of the public address. It serves the page, the script motkraft.js, and one file of screens a
// language; once these are there, the browser asks for nothing more.
//
// # Why
//
// This is no Adapter: nothing comes back that a Handler could answer. What somebody chooses here is known to their browser alone, and
// leaves no trace in a log of ours or of anybody between. The price is a second walker, in JavaScript; a test plays the same
// conversations through both.
package web

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html/template"
	"net/http"
	"sync"
	"time"

	"motkraft/bot"
)

//go:embed static
var static embed.FS

var pageTemplate = template.Must(template.ParseFS(static, "static/page.html"))

// hoursDays is for how many days opening hours are sent along.
const hoursDays = 28

// Options is what the world gives.
type Options struct {
	Now func() time.Time // default time.Now
}

// Handler serves the page and what belongs to it.
type Handler struct {
	bot  *bot.Bot
	opts Options
	mux  *http.ServeMux

	mu    sync.Mutex
	today *day
}

// day is all that is served on one day in Sweden: the opening hours in it are those of the coming weeks.
type day struct {
	begins time.Time
	files  map[string]file // by name
	pages  map[string]file // by language
}

// file is one file ready to be sent.
type file struct {
	kind string // its media type
	etag string
	data []byte
}

// New makes the handler for a bot's screens.
func New(b *bot.Bot, opts Options) (*Handler, error) {
	if opts.Now == nil {
		opts.Now = time.Now
	}
	h := &Handler{bot: b, opts: opts, mux: http.NewServeMux()}
	if _, err := h.day(); err != nil {
		return nil, err
	}
	h.mux.HandleFunc("GET /{$}", h.page)
	h.mux.HandleFunc("GET /{file}", h.file)
	return h, nil
}

// ServeHTTP answers with a file, under headers that let the page load its own script, styles and screens and nothing else.
func (h *Handler) ServeHTTP(rw http.ResponseWriter, r *http.Request) {
	for name, value := range headers {
		rw.Header().Set(name, value)
	}
	h.mux.ServeHTTP(rw, r)
}

// headers go with every answer.
var headers = map[string]string{
	"Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; base-uri 'none'; " +
		"form-action 'none'; frame-ancestors 'self'; require-trusted-types-for 'script'; trusted-types 'none'",
	"Referrer-Policy":              "no-referrer",
	"X-Content-Type-Options":       "nosniff",
	"Cross-Origin-Opener-Policy":   "same-origin",
	"Cross-Origin-Resource-Policy": "same-origin",
	"Permissions-Policy":           "camera=(), geolocation=(), microphone=(), browsing-topics=()",
	"X-Robots-Tag":                 "noarchive",
}

// page answers with the page in the language that the browser asks for.
func (h *Handler) page(rw http.ResponseWriter, r *http.Request) {
	d, err := h.day()
	if err != nil {
		http.NotFound(rw, r)
		return
	}
	rw.Header().Set("Vary", "Accept-Language")
	d.pages[h.bot.Match(r.Header.Get("Accept-Language"))].send(rw, r)
}

// file answers with what the page needs.
func (h *Handler) file(rw http.ResponseWriter, r *http.Request) {
	d, err := h.day()
	if err != nil {
		http.NotFound(rw, r)
		return
	}
	f, ok := d.files[r.PathValue("file")]
	if !ok {
		http.NotFound(rw, r)
		return
	}
	f.send(rw, r)
}

func (f file) send(rw http.ResponseWriter, r *http.Request) {
	rw.Header().Set("Content-Type", f.kind)
	rw.Header().Set("Cache-Control", "no-cache") // kept, and asked for again before use
	rw.Header().Set("Etag", f.etag)
	http.ServeContent(rw, r, "", time.Time{}, bytes.NewReader(f.data))
}

// day gives what is served today, made anew when a new day has begun.
func (h *Handler) day() (*day, error) {
	now := h.opts.Now()
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.today != nil && bot.Day(now).Equal(h.today.begins) {
		return h.today, nil
	}
	d := &day{begins: bot.Day(now), files: map[string]file{}, pages: map[string]file{}}
	if err := addStatic(d.files); err != nil {
		return nil, err
	}
	books := h.bot.Draw(now, hoursDays)
	for _, book := range books {
		data, err := json.Marshal(book)
		if err != nil {
			return nil, fmt.Errorf("writing the screens: %w", err)
		}
		d.files["screens."+book.Lang+".json"] = newFile("application/json", data)
		var html bytes.Buffer
		if err := pageTemplate.Execute(&html, newPage(book, books)); err != nil {
			return nil, fmt.Errorf("writing the page: %w", err)
		}
		d.pages[book.Lang] = newFile("text/html; charset=utf-8", html.Bytes())
	}
	h.today = d
	return d, nil
}

// addStatic adds the files that are the same every day.
func addStatic(files map[string]file) error {
	for name, kind := range map[string]string{
		"motkraft.js": "text/javascript; charset=utf-8",
		"page.css":    "text/css; charset=utf-8",
		"icon.svg":    "image/svg+xml",
	} {
		data, err := static.ReadFile("static/" + name)
		if err != nil {
			return err
		}
		files[name] = newFile(kind, data)
	}
	return nil
}

func newFile(kind string, data []byte) file {
	sum := sha256.Sum256(data)
	return file{kind: kind, data: data, etag: `"` + base64.RawURLEncoding.EncodeToString(sum[:12]) + `"`}
}
