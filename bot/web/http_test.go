package web_test

import (
	"compress/gzip"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/andybalholm/brotli"

	"motkraft/bot"
	"motkraft/bot/web"
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

// fixedName is the name of a file that holds its hash, as the page has it.
func (s *site) fixedName(t *testing.T, name string) string {
	t.Helper()
	before, after, _ := strings.Cut(name, ".")
	if lang, ext, ok := strings.Cut(after, "."); ok {
		before, after = before+"."+lang, ext
	}
	found := regexp.MustCompile(regexp.QuoteMeta(before) + `\.[0-9a-f]{16}\.` + after).FindString(body(t, s.get("GET", "/")))
	if found == "" {
		t.Fatalf("the page names no %s", name)
	}
	return "/" + found
}

// The headers of every answer, as they are meant to be. What differs from file to file is checked beside it.
func TestHeaders(t *testing.T) {
	s := newSite(t, nil)
	const everywhere = `Content-Security-Policy: default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'
Cross-Origin-Opener-Policy: same-origin
Cross-Origin-Resource-Policy: same-origin
Permissions-Policy: browsing-topics=(), camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()
Referrer-Policy: no-referrer
X-Content-Type-Options: nosniff
X-Robots-Tag: noarchive
`
	const (
		page  = "text/html; charset=utf-8"
		year  = "public, max-age=31536000, immutable"
		asked = "Accept-Language, Accept-Encoding"
		coded = "Accept-Encoding"
	)
	for _, c := range []struct{ path, kind, cache, vary string }{
		{"/", page, "no-cache", asked},
		{"/contacts", page, "no-cache", asked},
		{"/embed", page, "no-cache", asked},
		{"/accessibility", page, "no-cache", asked},
		{"/index.en.html", page, "no-cache", coded},
		{"/accessibility.html", page, "no-cache", coded},
		{"/motkraft.js", "text/javascript; charset=utf-8", "no-cache", coded},
		{"/leave.js", "text/javascript; charset=utf-8", "no-cache", coded},
		{s.fixedName(t, "leave.js"), "text/javascript; charset=utf-8", year, coded},
		{"/page.css", "text/css; charset=utf-8", "no-cache", coded},
		{"/icon.svg", "image/svg+xml", "no-cache", coded},
		{"/screens.sv.json", "application/json", "no-cache", coded},
		{"/screens.en.json", "application/json", "no-cache", coded},
		{s.fixedName(t, "motkraft.js"), "text/javascript; charset=utf-8", year, coded},
		{s.fixedName(t, "page.css"), "text/css; charset=utf-8", year, coded},
		{s.fixedName(t, "icon.svg"), "image/svg+xml", year, coded},
		{s.fixedName(t, "screens.sv.json"), "application/json", year, coded},
		{s.fixedName(t, "screens.en.json"), "application/json", year, coded},
		{"/motkraft.0123456789abcdef.js", "text/javascript; charset=utf-8", "no-cache", coded}, // of another release
		{"/nothing", "text/plain; charset=utf-8", "", ""},
	} {
		h := s.get("GET", c.path).Header
		if kind, cache, vary := h.Get("Content-Type"), h.Get("Cache-Control"), strings.Join(h.Values("Vary"), ", "); kind != c.kind || cache != c.cache || vary != c.vary {
			t.Errorf("%s: Content-Type %q, Cache-Control %q, Vary %q, expected %q, %q, %q", c.path, kind, cache, vary, c.kind, c.cache, c.vary)
		}
		if (h.Get("Etag") == "") != (c.cache == "") {
			t.Errorf("%s: Etag %q", c.path, h.Get("Etag"))
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
			t.Errorf("%s: the headers are\n%s, expected\n%s", c.path, got, everywhere)
		}
	}
}

// Each file comes in the encoding that the browser takes, and is the same file.
func TestEncodings(t *testing.T) {
	s := newSite(t, nil)
	for _, path := range []string{"/", "/motkraft.js", "/screens.sv.json", "/page.css", s.fixedName(t, "screens.en.json")} {
		plain := s.get("GET", path)
		want, tags := body(t, plain), []string{plain.Header.Get("Etag")}
		for accepted, encoding := range map[string]string{
			"gzip, deflate, br, zstd": "br", "br": "br", "BR;q=0.5": "br", "gzip": "gzip", "br;q=0, gzip": "gzip", "br; q=0.000,gzip;q=1.0": "gzip",
			"": "", "identity": "", "brotli": "", "gzip;q=0": "",
		} {
			got := s.get("GET", path, "Accept-Encoding", accepted)
			if found := got.Header.Get("Content-Encoding"); found != encoding {
				t.Errorf("%s for %q comes as %q, expected %q", path, accepted, found, encoding)
				continue
			}
			tags = append(tags, got.Header.Get("Etag"))
			var unpacked io.Reader = got.Body
			switch encoding {
			case "br":
				unpacked = brotli.NewReader(got.Body)
			case "gzip":
				var err error
				if unpacked, err = gzip.NewReader(got.Body); err != nil {
					t.Fatal(err)
				}
			}
			data, err := io.ReadAll(unpacked)
			if err != nil || string(data) != want {
				t.Errorf("%s for %q: %d bytes and %v, expected the %d bytes of the plain file", path, accepted, len(data), err, len(want))
			}
		}
		slices.Sort(tags)
		if tags = slices.Compact(tags); len(tags) != 3 {
			t.Errorf("%s has the tags %q, expected one for each of three encodings", path, tags)
		}
	}
}

// The script, and the script with the screens of one language, are as light as they were promised to be, with room for the tree to grow.
func TestWeight(t *testing.T) {
	const (
		scriptBound = 14_000
		bound       = 45_000
	)
	s := newSite(t, nil)
	packed := func(path string) int { return len(body(t, s.get("GET", path, "Accept-Encoding", "br"))) }
	script := packed("/motkraft.js")
	t.Logf("the script: %d bytes in brotli", script)
	if script > scriptBound {
		t.Errorf("the script has %d bytes in brotli, expected at most %d", script, scriptBound)
	}
	for _, lang := range s.catalog.Languages() {
		screens := packed("/screens." + lang + ".json")
		t.Logf("the screens in %q: %d bytes in brotli, with the script %d", lang, screens, script+screens)
		if script+screens > bound {
			t.Errorf("the script and the screens in %q have %d bytes in brotli, expected at most %d", lang, script+screens, bound)
		}
	}
}

func TestRequests(t *testing.T) {
	s := newSite(t, nil)
	files := []string{
		"/", "/contacts", "/embed", "/accessibility", "/index.html", "/index.en.html", "/embed.en.html", "/motkraft.js", "/leave.js", "/page.css", "/icon.svg",
		"/screens.sv.json", "/screens.en.json", s.fixedName(t, "motkraft.js"), s.fixedName(t, "screens.sv.json"),
	}
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
		"/index", "/frame.html", "/page.sv", "/sv", "/index.sv.html", "/screens.json", "/screens.fr.json", "/static/motkraft.js", "/script/chat.js", "/chat.js",
		"/motkraft.js/", "/favicon.ico", "/a/b", "/%2e%2e/go.mod", "/screens.sv.json%00", "/motkraft.0123.js", "/nothing.0123456789abcdef.js",
	} {
		for _, method := range []string{"GET", "HEAD", "POST", "OPTIONS"} {
			if got := s.get(method, path); got.StatusCode != http.StatusNotFound {
				t.Errorf("%s %s: %s, expected 404", method, path, got.Status)
			}
		}
	}
}

// A part of a file is given, and many parts at once are not: they would take more than the whole.
func TestRanges(t *testing.T) {
	s := newSite(t, nil)
	if got := s.get("GET", "/motkraft.js", "Range", "bytes=0-9"); got.StatusCode != http.StatusPartialContent || len(body(t, got)) != 10 {
		t.Errorf("ten bytes: %s", got.Status)
	}
	whole := s.get("GET", "/motkraft.js")
	many := "bytes=0-" + strings.Repeat(",0-", 500)
	if got := s.get("GET", "/motkraft.js", "Range", many); got.StatusCode != http.StatusOK || len(body(t, got)) != len(body(t, whole)) {
		t.Errorf("five hundred times all bytes: %s", got.Status)
	}
}

// Who finds a fault is told whom to tell, where there is somebody.
func TestSecurityText(t *testing.T) {
	s := newSite(t, nil)
	if got := s.get("GET", "/.well-known/security.txt"); got.StatusCode != http.StatusNotFound {
		t.Errorf("with nobody to tell: %s", got.Status)
	}
	var err error
	if s.handler, err = web.New(s.bot, web.Options{Now: s.now, Publisher: "The board", Contact: "access@example.se"}); err != nil {
		t.Fatal(err)
	}
	const want = "Contact: mailto:access@example.se\nExpires: 2027-11-22T23:00:00Z\nPreferred-Languages: sv, en\n"
	for _, path := range []string{"/.well-known/security.txt", "/security.txt"} {
		if got := body(t, s.get("GET", path)); got != want {
			t.Errorf("%s is\n%s, expected\n%s", path, got, want)
		}
	}
	if got := s.get("GET", "/.well-known/index.html"); got.StatusCode != http.StatusNotFound {
		t.Errorf("another file there: %s", got.Status)
	}
}

// Another site gets the script and the screens if it is on the list, and no site gets more.
func TestOrigins(t *testing.T) {
	const listed, other = "https://example.se", "https://example.com"
	s := newSite(t, nil)
	var err error
	if s.handler, err = web.New(s.bot, web.Options{Now: s.now, Origins: []string{listed}}); err != nil {
		t.Fatal(err)
	}
	for path, shared := range map[string]bool{
		"/motkraft.js": true, "/leave.js": false, "/screens.sv.json": true, s.fixedName(t, "motkraft.js"): true, s.fixedName(t, "screens.en.json"): true,
		"/": false, "/contacts": false, "/page.css": false, "/embed": false, "/nothing.js": false,
	} {
		for _, origin := range []string{"", "null", listed, other, listed + ".evil.example", "https://EXAMPLE.se"} {
			h := s.get("GET", path, "Origin", origin).Header
			want := ""
			if shared && origin == listed {
				want = listed
			}
			if got := h.Get("Access-Control-Allow-Origin"); got != want {
				t.Errorf("%s for %q allows %q, expected %q", path, origin, got, want)
			}
			if varies := slices.Contains(h.Values("Vary"), "Origin"); varies != shared {
				t.Errorf("%s varies by origin: %t", path, varies)
			}
		}
	}
	for _, path := range []string{"/motkraft.js", "/screens.sv.json"} {
		if h := newSite(t, nil).get("GET", path, "Origin", listed).Header; h.Get("Access-Control-Allow-Origin") != "" {
			t.Errorf("%s allows %q without a list", path, listed)
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
				if c.Hours == nil {
					continue
				}
				for _, open := range c.Hours.Open {
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

// The script uses nothing that leaves a trace or takes text for markup.
func TestScript(t *testing.T) {
	s := newSite(t, nil)
	script := body(t, s.get("GET", "/motkraft.js"))
	for _, never := range []string{
		"innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "style=", ".cookie", "localStorage", "sessionStorage", "indexedDB",
		"pushState", "sendBeacon", "WebSocket", "XMLHttpRequest", "http-equiv",
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
