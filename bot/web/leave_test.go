package web_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"motkraft/bot/web"
)

// weather is a harmless page that the button leaves for; hang, where it is not nil, is waited for before it answers.
func weather(t *testing.T, hang chan struct{}) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if hang != nil {
			select {
			case <-hang:
			case <-r.Context().Done():
			}
		}
		rw.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprint(rw, "<!doctype html><title>Weather</title><p>Sun, from ", r.Referer(), "</p>")
	}))
	t.Cleanup(server.Close)
	return server.URL + "/sun"
}

// leaving is a site whose pages leave for an address; it has a page /before of another sort.
func leaving(t *testing.T, to string) *site {
	t.Helper()
	s := newSite(t, nil)
	h, err := web.New(s.bot, web.Options{Now: s.now, Leave: to})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/before" {
			fmt.Fprint(rw, "<!doctype html><title>Before</title>")
			return
		}
		unpacked(h).ServeHTTP(rw, r)
	}))
	t.Cleanup(server.Close)
	s.url = server.URL
	return s
}

// newLeaver is somebody in the middle of a conversation there.
func newLeaver(t *testing.T, s *site, lang string) *person {
	t.Helper()
	p := &person{tab: open(t, s, "/before", lang), site: s}
	p.do(chromedp.Navigate(s.url + "/"))
	p.ready()
	p.press = p.click
	p.screen = s.bot.Handle(t.Context(), update(lang))
	p.sees()
	p.goes("start/welcome.sell", "button.contacts")
	return p
}

// ways are how one leaves.
var ways = map[string]func(p *person){
	"button": func(p *person) {
		p.click(p.site.label(p.screen.Lang, "web.leave") + " " + p.site.label(p.screen.Lang, "web.shift"))
	},
	"shift": func(p *person) {
		p.do(chromedp.KeyEvent(kb.Shift), chromedp.KeyEvent(kb.Shift), chromedp.KeyEvent(kb.Shift))
	},
	"shift while typing": func(p *person) {
		eval[chromedp.Void](p.tab, `document.querySelector('motkraft-chat').shadowRoot.querySelector('input').focus()`)
		p.do(chromedp.KeyEvent("jag"), chromedp.KeyEvent(kb.Shift), chromedp.KeyEvent(kb.Shift), chromedp.KeyEvent(kb.Shift))
	},
}

// Whoever leaves is at the harmless page, which is told nothing; Back leads to where they were before the chat, and never into it.
func TestLeave(t *testing.T) {
	to := weather(t, nil)
	s := leaving(t, to)
	for name, leave := range ways {
		for _, lang := range []string{"sv", "en"} {
			t.Run(name+"/"+lang, func(t *testing.T) {
				p := newLeaver(t, s, lang)
				entries := eval[int](p.tab, `history.length`)
				leave(p)
				p.until("the weather", `document.title === 'Weather'`)
				if got := eval[string](p.tab, `location.href + ' ' + document.body.textContent`); got != to+" Sun, from " {
					t.Errorf("left for %q, expected %q, told nothing of where from", got, to)
				}
				if now := eval[int](p.tab, `history.length`); now != entries {
					t.Errorf("%d entries in the history after %d: leaving takes the place of the chat", now, entries)
				}
				eval[chromedp.Void](p.tab, `history.back()`)
				p.until("the page before", `document.title === 'Before'`)
				eval[chromedp.Void](p.tab, `history.forward()`)
				p.until("the weather again", `document.title === 'Weather'`)
			})
		}
	}
}

// The page is covered in the very moment of the press, before the harmless page has answered: nothing of it is left, not even its title, and
// what was there cannot be found any more. There is no clock in this test: it looks before the press's own handler has returned to the browser.
func TestLeaveCoversAtOnce(t *testing.T) {
	hang := make(chan struct{})
	defer close(hang)
	p := newLeaver(t, leaving(t, weather(t, hang)), "sv")
	got := eval[string](p.tab, `(() => {
		const root = document.querySelector('motkraft-chat').shadowRoot;
		root.querySelector('.leave').click();
		const left = [...root.querySelectorAll('.bar, .talk, .log')].map((e) => e.textContent).join('');
		return JSON.stringify([document.body.childNodes.length, document.title, left, root.querySelector('.leave').checkVisibility()]);
	})()`)
	if got != "[0,\"\u200b\",\"\",false]" {
		t.Errorf("right after the press there is %s, expected an empty page with a title that nobody sees, and no conversation or button", got)
	}
}

// Shift is a key to write with: only three presses of it alone, each within five seconds of the last one, leave.
func TestShiftIsNarrow(t *testing.T) {
	hang := make(chan struct{})
	defer close(hang)
	const script = `(() => {
		const press = (key, at, more) => {
			const event = new KeyboardEvent('keydown', { key, bubbles: true, composed: true, ...more });
			Object.defineProperty(event, 'timeStamp', { value: at });
			document.querySelector('motkraft-chat')?.shadowRoot.querySelector('input').dispatchEvent(event);
		};
		const touch = () => document.body?.dispatchEvent(new PointerEvent('pointerdown', { bubbles: true }));
		STEPS;
		return document.body.childNodes.length === 0;
	})()`
	s := leaving(t, weather(t, hang))
	p := newLeaver(t, s, "sv")
	for _, c := range []struct {
		steps  string
		leaves bool
	}{
		{`press('Shift', 1000); press('Shift', 6001); press('Shift', 6002)`, false},
		{`press('Shift', 1); press('Shift', 2)`, false},
		{`press('Shift', 1); press('J', 2); press('Shift', 3); press('Å', 4); press('Shift', 5); press('S', 6)`, false},
		{`press('Shift', 1); press('Shift', 2, { repeat: true }); press('Shift', 3, { repeat: true }); press('Shift', 4)`, false},
		{`press('Shift', 1); press('Shift', 2); touch(); press('Shift', 3)`, false},
		{`press('Shift', 1); press('Shift', 2); press('Shift', 3, { altKey: true }); press('Shift', 4)`, false},
		{`press('Shift', 1, { ctrlKey: true }); press('Shift', 2, { ctrlKey: true }); press('Shift', 3, { ctrlKey: true })`, false},
		{`press('Shift', 1, { metaKey: true }); press('Shift', 2, { metaKey: true }); press('Shift', 3, { metaKey: true })`, false},
		{`press('Control', 1); press('Control', 2); press('Control', 3)`, false},
		{`press('Shift', 1000); press('Shift', 6000); press('Shift', 11000)`, true},
		{`press('Shift', 1000); press('Shift', 6001); press('Shift', 6002); press('Shift', 6003)`, true},
	} {
		if got := eval[bool](p.tab, strings.Replace(script, "STEPS", "touch(); "+c.steps, 1)); got != c.leaves {
			t.Errorf("%s: left: %t, expected %t", c.steps, got, c.leaves)
		}
		if c.leaves {
			p = newLeaver(t, s, "sv")
		}
	}
}

// Before the last press of Shift the button says so, and the log; when it is no longer so, that goes.
func TestShiftWarns(t *testing.T) {
	s := newSite(t, nil)
	s.hurry = 10
	for _, lang := range s.catalog.Languages() {
		p := newPerson(t, s, lang)
		button := func(key string) string {
			return `document.querySelector('motkraft-chat').shadowRoot.querySelector('.leave').textContent === ` + asJSON(s.label(lang, "web.leave")+" "+s.label(lang, key))
		}
		for range 2 { // again after it has gone by itself
			p.do(chromedp.KeyEvent(kb.Shift), chromedp.KeyEvent(kb.Shift))
			if !eval[bool](p.tab, button("web.once-more")) {
				t.Errorf("%s: the button does not say that one press is missing", lang)
			}
			if got := eval[string](p.tab, `(() => {
				const last = [...document.querySelector('motkraft-chat').shadowRoot.querySelectorAll('.log p')].at(-1);
				return last?.lang + ' ' + last?.textContent;
			})()`); got != lang+" "+s.label(lang, "web.leave")+": "+s.label(lang, "web.once-more") {
				t.Errorf("%s: the log says %q", lang, got)
			}
			p.until("the warning gone", button("web.shift"))
		}
		p.do(chromedp.KeyEvent(kb.Shift), chromedp.KeyEvent(kb.Shift), chromedp.KeyEvent("a"))
		if !eval[bool](p.tab, button("web.shift")) {
			t.Errorf("%s: after another key the button still warns", lang)
		}
	}
}

// A page that is left in any other way forgets the conversation as it goes; when the browser takes it out of its cache again it is blank but
// for a sign that begins anew.
func TestPageThatComesBackIsBlank(t *testing.T) {
	s := leaving(t, weather(t, nil))
	p := newLeaver(t, s, "sv")
	p.do(chromedp.Navigate(p.site.url + "/before"))
	eval[chromedp.Void](p.tab, `history.back()`)
	p.until("the page again", `Boolean(document.querySelector('motkraft-chat')?.shadowRoot?.querySelector('.talk button'))`)
	fresh := p.site.bot.Handle(t.Context(), update("sv"))
	if eval[bool](p.tab, `document.querySelector('motkraft-chat').shadowRoot.querySelector('.message') !== null`) {
		t.Log("the browser made the page anew: nothing came back from its cache")
		p.screen = fresh
		p.sees()
	} else if got := eval[string](p.tab, visible); got != "↻" {
		t.Errorf("the page that comes back shows %q, expected a blank one", got)
	}

	// And in so many steps, whatever this browser's cache does.
	p = newLeaver(t, s, "sv")
	eval[chromedp.Void](p.tab, `dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }))`)
	if got := eval[string](p.tab, visible); got != "" {
		t.Errorf("the page that goes shows %q", got)
	}
	eval[chromedp.Void](p.tab, `dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))`)
	if got := eval[string](p.tab, visible); got != "↻" {
		t.Errorf("the page that comes back shows %q, expected a blank one", got)
	}
	p.click("↻")
	p.screen = fresh
	p.sees()
}

// A page may ask to leave for an address that is none, or a script's.
func TestLeaveForNowhere(t *testing.T) {
	s := newSite(t, foreignPage(`<motkraft-chat lang="sv" leave="{attributes}"></motkraft-chat>`, false))
	for _, to := range []string{"", "javascript:alert(1)", "https://", "data:text/html,x", "//example.se"} {
		p := open(t, s, "/foreign?attributes="+url.QueryEscape(to), "sv")
		p.ready()
		eval[chromedp.Void](p, `document.querySelector('motkraft-chat').shadowRoot.querySelector('.leave').click()`)
		p.asks("https://www.smhi.se/")
	}
}

// A page of somebody else's may tell where people come from; the harmless page is not told, even then.
func TestLeaveFromOtherPage(t *testing.T) {
	to := weather(t, nil)
	s := newSite(t, foreignPage(`<meta name="referrer" content="unsafe-url"><motkraft-chat lang="sv" leave="`+to+`"></motkraft-chat>`, false))
	p := open(t, s, "/foreign", "sv")
	p.ready()
	p.do(chromedp.KeyEvent(kb.Shift), chromedp.KeyEvent(kb.Shift), chromedp.KeyEvent(kb.Shift))
	p.until("the weather", `document.title === 'Weather'`)
	if got := eval[string](p, `document.body.textContent`); got != "Sun, from " {
		t.Errorf("the page after says %q", got)
	}
}

// cookieBanner is a page's own banner over the foot of the window, above everything that a page can put above anything.
const cookieBanner = `
	const banner = document.createElement('div');
	banner.textContent = 'Cookies';
	banner.attributeStyleMap.set('position', 'fixed');
	for (const [side, value] of [['left', 0], ['right', 0], ['bottom', 0]]) banner.attributeStyleMap.set(side, CSS.px(value));
	banner.attributeStyleMap.set('height', CSS.percent(PERCENT));
	banner.attributeStyleMap.set('z-index', 2147483647);
	document.body.append(banner);`

// On the smallest phone, with text twice as large, at the end of the page and with a cookie banner over it, the button that leaves is what one
// hits in its middle. It is so even where the banner covers the whole window.
func TestLeaveIsAlwaysInReach(t *testing.T) {
	s := newSite(t, foreignPage(`<style>html { font-size: 200% }</style><h1>Campaign</h1><p>Text</p><motkraft-chat lang="sv"></motkraft-chat>`, false))
	for _, path := range []string{"/", "/foreign"} {
		for _, lang := range s.catalog.Languages() {
			for _, percent := range []string{"40", "100"} {
				p := open(t, s, path, lang)
				p.ready()
				p.do(chromedp.EmulateViewport(320, 568))
				got := eval[string](p, strings.Replace(`(() => {
					const large = new CSSStyleSheet();
					large.replaceSync('html { font-size: 200% }');
					document.adoptedStyleSheets = [large];`+cookieBanner+`
					const root = document.querySelector('motkraft-chat').shadowRoot;
					const leave = root.querySelector('.leave');
					const said = [];
					for (const y of [0, document.documentElement.scrollHeight]) {
						scrollTo(0, y);
						const { left, top, right, bottom, width, height } = leave.getBoundingClientRect();
						const hit = document.elementFromPoint(left + width / 2, top + height / 2)?.shadowRoot?.elementFromPoint(left + width / 2, top + height / 2);
						if (hit !== leave) said.push('at ' + y + ' one hits ' + hit?.outerHTML);
						if (left < 0 || top < 0 || right > innerWidth || bottom > innerHeight) said.push('at ' + y + ' it is out of the window');
						if (width < 44 || height < 44) said.push('it is too small');
						const help = root.querySelector('.bar button').getBoundingClientRect();
						if (help.right > left && help.top < bottom && help.bottom > top) said.push('at ' + y + ' it lies over acute help');
					}
					return said.join('; ');
				})()`, "PERCENT", percent, 1))
				if got != "" {
					t.Errorf("%s in %q with a banner of %s %%: %s", path, lang, percent, got)
				}
			}
		}
	}
}

// old takes away what browsers of 2023 lack, which have the rest.
const old = `
	delete URL.canParse;
	for (const name of ['showPopover', 'hidePopover', 'togglePopover']) delete HTMLElement.prototype[name];`

// In a browser of 2023 one leaves just as well, and the button stays in the window: no container holds it.
func TestLeaveInOldBrowsers(t *testing.T) {
	s := leaving(t, weather(t, nil))
	s.before = old
	for name, leave := range ways {
		t.Run(name, func(t *testing.T) {
			p := newLeaver(t, s, "sv")
			if got := eval[string](p.tab, `(() => {
				const leave = document.querySelector('motkraft-chat').shadowRoot.querySelector('.leave');
				scrollTo(0, 1e6);
				const held = [];
				for (let e = leave; e; e = e.parentElement ?? e.getRootNode().host) if (getComputedStyle(e).containerType !== 'normal') held.push(e.localName);
				return held.join() + Math.round(leave.getBoundingClientRect().top);
			})()`); got != "6" {
				t.Errorf("scrolled to the end, what holds the button, and its distance from the top: %s, expected 6", got)
			}
			leave(p)
			p.until("the weather", `document.title === 'Weather'`)
			if _, faults := p.heard(); slices.ContainsFunc(faults, func(f string) bool { return !strings.Contains(f, "404") }) { // there is no favicon.ico
				t.Errorf("the console says %q", faults)
			}
		})
	}
}

// In a frame the whole window leaves; where the frame may not do that, it leaves alone.
func TestLeaveInAFrame(t *testing.T) {
	to := weather(t, nil)
	s := newSite(t, func(h http.Handler) http.Handler {
		foreign := foreignPage(`<motkraft-chat lang="sv" leave="`+to+`"></motkraft-chat>`, false)(h)
		return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/framing" {
				rw.Header().Set("Content-Type", "text/html; charset=utf-8")
				fmt.Fprintf(rw, `<!doctype html><title>Framing</title><iframe src="/foreign" %s></iframe>`, r.URL.Query().Get("attributes"))
				return
			}
			foreign.ServeHTTP(rw, r)
		})
	})
	for attributes, title := range map[string]string{"": "Weather", `sandbox="allow-scripts allow-same-origin"`: "Framing"} {
		p := open(t, s, "/framing?attributes="+url.QueryEscape(attributes), "sv")
		p.until("the conversation", `Boolean(frames[0]?.document.querySelector('motkraft-chat')?.shadowRoot?.querySelector('.message'))`)
		eval[chromedp.Void](p, `setTimeout(() => frames[0].document.querySelector('motkraft-chat').shadowRoot.querySelector('.leave').click())`)
		p.asks(to)
		p.until("the page "+title, `document.title === `+asJSON(title))
	}
}

// Whoever looks at the other pages before leaving does not come back to any of them either: each takes the last one's place.
func TestLeaveAfterOtherPages(t *testing.T) {
	s := leaving(t, weather(t, nil))
	for name, leave := range ways {
		t.Run(name, func(t *testing.T) {
			p := newLeaver(t, s, "sv")
			for _, page := range []string{"contacts", "accessibility", "index"} {
				p.follow(page + ".html")
			}
			p.ready()
			p.screen = s.bot.Handle(t.Context(), update("sv"))
			p.sees()
			leave(p)
			p.until("the weather", `document.title === 'Weather'`)
			eval[chromedp.Void](p.tab, `history.back()`)
			p.until("the page before", `document.title === 'Before'`)
		})
	}
}

// follow follows a link at the foot of the page.
func (p *tab) follow(file string) {
	p.Helper()
	at := eval[[]float64](p, `(() => {
		const link = document.querySelector('footer [href=`+asJSON(file)+`]');
		link.scrollIntoView({ block: 'center', behavior: 'instant' });
		const { x, y, width, height } = link.getBoundingClientRect();
		return [x + width / 2, y + height / 2];
	})()`)
	p.do(chromedp.MouseClickXY(at[0], at[1]))
	p.until(file, `location.pathname === `+asJSON("/"+file)+` && document.readyState === 'complete'`)
}

// The link to another language goes once the conversation has its own button for that; the other pages keep it.
func TestLanguageLink(t *testing.T) {
	s := newSite(t, nil)
	for path, left := range map[string]int{"/": 0, "/contacts": 1} {
		p := open(t, s, path, "sv")
		if path == "/" {
			p.ready()
		}
		p.until("the links to other languages", fmt.Sprintf(`document.querySelectorAll('footer [hreflang]').length === %d`, left))
	}
	if text := body(t, s.get("GET", "/")); !strings.Contains(text, `hreflang="en"`) {
		t.Error("without scripts there is no link to the other language")
	}
}

// The pages without the conversation are left just as fast: emptied at once, their place in the history taken.
func TestLeavePages(t *testing.T) {
	hang := make(chan struct{})
	defer close(hang)
	s, slow := leaving(t, weather(t, nil)), leaving(t, weather(t, hang))
	for _, path := range []string{"/contacts", "/accessibility", "/embed"} {
		for name, leave := range map[string]func(p *tab){
			"link": func(p *tab) {
				at := eval[[]float64](p, `(() => { const { x, y } = document.querySelector('.leave').getBoundingClientRect(); return [x + 20, y + 20]; })()`)
				p.do(chromedp.MouseClickXY(at[0], at[1]))
			},
			"shift": func(p *tab) {
				p.do(chromedp.KeyEvent(kb.Shift), chromedp.KeyEvent(kb.Shift), chromedp.KeyEvent(kb.Shift))
			},
		} {
			t.Run(path+"/"+name, func(t *testing.T) {
				p := open(t, s, "/before", "sv")
				p.do(chromedp.Navigate(s.url + path))
				p.until("the script", `!document.querySelector('.leave small').hidden`)
				leave(p)
				p.until("the weather", `document.title === 'Weather'`)
				if got := eval[string](p, `document.body.textContent`); got != "Sun, from " {
					t.Errorf("the page after says %q", got)
				}
				eval[chromedp.Void](p, `history.back()`)
				p.until("the page before", `document.title === 'Before'`)
			})
		}
		p := open(t, slow, path, "sv")
		p.until("the script", `!document.querySelector('.leave small').hidden`)
		if got := eval[string](p, `(() => { document.querySelector('.leave').click(); return document.body.childNodes.length + document.title; })()`); got != "0\u200b" {
			t.Errorf("%s: right after the press there is %q", path, got)
		}
	}
}

// While the conversation's script is on its way, or when it does not come, the page's own link leaves, and so does Shift.
func TestLeaveBeforeTheScript(t *testing.T) {
	s := newSite(t, func(h http.Handler) http.Handler {
		return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
			if strings.HasPrefix(r.URL.Path, "/motkraft.") {
				<-r.Context().Done()
				return
			}
			h.ServeHTTP(rw, r)
		})
	})
	p := open(t, s, "/accessibility", "sv")
	eval[chromedp.Void](p, `setTimeout(() => location.assign('/'))`) // nobody waits for it to be whole
	p.until("the page's own script", `location.pathname === '/' && document.querySelector('.leave small')?.hidden === false`)
	p.do(chromedp.KeyEvent(kb.Shift), chromedp.KeyEvent(kb.Shift))
	if got := eval[string](p, `document.querySelector('.leave').innerText`); got != "Lämna sidan\nShift en gång till" {
		t.Errorf("after two presses the link says %q", got)
	}
	p.do(chromedp.KeyEvent(kb.Shift))
	p.asks("https://www.smhi.se/")
}

// Another popover of the page does not lie over the button.
func TestLeaveOverPopovers(t *testing.T) {
	s := newSite(t, foreignPage(`<style>#late { inset: 0; width: 100%; height: 100% }</style><div id="late" popover="manual">Offer</div><motkraft-chat lang="sv"></motkraft-chat>`, false))
	p := open(t, s, "/foreign", "sv")
	p.ready()
	eval[chromedp.Void](p, `document.getElementById('late').showPopover()`)
	p.until("the button on top", `document.elementFromPoint(innerWidth - 30, 20) === document.querySelector('motkraft-chat')`)
}
