package web_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"motkraft/bot"
)

// person walks in the browser, and the same way in the bot: at every step both must show the same.
type person struct {
	*tab
	site   *site
	screen bot.Message // what the bot says
	here   string      // the screen's data, where it is known
	press  func(label string)
}

func newPerson(t *testing.T, s *site, lang string) *person {
	t.Helper()
	p := &person{tab: open(t, s, "/", lang), site: s, screen: s.bot.Handle(t.Context(), bot.Update{Lang: lang})}
	p.ready()
	p.press = p.click
	p.sees()
	return p
}

// goes presses one button after the other; each is named by its message's key.
func (p *person) goes(keys ...string) {
	p.Helper()
	for _, key := range keys {
		p.presses(p.site.label(p.screen.Lang, key))
	}
}

// presses presses the button with a label.
func (p *person) presses(label string) {
	p.Helper()
	i := slices.IndexFunc(p.screen.Buttons, func(b bot.Button) bool { return b.Label == label && b.Data != "" })
	if i < 0 {
		p.Fatalf("no button %q below %q", label, p.screen.Text)
	}
	if p.screen.Clear { // blank, but for a sign that begins anew
		label = "↻"
	}
	p.press(label)
	p.here = p.screen.Buttons[i].Data
	p.screen = p.site.bot.Handle(p.Context(), bot.Update{Data: p.here})
	p.sees()
}

// types types a text into the field and sends it by Enter, or by the button beside it.
func (p *person) types(text string, byButton bool) {
	p.Helper()
	at := eval[[]float64](p.tab, `(() => {
		const input = document.querySelector('motkraft-chat').shadowRoot.querySelector('input');
		input.scrollIntoView({ block: 'center', behavior: 'instant' });
		const { x, y, width, height } = input.getBoundingClientRect();
		return [x + width / 2, y + height / 2];
	})()`)
	p.do(chromedp.MouseClickXY(at[0], at[1]), chromedp.KeyEvent(text))
	if byButton {
		p.click(p.site.label(p.screen.Lang, "web.send"))
	} else {
		p.do(chromedp.KeyEvent(kb.Enter))
	}
	p.screen = p.site.bot.Handle(p.Context(), bot.Update{Data: p.here, Text: text, Lang: p.screen.Lang})
	p.here = p.screen.Here
	p.sees()
	if p.screen.Clear {
		return
	}
	if left := eval[string](p.tab, `document.querySelector('motkraft-chat').shadowRoot.querySelector('input').value`); left != "" {
		p.Errorf("%q is left in the field", left)
	}
	p.until("focus on the new message", onMessage)
}

// shown is what stands in the browser.
type shown struct {
	Lang    string
	Text    string
	Hours   []string // beside the ways to reach somebody, in order
	Buttons []shownButton
	Blank   string // all that there is on a page without a message
}

type shownButton struct{ Label, Kind, Target string }

// readScreen reads a screen out of the element: headings and paragraphs, then links and buttons by kind.
const readScreen = `(() => {
	const root = document.querySelector('motkraft-chat').shadowRoot;
	const texts = [...root.querySelectorAll('.message p, h2, .card :is(h3, p, .line), .more p:not(.note), .unsure')].map((e) => e.textContent);
	const list = (kind, selector) => [...root.querySelectorAll(selector)].map((e) => ({ label: e.textContent, kind, target: e.getAttribute('href') ?? '' }));
	return {
		lang: root.querySelector('.talk').lang,
		text: texts.join('\n'),
		hours: [...root.querySelectorAll('.contact .hours')].map((e) => e.textContent),
		buttons: [...list('contact', '.contact a'), ...list('option', '.option button'), ...list('standing', '.bar button, .standing button')],
		blank: root.querySelector('.message') ? '' : root.querySelector('.frame').innerText.trim(),
	};
})()`

// sees waits until the browser shows what the bot says: the same words in the same order, however they are laid out.
func (p *person) sees() {
	p.Helper()
	want := p.site.expected(p.screen)
	var got string
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if got = asJSON(eval[shown](p.tab, readScreen)); got == want {
			return
		}
	}
	p.Fatalf("the browser shows\n%s\nand the bot says\n%s", got, want)
}

// expected is what the browser shows of a message.
func (s *site) expected(m bot.Message) string {
	if m.Clear {
		return asJSON(shown{Lang: m.Lang, Hours: []string{}, Buttons: []shownButton{}, Blank: "↻"})
	}
	out := shown{Lang: m.Lang, Hours: []string{}}
	// What a button says does not stand in the text too, and hours stand beside the button.
	ways := s.ways(m.Lang)
	var lines []string
	for line := range strings.Lines(strings.ReplaceAll(m.Text, "\n\n", "\n")) {
		line = strings.TrimSuffix(line, "\n")
		pressed := false
		for way, button := range ways {
			if hours, ok := strings.CutPrefix(line, way+", "); ok || line == way {
				line, pressed = way, button
				if ok {
					out.Hours = append(out.Hours, hours)
				}
				break
			}
		}
		if !pressed {
			lines = append(lines, line)
		}
	}
	out.Text = strings.Join(lines, "\n")
	for _, b := range m.Buttons {
		target := b.URL
		if b.Phone != "" {
			target = "tel:" + b.Phone
		}
		out.Buttons = append(out.Buttons, shownButton{b.Label, kinds[b.Kind], target})
	}
	// In the bar Back stands beside acute help.
	first := slices.IndexFunc(out.Buttons, func(b shownButton) bool { return b.Kind == "standing" })
	if i := slices.IndexFunc(out.Buttons, func(b shownButton) bool { return b.Label == s.label(m.Lang, "button.back") && b.Kind == "standing" }); i > 0 {
		back := out.Buttons[i]
		out.Buttons = slices.Insert(slices.Delete(out.Buttons, i, i+1), first+1, back)
	}
	return asJSON(out)
}

// ways are the lines that say how to reach a service, and whether a button says so too.
func (s *site) ways(lang string) map[string]bool {
	out := map[string]bool{}
	for _, book := range s.bot.Draw(s.now(), 1, nil) {
		for _, card := range book.Services {
			for _, c := range card.Contacts {
				if book.Lang == lang {
					out[c.Line] = out[c.Line] || c.Button != nil && !c.Aside
				}
			}
		}
	}
	return out
}

// kinds is how the widget calls them.
var kinds = map[bot.Kind]string{bot.Contact: "contact", bot.Option: "option", bot.Standing: "standing"}

func asJSON(v any) string {
	data, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return string(data)
}

// findButton gives the middle of a button after it has been brought into view, if it is what one hits there.
const findButton = `(() => {
	const root = document.querySelector('motkraft-chat').shadowRoot;
	const button = [...root.querySelectorAll('button')].find((e) => e.textContent === LABEL);
	button.scrollIntoView({ block: 'center', behavior: 'instant' });
	const { x, y, width, height } = button.getBoundingClientRect();
	const hit = root.elementFromPoint(x + width / 2, y + height / 2) === button;
	return { x: x + width / 2, y: y + height / 2, hit };
})()`

func (p *person) click(label string) {
	p.Helper()
	at := eval[struct {
		X, Y float64
		Hit  bool
	}](p.tab, strings.ReplaceAll(findButton, "LABEL", asJSON(label)))
	if !at.Hit {
		p.Fatalf("something lies over the button %q", label)
	}
	p.do(chromedp.MouseClickXY(at.X, at.Y))
}

// focused is the label of what has the focus within the element.
const focused = `document.querySelector('motkraft-chat').shadowRoot.activeElement?.textContent ?? ''`

// uncovered reports whether what has the focus is what one sees in its middle.
const uncovered = `(() => {
	const root = document.querySelector('motkraft-chat').shadowRoot;
	const { x, y, width, height } = root.activeElement.getBoundingClientRect();
	return root.elementFromPoint(x + width / 2, y + height / 2) === root.activeElement;
})()`

// onMessage reports whether the message has the focus, or on a page that was cleared the sign that begins anew.
const onMessage = `document.querySelector('motkraft-chat').shadowRoot.activeElement?.matches('.message, .blank button') ?? false`

// key goes to a button by Tab alone and presses Enter.
func (p *person) key(label string) {
	p.Helper()
	const round = 60 // more than there is to focus on a page
	for range round {
		p.do(chromedp.KeyEvent(kb.Tab))
		if eval[string](p.tab, focused) == label {
			if !eval[bool](p.tab, uncovered) {
				p.Fatalf("something lies over %q, which has the focus", label)
			}
			p.do(chromedp.KeyEvent(kb.Enter))
			p.until("focus on the new message", onMessage)
			return
		}
	}
	p.Fatalf("Tab does not come to %q", label)
}

// walk is a whole conversation: to a referral through the place question, back, the other language, acute help, clear.
func (p *person) walk() {
	p.Helper()
	lang := p.screen.Lang
	p.goes("start/welcome.buy", "buy/start.near")
	ask := p.site.set.Node("buy/place").Ask
	at := ask.Choices(0)[0]
	p.presses(p.site.set.Places.Name(at))
	if !ask.Decided(at) {
		p.presses(p.site.set.Places.Name(ask.Choices(at)[0]))
	}
	p.hasContacts()
	p.goes("button.place", "button.elsewhere", "button.back", "button.unsaid")
	p.hasContacts()
	p.presses(p.otherLanguage())
	p.hasContacts()
	p.presses(p.otherLanguage())
	p.goes("button.back", "button.start", "start/welcome.sell", "sell/start.adult", "button.contacts")
	p.hasContacts()
	p.goes("button.acute")
	p.hasContacts()
	p.goes("button.clear")
	if !p.screen.Clear || p.screen.Lang != lang {
		p.Errorf("the walk ends at %q in %q, expected the cleared screen in %q", p.screen.Text, p.screen.Lang, lang)
	}
	p.goes("start/cleared.again")
}

// otherLanguage is the label of the button to it, in that language.
func (p *person) otherLanguage() string {
	for _, lang := range p.site.catalog.Languages() {
		if lang != p.screen.Lang {
			return p.site.label(lang, "button.language")
		}
	}
	p.Fatal("there is one language only")
	return ""
}

func (p *person) hasContacts() {
	p.Helper()
	if !slices.ContainsFunc(p.screen.Buttons, func(b bot.Button) bool { return b.Phone != "" }) {
		p.Errorf("no number to ring below %q", p.screen.Text)
	}
}

func TestWalkByMouse(t *testing.T) {
	s := newSite(t, nil)
	for _, lang := range s.catalog.Languages() {
		t.Run(lang, func(t *testing.T) { newPerson(t, s, lang).walk() })
	}
}

func TestWalkByKeyboard(t *testing.T) {
	s := newSite(t, nil)
	for _, lang := range s.catalog.Languages() {
		t.Run(lang, func(t *testing.T) {
			p := newPerson(t, s, lang)
			p.press = p.key
			p.walk()
		})
	}
}

// A poster's code stands behind the # of the address. It opens its door and goes from the address and the history; what is no code of ours, such
// as a page's own mark, is left alone.
func TestDoorInTheAddress(t *testing.T) {
	s := newSite(t, nil)
	door := s.set.Doors[0]
	for fragment, left := range map[string]string{door.Code: "", "constructor": "#constructor", "": ""} {
		p := open(t, s, "/?x=1#"+fragment, "sv")
		p.ready()
		want := s.bot.Handle(t.Context(), bot.Update{Lang: "sv", Start: fragment})
		if text, _, _ := strings.Cut(want.Text, "\n"); !eval[bool](p, visible+`.includes(`+asJSON(text)+`)`) {
			t.Errorf("#%s does not show %q", fragment, text)
		}
		if got := eval[string](p, `location.pathname + location.search + location.hash`); got != "/?x=1"+left {
			t.Errorf("#%s leaves the address %s", fragment, got)
		}
		if n := eval[int](p, `history.length`); n > 2 { // the empty page and this one
			t.Errorf("#%s makes a history of %d", fragment, n)
		}
	}
}

// A whole conversation without a button: the same words do the same in both languages.
func TestWalkByTyping(t *testing.T) {
	s := newSite(t, nil)
	for _, lang := range s.catalog.Languages() {
		t.Run(lang, func(t *testing.T) {
			p := newPerson(t, s, lang)
			for i, text := range map[string][]string{
				"sv": {"hej", "jag köper sex", "Malmö", "tillbaka", "asdf qwer", "jag säljer sex i Göteborg", "in English", "byt språk", "vill inte leva längre", "rensa allt"},
				"en": {"hello", "I buy sex", "Malmo", "back", "asdf qwer", "i sell sex in Gothenburg", "på svenska", "in english please", "i want to die", "delete everything"},
			}[lang] {
				p.types(text, i%2 == 1)
			}
			if !p.screen.Clear {
				t.Errorf("the walk ends at %q, expected the cleared screen", p.screen.Text)
			}
		})
	}
}

// A link from outside opens at its door, and one that there is not at the first screen. (The element's attribute.)
func TestDoor(t *testing.T) {
	s := newSite(t, nil)
	for _, code := range []string{s.set.Doors[0].Code, "constructor"} {
		p := newPerson(t, s, "sv")
		eval[chromedp.Void](p.tab, `(() => {
			globalThis.ready = false;
			const chat = document.createElement('motkraft-chat');
			chat.setAttribute('lang', 'sv');
			chat.setAttribute('door', `+asJSON(code)+`);
			document.querySelector('motkraft-chat').replaceWith(chat);
		})()`)
		p.ready()
		p.screen = s.bot.Handle(t.Context(), bot.Update{Lang: "sv", Start: code})
		p.sees()
	}
}
