package web_test

import (
	"crypto/sha512"
	"encoding/base64"
	"html"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"motkraft/bot/web"
	"motkraft/flows"
)

func TestLanguageOfThePage(t *testing.T) {
	s := newSite(t, nil)
	for asked, want := range map[string]string{"": "sv", "sv-FI": "sv", "en-GB,en;q=0.9": "en", "ro": "en", "ro, sv;q=0.5": "sv", ";;;": "sv"} {
		if text := body(t, s.get("GET", "/", "Accept-Language", asked)); !strings.Contains(text, `<html lang="`+want+`">`) {
			t.Errorf("a browser that asks for %q gets another page than %q", asked, want)
		}
	}
}

// The lines on the page for other sites hold the script's own integrity, and the address in the settings, or of this machine. No other is believed
// from who asks.
func TestEmbedLines(t *testing.T) {
	s := newSite(t, nil)
	sum := sha512.Sum384([]byte(body(t, s.get("GET", "/motkraft.js"))))
	value := "sha384-" + base64.StdEncoding.EncodeToString(sum[:])
	var err error
	if s.handler, err = web.New(s.bot, web.Options{Now: s.now, URL: "https://chat.example.se"}); err != nil {
		t.Fatal(err)
	}
	text := html.UnescapeString(body(t, s.get("GET", "http://canary.example.se/embed")))
	for _, line := range []string{
		`<script type="module" src="/motkraft.js" integrity="` + value + `"></script>`,
		`<script type="module" src="https://chat.example.se/motkraft.js" integrity="` + value + `" crossorigin></script>`,
		`<motkraft-chat lang="sv">`,
	} {
		if !strings.Contains(text, line) {
			t.Errorf("/embed lacks %s", line)
		}
	}
	s = newSite(t, nil)
	for host, believed := range map[string]bool{"<canary>.example.se": false, "canary.example.se": false, "localhost.canary.se": false, "127.0.0.1:8080": true} {
		r := httptest.NewRequest("GET", "/embed", nil)
		r.Host = host
		rec := httptest.NewRecorder()
		s.handler.ServeHTTP(rec, r)
		text := rec.Body.String()
		if strings.Contains(text, "canary") || !strings.Contains(text, "/motkraft.js") || strings.Contains(text, "http://"+host) != believed {
			t.Errorf("/embed believes the host %s: %v", host, !believed)
		}
	}
}

// The accessibility statement names who publishes the page and how to reach them; where nobody has filled that in, it says so.
func TestStatement(t *testing.T) {
	s := newSite(t, nil)
	for _, lang := range s.catalog.Languages() {
		text := html.UnescapeString(body(t, s.get("GET", "/accessibility", "Accept-Language", lang)))
		compliant := map[string]string{"sv": "delvis förenlig", "en": "partly compliant"}[lang]
		for _, want := range []string{s.label(lang, "web.title"), compliant, "WCAG 2.2", "axe-core", "https://www.digg.se/tdosanmalan", strings.Split(s.label(lang, "web.statement-nobody"), "\n\n")[1]} {
			if !strings.Contains(text, want) {
				t.Errorf("%s: the statement lacks %q", lang, want)
			}
		}
		for contact, link := range map[string]string{"tillganglig@example.se": "mailto:tillganglig@example.se", "https://example.se/tyck": "https://example.se/tyck"} {
			h, err := web.New(s.bot, web.Options{Now: s.now, Publisher: "Länsstyrelsen X", Contact: contact})
			if err != nil {
				t.Fatal(err)
			}
			rec := httptest.NewRecorder()
			r := httptest.NewRequest("GET", "/accessibility", nil)
			r.Header.Set("Accept-Language", lang)
			h.ServeHTTP(rec, r)
			if text := html.UnescapeString(rec.Body.String()); !strings.Contains(text, "Länsstyrelsen X") || !strings.Contains(text, `href="`+link+`"`) ||
				strings.Contains(text, strings.Split(s.label(lang, "web.statement-nobody"), "\n\n")[1]) {
				t.Errorf("%s: the statement does not name the publisher, or %s:\n%s", lang, link, text)
			}
		}
	}
}

// Without JavaScript the page lists every service for everybody whom it helps, acute help first, in every language, with links to ring and to
// open.
func TestWithoutScript(t *testing.T) {
	s := newSite(t, nil)
	for _, path := range []string{"/contacts"} {
		text := html.UnescapeString(body(t, s.get("GET", path)))
		for _, lang := range s.catalog.Languages() {
			_, section, ok := strings.Cut(text, `<section lang="`+lang+`">`)
			section, _, closed := strings.Cut(section, "</section>")
			if !ok || !closed {
				t.Fatalf("%s: no list in %q", path, lang)
			}
			groups := strings.Split(section, "<details")[1:]
			if !strings.HasPrefix(groups[0], " open>\n<summary><h3>"+s.label(lang, "service.for-acute")) {
				t.Errorf("%s in %q does not begin with acute help, open: %.80s", path, lang, groups[0])
			}
			for _, service := range s.set.Services {
				for audience := range service.Helps {
					lists(t, s, lang, groups, audience, service)
				}
			}
		}
	}
}

// lists checks that a service stands among those for an audience, whole.
func lists(t *testing.T, s *site, lang string, groups []string, audience string, service *flows.Service) {
	t.Helper()
	at := slices.IndexFunc(groups, func(g string) bool {
		return strings.Contains(g, "<h3>"+s.label(lang, "service.for-"+audience)+"</h3>")
	})
	if at < 0 {
		t.Fatalf("%s: no list for %q", lang, audience)
	}
	_, entry, ok := strings.Cut(groups[at], "<h4>"+service.Name+"</h4>")
	entry, _, _ = strings.Cut(entry, "<h4>")
	says := "service/" + service.ID
	if own := says + "@" + audience; s.catalog.Has(lang, own) {
		says = own
	}
	if !ok || !strings.Contains(entry, s.label(lang, says)) {
		t.Errorf("%s: %q is missing for %q, or what it does", lang, service.Name, audience)
	}
	for _, c := range service.Contacts {
		want := map[flows.Kind][]string{
			flows.Phone: {c.Address, `href="tel:` + c.Dial + `"`},
			flows.Chat:  {`href="` + c.Address + `"`},
			flows.Page:  {`href="` + c.Address + `"`},
			flows.Email: {c.Address},
		}[c.Kind]
		if c.Hours.Always() {
			want = append(want, s.label(lang, "hours.always"))
		}
		for _, part := range want {
			if !strings.Contains(entry, part) {
				t.Errorf("%s: %q lacks %s", lang, service.Name, part)
			}
		}
	}
}
