package web_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"motkraft/bot"
	"motkraft/bot/web"
)

// asks is a page that wants to be asked for before it is left, in every way that there is.
const asks = `<script>
	const hold = (event) => { event.preventDefault(); event.returnValue = 'stay'; return 'stay'; };
	addEventListener('beforeunload', hold);
	addEventListener('beforeunload', hold, true);
	window.onbeforeunload = hold;
</script><body onbeforeunload="return 'stay'"><h1>The campaign</h1>`

// Whoever leaves is gone, whatever the page around the conversation wants to ask first: a question would hold them there, its address in view.
func TestLeaveAsksNothing(t *testing.T) {
	for name, leave := range ways {
		t.Run(name, func(t *testing.T) {
			to := weather(t, nil)
			s := newSite(t, nil)
			h, err := web.New(s.bot, web.Options{Now: s.now, Leave: to})
			if err != nil {
				t.Fatal(err)
			}
			server := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
				if r.URL.Path != "/host" {
					unpacked(h).ServeHTTP(rw, r)
					return
				}
				rw.Header().Set("Content-Type", "text/html; charset=utf-8")
				fmt.Fprintf(rw, `<!doctype html><html lang="sv"><title>Host</title><script type="module" src="/motkraft.js"></script>%s<motkraft-chat lang="sv" leave="%s"></motkraft-chat>`, asks, to)
			}))
			t.Cleanup(server.Close)
			s.url = server.URL
			p := &person{tab: open(t, s, "/host", "sv"), site: s, screen: s.bot.Handle(t.Context(), bot.Update{Lang: "sv"})}
			var asked atomic.Bool
			if err := chromedp.Listen(p.ctx, func(event any) {
				if _, ok := event.(*page.EventJavascriptDialogOpening); ok {
					asked.Store(true)
				}
			}); err != nil {
				t.Fatal(err)
			}
			p.ready()
			p.press = p.click
			p.goes("start/welcome.sell") // a browser asks only on pages that somebody has touched
			leave(p)
			p.until("the weather", `document.title === 'Weather'`)
			if asked.Load() {
				t.Error("the browser asked whether to leave")
			}
		})
	}
}

// A page with huge letters, or written from right to left, changes neither the size nor the direction of the words beyond what they are, and the
// button that leaves covers nothing.
func TestForeignLettersAndDirection(t *testing.T) {
	for name, host := range map[string]string{"huge": `<style>html { font-size: 50px }</style>`, "right to left": `<script>document.documentElement.dir = 'rtl'</script>`} {
		t.Run(name, func(t *testing.T) {
			s := newSite(t, foreignPage(host+`<motkraft-chat lang="sv"></motkraft-chat>`, false))
			p := &person{tab: open(t, s, "/foreign", "sv"), site: s, screen: s.bot.Handle(t.Context(), bot.Update{Lang: "sv"})}
			p.do(chromedp.EmulateViewport(360, 640))
			p.ready()
			p.press = p.click
			p.goes("start/welcome.sell") // what is covered cannot be pressed
			p.goes("button.acute")
			got := eval[string](p.tab, `(() => {
				const root = document.querySelector('motkraft-chat').shadowRoot;
				const [message, leave, acute] = ['.message p', '.leave', '.bar button'].map((s) => root.querySelector(s));
				const [a, b] = [leave, acute].map((e) => e.getBoundingClientRect());
				const apart = a.right <= b.left || b.right <= a.left || a.bottom <= b.top || b.bottom <= a.top;
				return [getComputedStyle(message).direction, parseFloat(getComputedStyle(message).fontSize) <= 20, apart].join(' ');
			})()`)
			if got != "ltr true true" {
				t.Errorf("direction, size within its bound, apart: %s, expected ltr true true", got)
			}
		})
	}
}

// The list of all contacts is one to print and hang up: everything is on it, with the addresses of links and the day, and nothing that does not
// work on paper. Without scripts too.
func TestPrinted(t *testing.T) {
	s := newSite(t, nil)
	for _, lang := range s.catalog.Languages() {
		p := withoutScripts(t, s, "/contacts", lang)
		p.call("paper", func(ctx context.Context, target *chromedp.Target) error {
			_, err := cdp.Call(ctx, target, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: "print"})
			return err
		})
		got := eval[struct {
			Hidden  []string
			Buttons []string
			Links   []string
			Text    string
		}](p, `(() => {
			const seen = (e) => e.checkVisibility({ contentVisibilityAuto: true }) && e.getClientRects().length > 0;
			const [list] = document.querySelectorAll('section');
			return {
				hidden: [...list.querySelectorAll('h4, li')].filter((e) => !seen(e)).map((e) => e.textContent),
				buttons: [...document.querySelectorAll('.leave, footer a, button')].filter(seen).map((e) => e.textContent),
				links: [...list.querySelectorAll('a[href^=http]')].filter((e) => !getComputedStyle(e, '::after').content.includes(e.getAttribute('href'))).map((e) => e.href),
				text: list.textContent,
			};
		})()`)
		if len(got.Hidden)+len(got.Buttons)+len(got.Links) > 0 {
			t.Errorf("%s: folded away %q, buttons %q, links without their address %q", lang, got.Hidden, got.Buttons, got.Links)
		}
		if day := s.now().Format("2006-01-02"); !strings.Contains(got.Text, day) {
			t.Errorf("%s: the day %s is not on it", lang, day)
		}
	}
}
