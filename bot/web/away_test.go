package web_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/chromedp/chromedp"

	"motkraft/bot"
)

// visible gives the words of the page that one can see, and its links.
const visible = `(() => {
	const seen = (e) => e.checkVisibility({ visibilityProperty: true });
	const all = [...document.querySelectorAll('motkraft-chat > *')].filter(seen);
	const root = document.querySelector('motkraft-chat').shadowRoot;
	const own = root ? [...root.querySelectorAll('.bar, .talk')].filter(seen) : [];
	const signs = root ? [...root.querySelectorAll('slot')].filter((e) => !e.assignedNodes().length).flatMap((e) => [...e.childNodes]).filter((e) => seen(e.nodeType === 1 ? e : e.parentElement.parentElement)) : [];
	return [...all, ...own, ...signs].map((e) => e.textContent.trim() + (e.hasAttribute?.('href') ? ' -> ' + e.getAttribute('href') : '')).join(' | ');
})()`

// says waits until that is what one sees.
func (p *tab) says(want string) {
	p.Helper()
	p.until("seeing "+want, visible+" === "+asJSON(want))
}

// Where the screens do not come, there is an honest text with the emergency number, and a button that tries again.
func TestScreensAway(t *testing.T) {
	faults := map[string]http.HandlerFunc{
		"404":       http.NotFound,
		"503":       func(rw http.ResponseWriter, _ *http.Request) { http.Error(rw, "away", http.StatusServiceUnavailable) },
		"no answer": func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
		"no JSON":   func(rw http.ResponseWriter, _ *http.Request) { rw.Write([]byte("<p>log in</p>")) },
		"of another release": func(rw http.ResponseWriter, _ *http.Request) {
			rw.Write([]byte(`{"lang": "sv", "languages": ["sv"], "welcome": "start/welcome", "nodes": {}, "doors": {}, "words": {}}`))
		},
		"late": func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() },
	}
	for name, fault := range faults {
		for _, lang := range []string{"sv", "en"} {
			t.Run(name+"/"+lang, func(t *testing.T) {
				var away atomic.Bool
				away.Store(true)
				plain := newSite(t, nil)
				body := strings.Join([]string{
					`<motkraft-chat lang="` + lang + `"><span slot="leave">` + plain.label(lang, "web.leave") + `</span>`,
					`<p slot="away">` + plain.label(lang, "web.unreachable") + `</p>`,
					`<a slot="away" href="` + plain.pageFile("contacts", lang) + `">` + plain.label(lang, "web.all-contacts") + `</a>`,
					`<button slot="again" type="button">` + plain.label(lang, "web.again") + `</button></motkraft-chat>`,
				}, "")
				s := newSite(t, func(h http.Handler) http.Handler {
					foreign := foreignPage(body, false)(h)
					return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
						if strings.HasPrefix(r.URL.Path, "/screens.") && away.Load() {
							fault(rw, r)
							return
						}
						foreign.ServeHTTP(rw, r)
					})
				})
				s.hurry = 20
				p := open(t, s, "/foreign", lang)
				text := s.label(lang, "web.unreachable")
				if !strings.Contains(text, "112") {
					t.Errorf("%q does not name 112", text)
				}
				want := strings.Join([]string{
					s.label(lang, "web.leave"), text, s.label(lang, "web.all-contacts") + " -> " + s.pageFile("contacts", lang), s.label(lang, "web.again"),
				}, " | ")
				p.says(want)

				p.again() // and it is still away
				p.until("that being said again", `document.querySelector('motkraft-chat').shadowRoot.querySelector('.log').textContent === `+asJSON(text))
				p.says(want)

				away.Store(false)
				p.again()
				p.ready()
				person := &person{tab: p, site: s, screen: s.bot.Handle(t.Context(), bot.Update{Lang: lang})}
				person.press = person.key
				person.sees()
				person.goes("button.acute") // the keyboard goes on from the message, not from a button that is gone
			})
		}
	}
}

// pageFile is a page's file in a language.
func (s *site) pageFile(name, lang string) string {
	if lang == s.catalog.Default() {
		return name + ".html"
	}
	return name + "." + lang + ".html"
}

func (p *tab) again() {
	p.Helper()
	at := eval[[]float64](p, `(() => {
		const { x, y, width, height } = document.querySelector('[slot=again]').getBoundingClientRect();
		return [x + width / 2, y + height / 2];
	})()`)
	p.do(chromedp.MouseClickXY(at[0], at[1]))
}

// On our own page the first screen stands before the script is there, and stays where that, or the screens, never come: with 112, and choices that
// lead on to plain pages.
func TestEarlyScreenStays(t *testing.T) {
	for name, missing := range map[string]string{"script": ".js", "screens": ".json"} {
		t.Run(name, func(t *testing.T) {
			s := newSite(t, func(h http.Handler) http.Handler {
				return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
					if strings.HasSuffix(r.URL.Path, missing) {
						http.NotFound(rw, r)
						return
					}
					h.ServeHTTP(rw, r)
				})
			})
			s.hurry = 20
			for _, lang := range s.catalog.Languages() {
				p := open(t, s, "/", lang)
				if name == "screens" {
					p.until("the script there", `customElements.get('motkraft-chat') !== undefined`)
				}
				first := s.bot.Handle(t.Context(), bot.Update{Lang: lang})
				got := eval[[]string](p, `[...document.querySelector('motkraft-chat').shadowRoot.querySelectorAll('.message p, .option a')].filter((e) => e.checkVisibility()).map((e) => e.textContent)`)
				want := strings.Split(first.Text, "\n\n")
				for _, b := range first.Buttons {
					if b.Kind == bot.Option {
						want = append(want, b.Label)
					}
				}
				if !slices.Equal(got, want) {
					t.Errorf("%s: one sees %q, expected %q", lang, got, want)
				}
				if call := eval[string](p, `document.querySelector('motkraft-chat').shadowRoot.querySelector('.bar .ring').getAttribute('href')`); call != "tel:112" {
					t.Errorf("%s: the first number is %s", lang, call)
				}
				if out := eval[string](p, `[...document.querySelectorAll('header .leave')].map((e) => e.innerText + ' ' + e.href).join()`); name == "script" && out != s.label(lang, "web.leave")+" https://www.smhi.se/" {
					t.Errorf("%s: without the script the way out is %q", lang, out)
				}
				label := s.label(lang, "start/welcome.sell")
				eval[chromedp.Void](p, `[...document.querySelector('motkraft-chat').shadowRoot.querySelectorAll('.option a')].find((e) => e.textContent === `+asJSON(label)+`).click()`)
				_, data := s.state(lang, 0, s.set.Node("sell/start"))
				text, _, _ := strings.Cut(s.bot.Handle(t.Context(), bot.Update{Data: data}).Text, "\n")
				p.until("the next screen", `document.querySelector('motkraft-chat')?.shadowRoot?.querySelector('.message p')?.textContent === `+asJSON(text))
			}
		})
	}
}

// On a page that gives the element no words there are signs instead: never an empty box.
func TestAwayWithoutWords(t *testing.T) {
	s := newSite(t, foreignPage(`<motkraft-chat lang="sv"> </motkraft-chat>`, true))
	p := open(t, s, "/foreign", "sv")
	p.says("× | 112 -> tel:112 | ↻")
}

// With the lines of the page /embed everything has its name in the page's language while the screens are away, and what needs the script is not to
// be seen without it, whatever the page does with what is hidden.
func TestAwayWithTheLines(t *testing.T) {
	for _, lang := range []string{"sv", "en"} {
		plain := newSite(t, nil)
		lines := eval[string](open(t, plain, "/embed", lang), `document.querySelector('pre').textContent`)
		s := newSite(t, foreignPage(`<style>[hidden] { display: none !important }</style>`+lines, true))
		want := []string{s.label(lang, "web.leave"), s.label(lang, "web.unreachable"), map[string]string{"sv": "Ring 112", "en": "Call 112"}[lang] + " -> tel:112", s.label(lang, "web.again")}
		open(t, s, "/foreign", lang).says(strings.Join(want, " | "))

		s.before = `customElements.define = () => {};`
		open(t, s, "/foreign", lang).says(strings.Join(want[1:3], " | "))
	}
}

// foreignPage serves a page that holds the element, at /foreign, with the attributes that are asked for; the screens may be away.
func foreignPage(body string, away bool) func(http.Handler) http.Handler {
	return func(h http.Handler) http.Handler {
		return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
			switch {
			case r.URL.Path == "/foreign":
				rw.Header().Set("Content-Type", "text/html; charset=utf-8")
				rw.Write([]byte(`<!doctype html><html lang="de"><title>x</title><script type="module" src="/motkraft.js"></script>` +
					strings.Replace(body, "{attributes}", r.URL.Query().Get("attributes"), 1)))
			case away && strings.HasPrefix(r.URL.Path, "/screens."):
				http.NotFound(rw, r)
			default:
				h.ServeHTTP(rw, r)
			}
		})
	}
}

// The element speaks the language that it is given, else its page's, else the default one.
func TestLanguageOfTheElement(t *testing.T) {
	s := newSite(t, foreignPage(`<motkraft-chat {attributes}></motkraft-chat>`, false))
	for attributes, want := range map[string]string{
		``: "sv", `lang="en"`: "en", `lang="en-GB"`: "en", `lang="SV"`: "sv", `lang="fr"`: "sv", `lang="../x"`: "sv", `lang="x"`: "sv",
	} {
		t.Run(attributes, func(t *testing.T) {
			p := &person{tab: open(t, s, "/foreign?attributes="+url.QueryEscape(attributes), "sv"), site: s, screen: s.bot.Handle(t.Context(), bot.Update{Lang: want})}
			p.ready()
			p.sees()
			p.press = p.click
			p.presses(p.otherLanguage())
		})
	}
}

// One language that does not come keeps nobody from the other.
func TestOneLanguageAway(t *testing.T) {
	s := newSite(t, func(h http.Handler) http.Handler {
		return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
			if strings.HasPrefix(r.URL.Path, "/screens.en.") {
				http.Error(rw, "away", http.StatusServiceUnavailable)
				return
			}
			h.ServeHTTP(rw, r)
		})
	})
	p := open(t, s, "/", "sv")
	p.ready()
	got := eval[shown](p, readScreen)
	if got.Lang != "sv" || len(got.Buttons) == 0 {
		t.Errorf("the browser shows %+v", got)
	}
	if links := eval[int](p, `document.querySelectorAll('footer [hreflang=en]').length`); links != 1 {
		t.Errorf("%d links to the language that there is no button for, expected one", links)
	}
}

// One language that is late keeps nobody waiting either; once it is there, it can be chosen.
func TestOneLanguageLate(t *testing.T) {
	come := make(chan struct{})
	s := newSite(t, func(h http.Handler) http.Handler {
		return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
			if strings.HasPrefix(r.URL.Path, "/screens.en.") {
				select {
				case <-come:
				case <-r.Context().Done():
				}
			}
			h.ServeHTTP(rw, r)
		})
	})
	s.hurry = 20
	p := open(t, s, "/", "sv")
	p.ready()
	if got := eval[string](p, visible); strings.Contains(got, "In English") || !strings.Contains(got, s.label("sv", "button.acute")) {
		t.Errorf("without the other language one sees %s", got)
	}
	close(come)
	p.until("the other language", `document.querySelector('motkraft-chat').shadowRoot.querySelector('.standing').textContent.includes('In English')`)
	someone := &person{tab: p, site: s, screen: s.bot.Handle(t.Context(), update("sv"))}
	someone.press = someone.click
	someone.sees()
	someone.presses("In English")
}
