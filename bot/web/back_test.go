package web_test

import (
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"motkraft/bot"
)

// On a phone the browser's own Back goes one step back inside the conversation where the browser asks a page for that (CloseWatcher; Escape stands for
// it here), without an entry in the history; on the first screen nothing holds it, and with a mouse Escape does nothing.
func TestPhonesOwnBack(t *testing.T) {
	s := newSite(t, nil)
	for _, phone := range []bool{true, false} {
		p := openIn(t, s, "/", "sv", [2]int64{390, 664})
		eval[chromedp.Void](p, `(() => { globalThis.matchMedia = () => ({ matches: `+asJSON(!phone)+` }); })()`)
		p.ready()
		someone := &person{tab: p, site: s, screen: s.bot.Handle(t.Context(), bot.Update{Lang: "sv"})}
		someone.press = someone.click
		someone.sees()
		entries := eval[int](p, `history.length`)
		someone.goes("start/welcome.buy")
		before, here := someone.screen, someone.here
		someone.goes("buy/start.unsure")
		p.do(chromedp.KeyEvent(kb.Escape))
		if phone {
			someone.screen, someone.here = before, here
		}
		someone.sees()
		if now := eval[int](p, `history.length`); now != entries {
			t.Errorf("%d entries in the history after %d", now, entries)
		}
	}
}

// A page that was cleared has nothing on it but one sign: no title, no links, no way to see what it was. The sign begins anew at the first screen,
// in the language that was spoken.
func TestClearedPageIsBlank(t *testing.T) {
	s := newSite(t, nil)
	p := newPerson(t, s, "sv")
	p.presses("In English")
	p.goes("start/welcome.buy", "button.clear")
	if got := eval[string](p.tab, `JSON.stringify([document.body.innerText.trim(), document.title, document.querySelector('motkraft-chat').shadowRoot.querySelector('.frame').innerText.trim(),
		getComputedStyle(document.querySelector('motkraft-chat').shadowRoot.querySelector('.frame')).borderTopColor, document.querySelector('motkraft-chat').shadowRoot.querySelector('.leave').checkVisibility()])`); got != "[\"\",\"\u200b\",\"↻\",\"rgba(0, 0, 0, 0)\",false]" {
		t.Errorf("a page that was cleared shows %s", got)
	}
	p.goes("start/cleared.again")
	if p.screen.Lang != "en" || eval[string](p.tab, `document.title`) != s.label("sv", "web.title") {
		t.Errorf("it begins anew in %q under %q", p.screen.Lang, eval[string](p.tab, `document.title`))
	}
}
