package web_test

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// heardByReader is what a screen reader is given: what has the focus, what the log has got, and what stands where.
const heardByReader = `(() => {
	const root = document.querySelector('motkraft-chat').shadowRoot;
	const log = root.querySelector('[role=log]');
	const untold = [...root.querySelectorAll('.bar, .talk, .leave, .log p')].filter((e) => !e.closest('[lang]'));
	return {
		focus: root.activeElement?.className ?? '',
		entries: [...log.children].map((e) => e.textContent),
		inLog: log.querySelectorAll('a, button, input, [tabindex]').length,
		inMessage: root.querySelectorAll('.message :is(a, button, input, [tabindex])').length,
		name: (document.querySelector('motkraft-chat').shadowRoot.querySelector('.message[role=group]')?.ariaLabelledByElements ?? []).map((e) => e.textContent).join(),
		logName: log.ariaLabel ?? '',
		untold: untold.length,
	};
})()`

// The log is there before anything is said, and only ever gets more; the message has the focus, and what can be pressed stands outside of both.
func TestSpoken(t *testing.T) {
	s := newSite(t, foreignPage(`<motkraft-chat lang="sv"></motkraft-chat>`, true))
	p := open(t, s, "/foreign", "sv")
	p.until("the log", `document.querySelector('motkraft-chat').shadowRoot?.querySelector('[role=log]')?.childElementCount === 0`)

	s = newSite(t, nil)
	someone := newPerson(t, s, "sv")
	type heard struct {
		Focus, LogName, Name     string
		Entries                  []string
		InLog, InMessage, Untold int
	}
	if first := eval[heard](someone.tab, heardByReader); first.Focus != "" || len(first.Entries) != 0 {
		t.Errorf("on its own the page takes the focus to %q and says %q", first.Focus, first.Entries)
	}
	eval[chromedp.Void](someone.tab, `(() => {
		globalThis.removed = 0;
		new MutationObserver((changes) => changes.forEach((c) => { removed += c.removedNodes.length; }))
			.observe(document.querySelector('motkraft-chat').shadowRoot.querySelector('[role=log]'), { childList: true, subtree: true, characterData: true });
	})()`)
	entries := 0
	onEachScreen(someone, func(name string) {
		got := eval[heard](someone.tab, heardByReader)
		if got.Focus != "message" || got.InLog+got.InMessage+got.Untold > 0 || got.LogName != s.label(someone.screen.Lang, "web.conversation") {
			t.Errorf("%s: %+v", name, got)
		}
		if len(got.Entries) <= entries {
			t.Errorf("%s: the log says nothing new: %q", name, got.Entries)
		}
		entries = len(got.Entries)
		if got.Name != strings.ReplaceAll(someone.screen.Text, "\n\n", "") && !strings.HasPrefix(strings.ReplaceAll(someone.screen.Text, "\n\n", ""), got.Name) || got.Name == "" {
			t.Errorf("%s: the message that gets the focus is called %q", name, got.Name)
		}
		if last := got.Entries[entries-1]; strings.Contains(someone.screen.Text, last) {
			t.Errorf("%s: the log says %q, which the message says too", name, last)
		}
	})
	if removed := eval[int](someone.tab, `removed`); removed > 0 {
		t.Errorf("%d entries of the log were taken away or written over", removed)
	}
}

// Numbers can be rung everywhere, and on a desk they can be copied, or are at least chosen where the browser does not let a page do that; a hint says that a call is remembered.
func TestNumbers(t *testing.T) {
	s := newSite(t, nil)
	for _, c := range []struct {
		media string
		gives bool // whether the browser lets the page copy
	}{{"(hover: hover) and (pointer: fine)", true}, {"nothing", true}, {"(hover: hover) and (pointer: fine)", false}} {
		p := newPerson(t, s, "sv")
		eval[chromedp.Void](p.tab, `(() => {
			globalThis.matchMedia = (media) => ({ matches: media === `+asJSON(c.media)+` });
			globalThis.copied = [];
			navigator.clipboard.writeText = async (text) => {
				if (`+asJSON(!c.gives)+`) throw new DOMException('', 'NotAllowedError');
				copied.push(text);
			};
		})()`)
		p.goes("button.acute")
		p.until("the hint", `document.querySelector('motkraft-chat').shadowRoot.querySelector('.note').textContent === `+asJSON(s.label("sv", "web.calls")))
		copies := eval[int](p.tab, `document.querySelector('motkraft-chat').shadowRoot.querySelectorAll('.contact .quiet').length`)
		if desk := c.media != "nothing"; (copies > 0) != desk {
			t.Fatalf("%+v: %d numbers can be copied", c, copies)
		}
		if copies == 0 {
			continue
		}
		if rung := eval[int](p.tab, `document.querySelector('motkraft-chat').shadowRoot.querySelectorAll('.contact [href^="tel:"]').length`); rung != copies {
			t.Errorf("%d numbers to ring and %d to copy", rung, copies)
		}
		p.click("Kopiera 112")
		if !c.gives {
			p.until("the number, chosen", `getSelection().toString() === '112' && document.querySelector('motkraft-chat').shadowRoot.activeElement.textContent === '112'`)
			if _, faults := p.heard(); len(faults) > 0 {
				t.Errorf("the console says %q", faults)
			}
			continue
		}
		p.until("the word that it is copied", `[...document.querySelector('motkraft-chat').shadowRoot.querySelectorAll('.log p')].at(-1).textContent === `+asJSON(s.label("sv", "web.copied")))
		if got := eval[string](p.tab, `copied.join()`); got != "112" {
			t.Errorf("copied %q, expected 112", got)
		}
	}
}
