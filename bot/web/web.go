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
	"io"
	"net/http"
	"path"
	"sync"
	"time"

	"motkraft/bot"
)

//go:embed static
var static embed.FS

var page = template.Must(template.ParseFS(static, "static/page.html"))

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
	day   int64 // the first second of the day that the files were made for
	files map[string]file
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
	if _, err := h.today(); err != nil {
		return nil, err
	}
	h.mux.HandleFunc("GET /{$}", func(rw http.ResponseWriter, r *http.Request) {
		h.send(rw, r, "page."+b.Match(r.Header.Get("Accept-Language")))
	})
	h.mux.HandleFunc("GET /{file}", func(rw http.ResponseWriter, r *http.Request) {
		h.send(rw, r, r.PathValue("file"))
	})
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

// send answers with a file of today.
func (h *Handler) send(rw http.ResponseWriter, r *http.Request, name string) {
	files, err := h.today()
	f, ok := files[name]
	if err != nil || !ok {
		http.NotFound(rw, r)
		return
	}
	rw.Header().Set("Content-Type", f.kind)
	rw.Header().Set("Cache-Control", "no-cache") // kept, and asked for again before use
	rw.Header().Set("Etag", f.etag)
	if path.Ext(name) != ".js" && path.Ext(name) != ".css" {
		rw.Header().Set("Vary", "Accept-Language")
	}
	http.ServeContent(rw, r, "", time.Time{}, bytes.NewReader(f.data))
}

// today gives the files, made anew when a new day has begun: the opening hours in them are those of the coming days.
func (h *Handler) today() (map[string]file, error) {
	now := h.opts.Now()
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.files != nil && now.Unix() >= h.day && now.Unix() < h.day+secondsADay {
		return h.files, nil
	}
	books := h.bot.Draw(now, hoursDays)
	files := map[string]file{}
	if err := addStatic(files); err != nil {
		return nil, err
	}
	for _, book := range books {
		data, err := json.Marshal(book)
		if err != nil {
			return nil, fmt.Errorf("writing the screens: %w", err)
		}
		files["screens."+book.Lang+".json"] = newFile("application/json", data)
		var html bytes.Buffer
		if err := page.Execute(&html, newPage(book, books)); err != nil {
			return nil, fmt.Errorf("writing the page: %w", err)
		}
		files["page."+book.Lang] = newFile("text/html; charset=utf-8", html.Bytes())
	}
	h.files, h.day = files, books[0].From
	return h.files, nil
}

const secondsADay = 24 * 60 * 60

// addStatic adds the files that are the same every day.
func addStatic(files map[string]file) error {
	for name, kind := range map[string]string{
		"motkraft.js": "text/javascript; charset=utf-8",
		"page.css":    "text/css; charset=utf-8",
		"icon.svg":    "image/svg+xml",
	} {
		f, err := static.Open("static/" + name)
		if err != nil {
			return err
		}
		data, err := io.ReadAll(f)
		f.Close()
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
