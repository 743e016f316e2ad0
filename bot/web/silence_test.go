package web_test

import (
	"context"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/storage"
	"github.com/chromedp/chromedp"
)

// keeps is all that a page can leave behind or ask for. The network is watched beside it.
const keeps = `(async () => [
	localStorage.length, sessionStorage.length, (await indexedDB.databases()).length, (await caches.keys()).length,
	(await navigator.serviceWorker.getRegistrations()).length, document.cookie.length, history.length, history.state, location.href,
	document.title, document.referrer, globalThis.violations,
].map((v) => JSON.stringify(v)).join(' '))()`

// Once the conversation is there, nothing leaves the browser and nothing stays in it, whatever is pressed.
func TestSilence(t *testing.T) {
	s := newSite(t, nil)
	for _, lang := range s.catalog.Languages() {
		t.Run(lang, func(t *testing.T) {
			p := newPerson(t, s, lang)
			p.until("loaded", `document.readyState === 'complete'`)
			before, asked := eval[string](p.tab, keeps), s.asked.Load()
			requests, _ := p.heard()
			if len(requests) == 0 {
				t.Fatal("no request was seen at all: nobody watches")
			}

			p.walk()
			p.press = p.key
			p.walk()
			p.types("jag köper sex i Malmö", false)
			p.types("asdf", true)

			after, faults := p.heard()
			if len(after) > len(requests) {
				t.Errorf("requests after the conversation was there: %q", after[len(requests):])
			}
			if n := s.asked.Load() - asked; n > 0 {
				t.Errorf("the server was asked %d times after the conversation was there", n)
			}
			if len(faults) > 0 {
				t.Errorf("the console says %q", faults)
			}
			if kept := eval[string](p.tab, keeps); kept != before {
				t.Errorf("the browser keeps\n%s\nand kept before\n%s", kept, before)
			}
			const nothing = `0 0 0 0 0 0 2 null "`
			if before[:len(nothing)] != nothing {
				t.Errorf("the browser keeps %s, expected %s and the address", before, nothing)
			}
			p.call("cookies", func(ctx context.Context, target *chromedp.Target) error {
				cookies, err := cdp.Call(ctx, target, storage.GetCookies, storage.GetCookiesParams{})
				if err == nil && len(cookies.Cookies) > 0 {
					t.Errorf("%d cookies, expected none", len(cookies.Cookies))
				}
				return err
			})
		})
	}
}
