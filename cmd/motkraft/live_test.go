package main

import (
	"io"
	"net/http"
	"path/filepath"
	"regexp"
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

// Whoever opened the page before a change asks for files by names that hold what they were. They get the present ones, not to be kept.
func TestPageAfterChange(t *testing.T) {
	r, dir := contentServer(t)
	opened := r.get(t, "/")
	names := regexp.MustCompile(`[\w.]+\.[0-9a-f]{16}\.[a-z]+`).FindAllString(opened, -1)
	if !strings.Contains(strings.Join(names, " "), "screens.sv.") {
		t.Fatalf("the page names only %q", names)
	}
	edit(t, filepath.Join(dir, "locales", "sv.yaml"), "Vad gäller det?", "Vad handlar det om?")
	until(t, "the page is another", func() bool { return r.get(t, "/") != opened })
	for _, name := range names {
		answer, err := http.Get(r.public + "/" + name)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(answer.Body)
		answer.Body.Close()
		if err != nil || answer.StatusCode != http.StatusOK {
			t.Errorf("%s: %s, %v", name, answer.Status, err)
		}
		if !strings.HasPrefix(name, "screens.sv.") {
			continue
		}
		if kept := answer.Header.Get("Cache-Control"); kept != "no-cache" || !strings.Contains(string(body), "Vad handlar det om?") {
			t.Errorf("%s is not the present one, or is kept: %q", name, kept)
		}
	}
}
