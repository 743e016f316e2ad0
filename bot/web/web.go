// Package web is the chat on a web page: a custom element that is given every screen once and walks them on the person's own device.
//
// Start at New, which makes the handler of the public address, or at Export, which writes the same as files for any other server. It has the
// page, the script motkraft.js, and one file of screens a language; once these are there, the browser asks for nothing more. For a browser
// without scripts each screen is a page of its own.
//
// The script's source stands in the folder script: walker.js is the engine over again, hours.js the opening hours, typed.js the understanding,
// chat.js and chat.css the element. They are put together when the program starts.
//
// # Why
//
// This is no Adapter: nothing comes back that a Handler could answer. What somebody chooses here is known to their browser alone, and
// leaves no trace in a log of ours or of anybody between. The price is a second walker, in JavaScript; tests play the same
// conversations and type the same texts through both.
package web

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"motkraft/bot"
	"motkraft/bot/channel"
)

// Options is what the world gives.
type Options struct {
	Now       func() time.Time // default time.Now
	URL       string           // the public address of the chat, without a slash at its end; empty: not known
	Leave     string           // the https address that the button "leave" leads to; default: that of the campaign
	Origins   []string         // other sites that may show the conversation, such as https://example.se
	Publisher string           // who answers for the page, for the accessibility statement; empty: that is said
	Contact   string           // their https address, or e-mail address, for who cannot use the page
}

// Handler serves the pages and what belongs to them.
type Handler struct {
	bot    *bot.Bot
	opts   Options
	static *static
	mux    *http.ServeMux

	making   sync.Mutex // held while a new day is made
	today    atomic.Pointer[day]
	prepared atomic.Bool // Prepare was called
}

// New makes the handler for a bot's screens.
func New(b *bot.Bot, opts Options) (*Handler, error) {
	if opts.Now == nil {
		opts.Now = time.Now
	}
	if opts.Leave == "" {
		opts.Leave = b.Campaign().Leave
	}
	h := &Handler{bot: b, opts: opts, mux: http.NewServeMux()}
	var err error
	if h.static, err = newStatic(b.Campaign()); err != nil {
		return nil, err
	}
	first, err := h.newDay(opts.Now())
	if err != nil {
		return nil, err
	}
	h.today.Store(first)
	// Of any method, so that the address of a channel that is off is not there whatever is done to it.
	h.mux.HandleFunc("/{$}", h.page)
	h.mux.HandleFunc("/{name}", h.file)
	h.mux.HandleFunc("/.well-known/"+securityName, func(rw http.ResponseWriter, r *http.Request) {
		r.SetPathValue("name", securityName)
		h.file(rw, r)
	})
	return h, nil
}

// Prepare packs today's files, so that nobody waits for that; from then on each new day's are packed behind.
func (h *Handler) Prepare() {
	h.prepared.Store(true)
	h.day().pack()
}

// headers go with every answer: the page may load its own script, styles and screens, and nothing else.
var headers = map[string]string{
	"Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; base-uri 'none'; " +
		"form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'",
	"Referrer-Policy":              "no-referrer",
	"X-Content-Type-Options":       "nosniff",
	"Cross-Origin-Opener-Policy":   "same-origin",
	"Cross-Origin-Resource-Policy": "same-origin",
	"Permissions-Policy":           "browsing-topics=(), camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
	"X-Robots-Tag":                 "noarchive",
}

// Shielded puts the headers to every answer of a handler: what else is served beside the pages has them too, refusals among it.
func Shielded(next http.Handler) http.Handler {
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		for name, value := range headers {
			rw.Header().Set(name, value)
		}
		next.ServeHTTP(rw, r)
	})
}

func (h *Handler) ServeHTTP(rw http.ResponseWriter, r *http.Request) {
	Shielded(h.mux).ServeHTTP(rw, r)
}

// reads reports whether a request only reads, and refuses it otherwise.
func reads(rw http.ResponseWriter, r *http.Request) bool {
	if r.Method == http.MethodGet || r.Method == http.MethodHead {
		return true
	}
	rw.Header().Set("Allow", "GET, HEAD")
	http.Error(rw, "method not allowed", http.StatusMethodNotAllowed)
	return false
}

// page answers with a page in the language that the browser asks for.
func (h *Handler) page(rw http.ResponseWriter, r *http.Request) {
	if !reads(rw, r) {
		return
	}
	name := r.PathValue("name")
	if name == "" {
		name = pageIndex
	}
	lang := h.bot.Match(r.Header.Get("Accept-Language"))
	rw.Header().Add("Vary", "Accept-Language")
	if name == pageEmbed {
		h.embed(rw, r, lang)
		return
	}
	h.day().files[fileName(h.bot, name, lang)].send(rw, r)
}

// file answers with what the page needs, or with a page by its file's name.
func (h *Handler) file(rw http.ResponseWriter, r *http.Request) {
	name := r.PathValue("name")
	if slices.Contains(pageNames, name) && name != pageIndex {
		h.page(rw, r)
		return
	}
	files := h.day().files
	f, ok := files[name]
	if !ok {
		// A page of yesterday, or of another release that runs beside this one, names its own; it gets today's, not to be kept.
		f, ok = files[plainName(name)]
	}
	if !ok {
		f, ok = h.day().step(name)
	}
	if !ok {
		http.NotFound(rw, r)
		return
	}
	if !reads(rw, r) {
		return
	}
	if len(h.opts.Origins) > 0 && shared(name) {
		rw.Header().Add("Vary", "Origin")
		if origin := r.Header.Get("Origin"); slices.Contains(h.opts.Origins, origin) {
			rw.Header().Set("Access-Control-Allow-Origin", origin)
		}
	}
	f.send(rw, r)
}

// shared reports whether another site needs a file: the element's script and the screens.
func shared(name string) bool {
	return strings.HasPrefix(name, "motkraft.") || strings.HasPrefix(name, "screens.")
}

// day gives what is served today, made anew when a new day has begun. Whoever comes while that is done gets yesterday's: it is as good.
func (h *Handler) day() *day {
	now := h.opts.Now()
	today := h.today.Load()
	if h.bot.Campaign().Midnight(now).Equal(today.begins) || !h.making.TryLock() {
		return today
	}
	defer h.making.Unlock()
	if made, err := h.newDay(now); err == nil { // it was made before of the same content
		h.today.Store(made)
		if h.prepared.Load() {
			go channel.Guard(context.Background(), h.bot, made.pack)
		}
	}
	return h.today.Load()
}
