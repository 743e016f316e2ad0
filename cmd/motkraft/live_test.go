package main

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"motkraft/bot"
)

// newTestLive is the real content, whose clock the test holds.
func newTestLive(t *testing.T, now func() time.Time) (*live, *buffer) {
	t.Helper()
	c, err := loadContent("")
	if err != nil {
		t.Fatal(err)
	}
	sealer, err := bot.NewSealer(bot.RandomKey())
	if err != nil {
		t.Fatal(err)
	}
	log := &buffer{}
	l, err := newLive(newLogger(log), c, func(c content) (*edition, error) {
		b, err := bot.New(c.set, c.catalog, bot.Options{Sealer: sealer, Now: now})
		if err != nil {
			return nil, err
		}
		return newEdition(b, http.NotFoundHandler()), nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return l, log
}

// A fault in the making of a screen gives the first one, in the person's language, and the log says where it was and nothing of what was typed.
func TestPanicGivesTheFirstScreen(t *testing.T) {
	faulty := false
	l, log := newTestLive(t, func() time.Time {
		if faulty {
			panic("canary in the clock")
		}
		return time.Now()
	})
	faulty = true
	for lang, want := range map[string]string{"en-GB": "What is it about?", "sv": "Vad gäller det?", "": "Vad gäller det?", "\x00-&": "Vad gäller det?"} {
		m := l.For("test").Handle(t.Context(), bot.Update{Text: "canary text", Lang: lang})
		if !strings.Contains(m.Text, want) || len(m.Buttons) == 0 {
			t.Errorf("in %q: %+v, expected %q", lang, m, want)
		}
	}
	if said := log.String(); strings.Contains(said, "canary") || !strings.Contains(said, "bot.(*Bot).answer:") {
		t.Errorf("the log says %s", said)
	}
	faulty = false
	m := l.For("test").Handle(t.Context(), bot.Update{Lang: "sv"})
	if next := l.For("test").Handle(t.Context(), bot.Update{Data: m.Buttons[0].Data}); next.Text == m.Text {
		t.Error("the next press leads nowhere")
	}
}

// files is a page that has some files.
func files(names ...string) http.Handler {
	mux := http.NewServeMux()
	for _, name := range names {
		mux.HandleFunc("GET /"+name, func(rw http.ResponseWriter, _ *http.Request) { fmt.Fprint(rw, "this is ", names) })
	}
	return mux
}

// After a change the page is the new one, and what only the one before had is still there for those who have just opened it.
func TestPageAfterChange(t *testing.T) {
	l, _ := newTestLive(t, time.Now)
	var page http.Handler
	b := l.now.Load().bot
	l.prepare = func(content) (*edition, error) { return newEdition(b, page), nil }
	for _, p := range []http.Handler{files("{$}", "a.js"), files("{$}", "b.js")} {
		page = p
		if err := l.change(content{}); err != nil {
			t.Fatal(err)
		}
	}
	for path, want := range map[string]string{
		"/":     "200 this is [{$} b.js]",
		"/b.js": "200 this is [{$} b.js]",
		"/a.js": "200 this is [{$} a.js]",
		"/c.js": "404 404 page not found\n",
	} {
		rec := httptest.NewRecorder()
		l.ServeHTTP(rec, httptest.NewRequest("GET", path, nil))
		body, _ := io.ReadAll(rec.Body)
		if got := fmt.Sprintf("%d %s", rec.Code, body); got != want {
			t.Errorf("%s: %q, expected %q", path, got, want)
		}
	}
}
