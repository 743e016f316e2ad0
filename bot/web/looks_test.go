package web_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"motkraft/bot"
	"motkraft/flows"
)

// onEachScreen goes to one screen of each sort and calls look there.
func onEachScreen(p *person, look func(name string)) {
	p.Helper()
	p.goes("button.clear", "start/cleared.again")
	look("first")
	p.goes("start/welcome.sell")
	look("question")
	p.goes("sell/start.near")
	look("places")
	ask := p.site.set.Node("sell/place").Ask
	at := ask.Choices(0)[0]
	p.presses(p.site.set.Places.Name(at))
	if !ask.Decided(at) {
		look("municipalities")
		p.presses(p.site.set.Places.Name(ask.Choices(at)[0]))
	}
	look("referral")
	p.goes("button.acute")
	look("acute help")
}

// away serves the page without its screens.
func away(h http.Handler) http.Handler {
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/screens.") {
			http.NotFound(rw, r)
			return
		}
		h.ServeHTTP(rw, r)
	})
}

// axe gives the accessibility checker's script.
func axe(t *testing.T) string {
	t.Helper()
	browser(t)
	script, err := os.ReadFile(os.Getenv("MOTKRAFT_TEST_AXE"))
	if err != nil {
		need(t, "axe", "run 'npm install axe-core@4.14.1' somewhere and set MOTKRAFT_TEST_AXE to its axe.min.js")
	}
	return string(script)
}

// violations runs axe. What it cannot judge of colours counts as a fault too: it cannot where one lies over another.
const violations = `axe.run(CONTEXT, { resultTypes: ['violations', 'incomplete'], ...MORE }).then(({ violations, incomplete, passes }) => [...violations, ...incomplete.filter(({ id }) => id === 'color-contrast')].flatMap(({ id, nodes }) =>
	nodes.map((n) => id + ' ' + n.target.join(' ') + ': ' + n.failureSummary)).concat(passes.length ? [] : ['nothing was looked at']))`

// accessible looks in light, and in dark once more for what has to do with colours: nothing else differs there.
func (p *tab) accessible(context, name string) {
	p.Helper()
	p.until("everything in its place", `(document.querySelector('motkraft-chat')?.shadowRoot?.getAnimations() ?? []).length === 0`)
	for scheme, more := range map[string]string{"light": "{}", "dark": "{ runOnly: ['cat.color'] }"} {
		p.prefers("prefers-color-scheme", scheme)
		for _, violation := range eval[[]string](p, strings.NewReplacer("CONTEXT", context, "MORE", more).Replace(violations)) {
			p.Errorf("%s, %s: %s", name, scheme, violation)
		}
	}
}

// axe-core finds nothing on any page and on any sort of screen, with every part of it open. (It finds about half of what can be wrong; the rest
// of the accessibility is for people to try.)
func TestAccessible(t *testing.T) {
	axe := axe(t)
	s, gone := newSite(t, nil), newSite(t, away)
	for _, lang := range s.catalog.Languages() {
		t.Run(lang, func(t *testing.T) {
			p := newPerson(t, s, lang)
			p.do(chromedp.Evaluate[chromedp.Void](axe))
			onEachScreen(p, func(name string) {
				eval[chromedp.Void](p.tab, `document.querySelector('motkraft-chat').shadowRoot.querySelector('details').open = true`)
				p.accessible("document", name)
			})

			a := open(t, gone, "/", lang)
			a.until("the words for it", visible+`.includes('112')`)
			a.do(chromedp.Evaluate[chromedp.Void](axe))
			a.accessible("document", "away")

			for _, path := range []string{"/contacts", "/accessibility", "/embed"} {
				a := open(t, s, path, lang)
				a.do(chromedp.Evaluate[chromedp.Void](axe))
				eval[chromedp.Void](a, `document.querySelectorAll('details').forEach((e) => { e.open = true; })`)
				a.accessible("document", path)
			}
		})
	}
}

// doored is a site with a door before every screen, so that each can be opened straight away.
func doored(t *testing.T) *site {
	t.Helper()
	set, _ := content()
	doors := map[string]string{}
	for _, n := range set.Nodes {
		doors[string(n.ID)] = string(n.ID)
	}
	return newSite(t, func(h http.Handler) http.Handler {
		return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
			if !strings.HasPrefix(r.URL.Path, "/screens.") {
				h.ServeHTTP(rw, r)
				return
			}
			rec := httptest.NewRecorder()
			h.ServeHTTP(rec, r)
			var book map[string]any
			if err := json.Unmarshal(rec.Body.Bytes(), &book); err != nil {
				t.Error(err)
			}
			book["doors"] = doors
			rw.Header().Set("Content-Type", "application/json")
			rw.Write([]byte(asJSON(book)))
		})
	})
}

// opens opens a screen by the door before it.
func (p *person) opens(n *flows.Node) {
	p.Helper()
	shown := eval[string](p.tab, `(() => {
		const chat = document.querySelector('motkraft-chat');
		chat.setAttribute('door', `+asJSON(string(n.ID))+`);
		chat.replaceWith(chat); // taken out and put back it begins anew
		return chat.shadowRoot.querySelector('.message').textContent;
	})()`)
	_, data := p.site.state(p.screen.Lang, 0, n)
	if text := p.site.bot.Handle(p.Context(), bot.Update{Data: data}).Text; shown == "" || !strings.HasPrefix(strings.ReplaceAll(text, "\n\n", ""), shown) {
		p.Fatalf("the door before %s shows %q", n.ID, shown)
	}
}

// axe-core finds nothing on any screen that there is.
func TestEveryScreenAccessible(t *testing.T) {
	axe := axe(t)
	s := doored(t)
	for _, lang := range s.catalog.Languages() {
		t.Run(lang, func(t *testing.T) {
			p := newPerson(t, s, lang)
			p.do(chromedp.Evaluate[chromedp.Void](axe))
			for _, n := range s.set.Nodes {
				if n.ID != flows.Cleared { // which is blank here
					p.opens(n)
					p.accessible("document.querySelector('motkraft-chat')", string(n.ID))
				}
			}
		})
	}
}

// prefers sets what the person's system says of looks.
func (p *tab) prefers(feature, value string) {
	p.Helper()
	p.call(feature, func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
			Features: []*emulation.MediaFeature{{Name: feature, Value: value}},
		})
		return err
	})
}

// The person's settings are followed: colours that the system forces leave a border around everything that can be pressed, and more contrast
// takes away all grey. Nothing moves for whoever wants that.
func TestSettings(t *testing.T) {
	s := newSite(t, nil)
	p := newPerson(t, s, "sv")
	p.goes("start/welcome.sell", "button.contacts")
	p.prefers("forced-colors", "active")
	if got := eval[[]string](p.tab, `[...document.querySelector('motkraft-chat').shadowRoot.querySelectorAll('.talk :is(a, button, input), .bar button, .leave')]
		.filter((e) => !e.matches('.quiet') && parseFloat(getComputedStyle(e).borderTopWidth) < 1.5).map((e) => e.textContent)`); len(got) > 0 {
		t.Errorf("without a border where the system forces colours: %q", got)
	}
	p.prefers("prefers-contrast", "more")
	if got := eval[[]string](p.tab, `(() => {
		const chat = document.querySelector('motkraft-chat');
		const ink = getComputedStyle(chat).color;
		return [...chat.shadowRoot.querySelectorAll('.note, .lines, summary, .standing button')].filter((e) => getComputedStyle(e).color !== ink).map((e) => e.textContent);
	})()`); len(got) > 0 {
		t.Errorf("still grey where more contrast is asked for: %q", got)
	}
	p.prefers("prefers-reduced-motion", "reduce")
	p.goes("button.back", "button.contacts")
	if got := eval[int](p.tab, `document.getAnimations().length + document.querySelector('motkraft-chat').shadowRoot.getAnimations().length`); got > 0 {
		t.Errorf("%d animations where the person wants none", got)
	}
}

// A page gives the element its own colours, typeface and corners.
func TestOwnLooks(t *testing.T) {
	s := newSite(t, foreignPage(`<style>motkraft-chat { --motkraft-color: rgb(1, 2, 3); --motkraft-on-color: rgb(4, 5, 6); --motkraft-ink: rgb(7, 8, 9);
		--motkraft-paper: rgb(250, 251, 252); --motkraft-font: "Courier New", monospace; --motkraft-radius: 3px; --motkraft-leave: auto auto 9px 10px }
		button, a, p, h2 { color: red !important; font: 40px serif !important; position: absolute }</style><motkraft-chat lang="sv" door="s1"></motkraft-chat>`, false))
	p := &person{tab: open(t, s, "/foreign", "sv"), site: s, screen: s.bot.Handle(t.Context(), bot.Update{Lang: "sv", Start: "s1"})}
	p.ready()
	p.press = p.click
	p.goes("button.contacts")
	const want = `rgb(1, 2, 3) rgb(4, 5, 6) rgb(7, 8, 9) rgb(250, 251, 252) "Courier New", monospace 3px 9px 10px`
	if got := eval[string](p.tab, `(() => {
		const chat = document.querySelector('motkraft-chat');
		const of = (selector, name) => getComputedStyle(chat.shadowRoot.querySelector(selector)).getPropertyValue(name);
		return [of('.now a', 'background-color'), of('.now a', 'color'), of('.message', 'color'), of('.frame', 'background-color'), of('.message', 'font-family'),
			of('.frame', 'border-top-left-radius'), of('.leave', 'bottom'), of('.leave', 'left')].join(' ');
	})()`); got != want {
		t.Errorf("the element looks like %s, expected %s", got, want)
	}
}

// A page whose own sizes are small, or which lays its parts out in a row, does not make the conversation small; the person's own size of text
// makes it larger, on such a page too.
func TestForeignSizes(t *testing.T) {
	for name, style := range map[string]string{"plain": "", "small": "html { font-size: 62.5% }", "row": "html { font-size: 62.5% } body { display: flex; align-items: start }"} {
		s := newSite(t, foreignPage(`<style>`+style+`</style><motkraft-chat lang="sv"></motkraft-chat>`, false))
		for own, want := range map[int64]string{16: "17 17 true true", 32: "34 34 true true"} {
			p := open(t, s, "/foreign", "sv")
			p.call("the person's size", func(ctx context.Context, target *chromedp.Target) error {
				_, err := cdp.Call(ctx, target, page.SetFontSizes, page.SetFontSizesParams{FontSizes: &page.FontSizes{Standard: own}})
				return err
			})
			p.ready()
			if got := eval[string](p, `(() => {
				const chat = document.querySelector('motkraft-chat');
				const size = (selector) => parseFloat(getComputedStyle(chat.shadowRoot.querySelector(selector)).fontSize);
				const { width } = chat.getBoundingClientRect();
				return [size('.message p'), size('.leave'), Math.abs(width - document.body.clientWidth) < 1, document.documentElement.scrollWidth <= innerWidth].join(' ');
			})()`); got != want {
				t.Errorf("%s, the person's own size %d: text, button, whether as wide as the page and no wider: %s, expected %s", name, own, got, want)
			}
		}
	}
}

// outside gives what lies outside the page's width, and what is too small to hit. 44 CSS pixels: WCAG 2.2, 2.5.5.
const outside = `(() => {
	const chat = document.querySelector('motkraft-chat');
	const all = [...chat.shadowRoot.querySelectorAll('*'), ...document.querySelectorAll('body *')]
		.filter((e) => e.checkVisibility() && !e.closest('.log') && getComputedStyle(e).clipPath === 'none'); // those are for no eye to see
	const wide = all.filter((e) => e.getBoundingClientRect().right > innerWidth || e.getBoundingClientRect().left < 0 || e.scrollWidth > e.clientWidth + 1 && e.clientWidth);
	const small = all.filter((e) => e.matches('a, button, input, summary') && (e.getBoundingClientRect().height < 44 || e.getBoundingClientRect().width < 44));
	const page = document.documentElement;
	return [
		...wide.map((e) => 'too wide: ' + e.localName + ' ' + e.textContent),
		...small.map((e) => 'too small: ' + e.localName + ' ' + e.textContent),
		...(page.scrollWidth > page.clientWidth ? ['the page scrolls sideways'] : []),
	];
})()`

// outsidePage is the same for a page without the conversation; of links in running text no size is asked.
const outsidePage = `(() => {
	const all = [...document.querySelectorAll('body *')].filter((e) => e.checkVisibility());
	const box = (e) => e.getBoundingClientRect();
	return [
		...all.filter((e) => box(e).right > innerWidth || box(e).left < 0).map((e) => 'too wide: ' + e.localName + ' ' + e.textContent),
		...all.filter((e) => e.matches('section a, footer a, .leave, summary') && (box(e).height < 44 || box(e).width < 44)).map((e) => 'too small: ' + e.textContent),
		...(document.documentElement.scrollWidth > innerWidth ? ['the page scrolls sideways'] : []),
	];
})()`

// inView reports whether acute help is in view, and where: at the top of a screen, and scrolled to its end.
const inView = `(() => {
	const root = document.querySelector('motkraft-chat').shadowRoot;
	const help = root.querySelector('.bar button');
	const hit = () => {
		const { x, y, width, height } = help.getBoundingClientRect();
		return root.elementFromPoint(x + width / 2, y + height / 2) === help;
	};
	scrollTo(0, document.documentElement.scrollHeight);
	const atEnd = hit();
	scrollTo(0, 0);
	const { x, y } = help.getBoundingClientRect();
	return [hit(), atEnd, x, y].join(' ');
})()`

// layouts are the widths of windows that everything is looked at in, each with a size of text in per cent.
var layouts = []struct {
	width int64
	text  int
}{{320, 100}, {768, 100}, {1280, 100}, {320, 200}}

// inLayouts calls look in each of them, with its name.
func (p *tab) inLayouts(look func(name string)) {
	p.Helper()
	for _, l := range layouts {
		p.do(chromedp.EmulateViewport(l.width, 568))
		p.textOf(l.text)
		look(fmt.Sprintf("%d px, text %d %%", l.width, l.text))
	}
}

func TestLayout(t *testing.T) {
	s, gone := newSite(t, nil), newSite(t, away)
	for _, lang := range s.catalog.Languages() {
		p := newPerson(t, s, lang)
		places := map[string]string{}
		p.inLayouts(func(layout string) {
			places[layout] = eval[string](p.tab, inView)
			if !strings.HasPrefix(places[layout], "true true") {
				t.Errorf("%s, %s: acute help is not in view at the top and at the end: %s", lang, layout, places[layout])
			}
		})
		onEachScreen(p, func(name string) {
			p.inLayouts(func(layout string) {
				for _, fault := range eval[[]string](p.tab, outside) {
					t.Errorf("%s, %s, %s: %s", lang, name, layout, fault)
				}
				if got := eval[string](p.tab, inView); got != places[layout] {
					t.Errorf("%s, %s, %s: acute help in view at the top, at the end, and its place: %s, expected %s", lang, name, layout, got, places[layout])
				}
			})
		})

		for _, path := range []string{"/contacts", "/accessibility", "/embed"} {
			a := open(t, s, path, lang)
			eval[chromedp.Void](a, `document.querySelectorAll('details').forEach((e) => { e.open = true; })`)
			a.inLayouts(func(layout string) {
				for _, fault := range eval[[]string](a, outsidePage) {
					t.Errorf("%s, %s, %s: %s", lang, path, layout, fault)
				}
			})
		}

		a := open(t, gone, "/", lang)
		a.until("the words for it", visible+`.includes('112')`)
		a.inLayouts(func(layout string) {
			for _, fault := range eval[[]string](a, outside) {
				t.Errorf("%s, away, %s: %s", lang, layout, fault)
			}
		})
	}
}

// A new message is seen from its beginning, and nothing lies over what the keyboard comes to.
func TestScrolling(t *testing.T) {
	s := newSite(t, nil)
	p := newPerson(t, s, "sv")
	p.do(chromedp.EmulateViewport(320, 480))
	covered := func(name string) {
		t.Helper()
		if !eval[bool](p.tab, `(() => {
			const root = document.querySelector('motkraft-chat').shadowRoot;
			const { top } = root.activeElement.getBoundingClientRect();
			return top >= root.querySelector('.bar').getBoundingClientRect().bottom && top < innerHeight;
		})()`) {
			t.Errorf("%s: the beginning of what has the focus is not in view", name)
		}
	}
	onEachScreen(p, covered)
	p.press = p.key
	onEachScreen(p, covered)
}
