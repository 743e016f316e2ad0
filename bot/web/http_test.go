package web_test

import (
	"encoding/json"
	"html"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"motkraft/bot"
	"motkraft/flows"
)

func (s *site) get(method, path string, headers ...string) *http.Response {
	r := httptest.NewRequest(method, path, nil)
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	rec := httptest.NewRecorder()
	s.handler.ServeHTTP(rec, r)
	return rec.Result()
}

func body(t *testing.T, answer *http.Response) string {
	t.Helper()
	data, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// The headers of every answer, as they are meant to be. What differs from file to file is checked beside it.
func TestHeaders(t *testing.T) {
	s := newSite(t, nil)
	const everywhere = `Content-Security-Policy: default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'; require-trusted-types-for 'script'; trusted-types 'none'
Cross-Origin-Opener-Policy: same-origin
Cross-Origin-Resource-Policy: same-origin
Permissions-Policy: camera=(), geolocation=(), microphone=(), browsing-topics=()
Referrer-Policy: no-referrer
X-Content-Type-Options: nosniff
X-Robots-Tag: noarchive
`
	for path, want := range map[string]string{
		"/":                "text/html; charset=utf-8",
		"/motkraft.js":     "text/javascript; charset=utf-8",
		"/page.css":        "text/css; charset=utf-8",
		"/icon.svg":        "image/svg+xml",
		"/screens.sv.json": "application/json",
		"/screens.en.json": "application/json",
		"/nothing":         "text/plain; charset=utf-8",
	} {
		h := s.get("GET", path).Header
		if got := h.Get("Content-Type"); got != want {
			t.Errorf("%s is %q, expected %q", path, got, want)
		}
		if path != "/nothing" && (h.Get("Cache-Control") != "no-cache" || h.Get("Etag") == "") {
			t.Errorf("%s: Cache-Control %q and Etag %q, expected no-cache and one", path, h.Get("Cache-Control"), h.Get("Etag"))
		}
		if got := h.Get("Vary"); (got == "Accept-Language") != (path == "/") {
			t.Errorf("%s: Vary %q", path, got)
		}
		for _, own := range []string{"Content-Type", "Content-Length", "Cache-Control", "Etag", "Vary", "Accept-Ranges"} {
			h.Del(own)
		}
		var got []string
		for name, values := range h {
			got = append(got, name+": "+strings.Join(values, ", ")+"\n")
		}
		slices.Sort(got)
		if got := strings.Join(got, ""); got != everywhere {
			t.Errorf("%s: the headers are\n%s, expected\n%s", path, got, everywhere)
		}
	}
}

func TestRequests(t *testing.T) {
	s := newSite(t, nil)
	files := []string{"/", "/motkraft.js", "/page.css", "/icon.svg", "/screens.sv.json", "/screens.en.json"}
	for _, path := range files {
		got := s.get("GET", path)
		if got.StatusCode != http.StatusOK || len(body(t, got)) == 0 {
			t.Errorf("GET %s: %s", path, got.Status)
		}
		if again := s.get("GET", path, "If-None-Match", got.Header.Get("Etag")); again.StatusCode != http.StatusNotModified || body(t, again) != "" {
			t.Errorf("GET %s with its ETag: %s, expected 304", path, again.Status)
		}
		if changed := s.get("GET", path, "If-None-Match", `"another"`); changed.StatusCode != http.StatusOK {
			t.Errorf("GET %s with another ETag: %s, expected 200", path, changed.Status)
		}
		if head := s.get("HEAD", path); head.StatusCode != http.StatusOK || body(t, head) != "" || head.Header.Get("Etag") != got.Header.Get("Etag") {
			t.Errorf("HEAD %s: %s, expected 200 without a body", path, head.Status)
		}
		for _, method := range []string{"POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"} {
			if got := s.get(method, path); got.StatusCode != http.StatusMethodNotAllowed {
				t.Errorf("%s %s: %s, expected 405", method, path, got.Status)
			}
		}
	}
	for _, path := range []string{
		"/index.html", "/page.html", "/page.sv", "/sv", "/screens.json", "/screens.fr.json", "/static/motkraft.js", "/motkraft.js/", "/favicon.ico",
		"/a/b", "/%2e%2e/go.mod", "/screens.sv.json%00",
	} {
		if got := s.get("GET", path); got.StatusCode != http.StatusNotFound {
			t.Errorf("GET %s: %s, expected 404", path, got.Status)
		}
	}
}

func TestLanguageOfThePage(t *testing.T) {
	s := newSite(t, nil)
	for asked, want := range map[string]string{"": "sv", "sv-FI": "sv", "en-GB,en;q=0.9": "en", "ro": "en", "ro, sv;q=0.5": "sv", ";;;": "sv"} {
		if text := body(t, s.get("GET", "/", "Accept-Language", asked)); !strings.Contains(text, `<html lang="`+want+`">`) {
			t.Errorf("a browser that asks for %q gets another page than %q", asked, want)
		}
	}
}

// Without JavaScript the page lists every service, in every language, with links to ring and to open.
func TestWithoutScript(t *testing.T) {
	s := newSite(t, nil)
	text := html.UnescapeString(body(t, s.get("GET", "/")))
	_, list, ok := strings.Cut(text, "<noscript>")
	if !ok {
		t.Fatal("no <noscript> on the page")
	}
	for _, lang := range s.catalog.Languages() {
		_, section, ok := strings.Cut(list, `<section lang="`+lang+`">`)
		section, _, closed := strings.Cut(section, "</section>")
		if !ok || !closed {
			t.Fatalf("no list in %q", lang)
		}
		for _, service := range s.set.Services {
			_, entry, ok := strings.Cut(section, "<h3>"+service.Name+"</h3>")
			entry, _, _ = strings.Cut(entry, "<h3>")
			if !ok || !strings.Contains(entry, s.label(lang, "service/"+service.ID)) {
				t.Errorf("%s: %q is missing, or what it does", lang, service.Name)
			}
			for _, c := range service.Contacts {
				want := map[flows.Kind][]string{
					flows.Phone: {c.Address, `href="tel:` + c.Dial + `"`},
					flows.Chat:  {`href="` + c.Address + `"`},
					flows.Page:  {`href="` + c.Address + `"`},
					flows.Email: {c.Address},
				}[c.Kind]
				for _, part := range want {
					if !strings.Contains(entry, part) {
						t.Errorf("%s: %q lacks %s", lang, service.Name, part)
					}
				}
			}
		}
	}
}

// A page that is fetched on a new day has the hours of that day's coming weeks; on the same day it is the same.
func TestNewDay(t *testing.T) {
	s := newSite(t, nil)
	screens := func() (b bot.Book) {
		if err := json.Unmarshal([]byte(body(t, s.get("GET", "/screens.sv.json"))), &b); err != nil {
			t.Fatal(err)
		}
		return b
	}
	for _, moment := range []struct{ at, from, to string }{
		{"2026-10-24 23:59", "2026-10-24 00:00", "2026-11-21 00:00"},
		{"2026-10-25 00:00", "2026-10-25 00:00", "2026-11-22 00:00"}, // a day of 25 hours
		{"2026-10-25 23:59", "2026-10-25 00:00", "2026-11-22 00:00"},
		{"2026-10-26 00:00", "2026-10-26 00:00", "2026-11-23 00:00"},
		{"2027-03-28 00:30", "2027-03-28 00:00", "2027-04-25 00:00"}, // one of 23
		{"2027-03-28 23:59", "2027-03-28 00:00", "2027-04-25 00:00"},
		{"2027-03-29 00:00", "2027-03-29 00:00", "2027-04-26 00:00"},
		{"2026-10-24 12:00", "2026-10-24 00:00", "2026-11-21 00:00"}, // a clock that is set back
	} {
		s.at(stockholm(moment.at))
		b := screens()
		if b.From != stockholm(moment.from).Unix() || b.To != stockholm(moment.to).Unix() {
			t.Errorf("at %s the hours go from %d to %d, expected %s to %s", moment.at, b.From, b.To, moment.from, moment.to)
		}
		known := 0
		for _, service := range b.Services {
			for _, c := range service.Contacts {
				for _, open := range c.Open {
					known++
					if open[0] >= b.To || open[1] <= b.From || open[0] >= open[1] {
						t.Errorf("at %s: an opening %v is outside the window %d to %d", moment.at, open, b.From, b.To)
					}
				}
			}
		}
		if known == 0 {
			t.Errorf("at %s no opening is known at all", moment.at)
		}
	}
}

// The script stays small, and uses nothing that leaves a trace or takes text for markup.
func TestScript(t *testing.T) {
	const bound = 24 << 10 // a third of that and less when compressed
	s := newSite(t, nil)
	script := body(t, s.get("GET", "/motkraft.js"))
	if len(script) > bound {
		t.Errorf("the script has %d bytes, expected at most %d", len(script), bound)
	}
	for _, never := range []string{
		"innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "style=", ".cookie", "localStorage", "sessionStorage", "indexedDB",
		"pushState", "sendBeacon", "WebSocket", "XMLHttpRequest",
	} {
		if strings.Contains(script, never) {
			t.Errorf("the script has %q", never)
		}
	}
	// The one change of the address is to take a poster's code out of it.
	if strings.Count(script, "replaceState") != 1 || !strings.Contains(script, "history.replaceState(history.state, '', location.pathname + location.search)") {
		t.Error("the script changes the address otherwise than by taking what stands behind its # away")
	}
	if found := strings.Count(script, "fetch("); found != 1 {
		t.Errorf("the script fetches in %d places, expected one", found)
	}
}
