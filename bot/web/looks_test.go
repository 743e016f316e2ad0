package web_test

import (
	"context"
	"net/http"
	"os"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// onEachScreen goes to one screen of each sort and calls look there.
func onEachScreen(p *person, look func(name string)) {
	p.Helper()
	p.goes("button.clear")
	look("cleared")
	p.goes("start/cleared.again")
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

// prefers sets what the person's system says of colours.
func (p *tab) prefers(scheme string) {
	p.Helper()
	p.call(scheme, func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
			Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}},
		})
		return err
	})
}

// axe-core finds nothing on any sort of screen. (It finds about half of what can be wrong; the rest of the accessibility is for people to try.)
func TestAccessible(t *testing.T) {
	browser(t)
	path := os.Getenv("MOTKRAFT_TEST_AXE")
	axe, err := os.ReadFile(path)
	if err != nil {
		need(t, "axe", "run 'npm install axe-core@4.14.1' somewhere and set MOTKRAFT_TEST_AXE to its axe.min.js")
	}
	// What axe can not judge of colours counts as a fault too: it cannot where one lies over another.
	const run = `axe.run().then(({ violations, incomplete, passes }) => [...violations, ...incomplete.filter(({ id }) => id === 'color-contrast')].flatMap(({ id, nodes }) =>
		nodes.map((n) => id + ' ' + n.target.join(' ') + ': ' + n.failureSummary)).concat(passes.length ? [] : ['nothing was looked at']))`
	s, gone := newSite(t, nil), newSite(t, away)
	for _, lang := range s.catalog.Languages() {
		for _, scheme := range []string{"light", "dark"} {
			t.Run(lang+"/"+scheme, func(t *testing.T) {
				look := func(p *tab, name string) {
					p.Helper()
					for _, violation := range eval[[]string](p, run) {
						t.Errorf("%s: %s", name, violation)
					}
				}
				p := newPerson(t, s, lang)
				p.prefers(scheme)
				p.do(chromedp.Evaluate[chromedp.Void](string(axe)))
				onEachScreen(p, func(name string) { look(p.tab, name) })

				a := open(t, gone, "/", lang)
				a.prefers(scheme)
				a.until("the words for it", visible+`.includes('112')`)
				a.do(chromedp.Evaluate[chromedp.Void](string(axe)))
				look(a, "away")
			})
		}
	}
}

// outside gives what lies outside the page's width, and what is too small to hit. 44 CSS pixels: WCAG 2.2, 2.5.5.
const outside = `(() => {
	const chat = document.querySelector('motkraft-chat');
	const all = [...chat.shadowRoot.querySelectorAll('*'), ...document.querySelectorAll('body *')].filter((e) => e.checkVisibility());
	const wide = all.filter((e) => e.getBoundingClientRect().right > innerWidth || e.getBoundingClientRect().left < 0 || e.scrollWidth > e.clientWidth + 1 && e.clientWidth);
	const small = all.filter((e) => e.matches('a, button') && (e.getBoundingClientRect().height < 44 || e.getBoundingClientRect().width < 44));
	const page = document.documentElement;
	return [
		...wide.map((e) => 'too wide: ' + e.localName + ' ' + e.textContent),
		...small.map((e) => 'too small: ' + e.localName + ' ' + e.textContent),
		...(page.scrollWidth > page.clientWidth ? ['the page scrolls sideways'] : []),
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

func TestLayout(t *testing.T) {
	s, gone := newSite(t, nil), newSite(t, away)
	for _, lang := range s.catalog.Languages() {
		for _, width := range []int64{320, 768, 1280} {
			p := newPerson(t, s, lang)
			p.do(chromedp.EmulateViewport(width, 568))
			place := eval[string](p.tab, inView)
			if !strings.HasPrefix(place, "true true") {
				t.Errorf("%s at %d px: acute help is not in view at the top and at the end: %s", lang, width, place)
			}
			onEachScreen(p, func(name string) {
				for _, fault := range eval[[]string](p.tab, outside) {
					t.Errorf("%s, %s at %d px: %s", lang, name, width, fault)
				}
				if got := eval[string](p.tab, inView); got != place {
					t.Errorf("%s, %s at %d px: acute help in view at the top, at the end, and its place: %s, expected %s", lang, name, width, got, place)
				}
			})

			a := open(t, gone, "/", lang)
			a.do(chromedp.EmulateViewport(width, 568))
			a.until("the words for it", visible+`.includes('112')`)
			for _, fault := range eval[[]string](a, outside) {
				t.Errorf("%s, away at %d px: %s", lang, width, fault)
			}
		}
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
