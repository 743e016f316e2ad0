package web_test

import (
	"fmt"
	"html"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"motkraft/bot"
	"motkraft/bot/web"
	"motkraft/flows"
)

var (
	stepLinks  = regexp.MustCompile(`href="(s-[0-9a-f-]+\.[a-z]+\.html)"`)
	stepAt     = regexp.MustCompile(` at="(\S+) ([0-9]+)"`)
	stepOption = regexp.MustCompile(`(?s)<ul class="option".*?</ul>`)
	stepLabel  = regexp.MustCompile(`<span>([^<]*)</span></a>`)
	stepCard   = regexp.MustCompile(`<h3>([^<]*)</h3>`)
)

// Every screen that links lead to from the first one is a plain page: it says what the bot says there, of the same services, with the same choices, and
// each of its links leads on. No address and no title tells of it.
func TestEveryScreenIsAPlainPage(t *testing.T) {
	s := newSite(t, nil)
	title := regexp.MustCompile(`<title>(.*?)</title>`)
	for _, lang := range s.catalog.Languages() {
		queue := stepLinks.FindAllStringSubmatch(body(t, s.get("GET", "/"+s.pageFile("index", lang))), -1)
		seen, nodes := map[string]bool{}, map[flows.ID]bool{}
		for len(queue) > 0 {
			name := queue[0][1]
			queue = queue[1:]
			if seen[name] || !strings.HasSuffix(name, "."+lang+".html") {
				continue
			}
			seen[name] = true
			answer := s.get("GET", "/"+name)
			page := body(t, answer)
			at := stepAt.FindStringSubmatch(page)
			if answer.StatusCode != 200 || at == nil {
				t.Fatalf("%s gives %d", name, answer.StatusCode)
			}
			queue = append(queue, stepLinks.FindAllStringSubmatch(page, -1)...)
			nodes[flows.ID(at[1])] = true
			for word := range strings.SplitSeq(at[1], "/") {
				if strings.Contains(name, word) {
					t.Errorf("the address %s tells of %s", name, at[1])
				}
			}
			if got := title.FindStringSubmatch(page)[1]; got != s.label(lang, "web.title") {
				t.Errorf("%s is called %q", at[1], got)
			}
			s.sameAsTheBot(t, lang, page, at[1], at[2])
		}
		if len(seen) < 150 || len(nodes) < len(s.set.Nodes)-1 { // all but the cleared screen
			t.Errorf("%s: %d pages of %d nodes, expected those of all %d", lang, len(seen), len(nodes), len(s.set.Nodes)-1)
		}
		t.Logf("%s: %d pages", lang, len(seen))
	}
}

// sameAsTheBot holds a plain page to what the bot says there.
func (s *site) sameAsTheBot(t *testing.T, lang, page, node, place string) {
	t.Helper()
	var at flows.Place
	fmt.Sscan(place, &at)
	_, data := s.state(lang, at, s.set.Node(flows.ID(node)))
	m := s.bot.Handle(t.Context(), bot.Update{Data: data})
	text := html.UnescapeString(page)
	for line := range strings.Lines(m.Text) {
		line = strings.TrimSpace(line)
		line, _, _ = strings.Cut(line, ", "+s.label(lang, "hours.always")) // hours stand apart from what they are of
		line, _, _ = strings.Cut(line, ", "+s.label(lang, "hours.unknown"))
		pressed := slices.ContainsFunc(m.Buttons, func(b bot.Button) bool { return b.Kind == bot.Contact }) && s.ways(lang)[line]
		if line != "" && !pressed && !strings.Contains(text, line) && !strings.Contains(line, ", ") && !isHead(s, lang, line) {
			t.Errorf("%s at %s in %s lacks %q", node, place, lang, line)
		}
	}
	var options, want []string
	for _, label := range stepLabel.FindAllStringSubmatch(stepOption.FindString(page), -1) {
		options = append(options, html.UnescapeString(label[1]))
	}
	for _, b := range m.Buttons {
		if b.Kind == bot.Option {
			want = append(want, b.Label)
		}
	}
	if !slices.Equal(options, want) {
		t.Errorf("%s at %s in %s has the choices %q, expected %q", node, place, lang, options, want)
	}
	for _, card := range stepCard.FindAllStringSubmatch(page, -1) {
		if !strings.Contains(m.Text, html.UnescapeString(card[1])+"\n") {
			t.Errorf("%s at %s in %s names %q, and the bot does not", node, place, lang, card[1])
		}
	}
	for _, b := range m.Buttons {
		if b.Phone != "" && !strings.Contains(text, `href="tel:`+b.Phone+`"`) || b.URL != "" && !strings.Contains(text, `href="`+b.URL+`"`) {
			t.Errorf("%s at %s in %s has no link for %q", node, place, lang, b.Label)
		}
	}
}

// isHead reports whether a line is what stands there by the hour: a heading, or that nobody near is sure to answer.
func isHead(s *site, lang, line string) bool {
	return slices.ContainsFunc([]string{"emergency", "near", "open", "later", "unsure"}, func(key string) bool { return s.label(lang, "referral."+key) == line })
}

// What is no step is not there, however it is asked for.
func TestNoSuchStep(t *testing.T) {
	s := newSite(t, nil)
	_, ok := strings.CutPrefix(stepLinks.FindString(body(t, s.get("GET", "/"))), `href="`)
	if !ok {
		t.Fatal("the first page has no link to a step")
	}
	for _, name := range []string{"s-000000.sv.html", "s-053810.xx.html", "s-053810-1480.sv.html", "s-053810-99999.sv.html", "s-053810-0.sv.html", "s-05381.sv.html", "s-053810.html", "s-.sv.html"} {
		if got := s.get("GET", "/"+name).StatusCode; got != 404 {
			t.Errorf("%s gives %d", name, got)
		}
	}
}

// Without scripts one walks from the first page to a referral by links alone, in a small window and a wide one, and nothing that cannot be used is
// to be seen.
func TestTalkWithoutScripts(t *testing.T) {
	s := newSite(t, nil)
	for _, lang := range s.catalog.Languages() {
		for _, width := range []int64{320, 1280} {
			p := withoutScripts(t, s, "/", lang)
			p.do(chromedp.EmulateViewport(width, 568))
			press := func(label string) {
				t.Helper()
				at := eval[[]float64](p, `(() => {
					const link = [...document.querySelector('motkraft-chat').shadowRoot.querySelectorAll('a')].find((e) => e.textContent === `+asJSON(label)+`);
					link.scrollIntoView({ block: 'center', behavior: 'instant' });
					const { x, y, width, height } = link.getBoundingClientRect();
					return [x + width / 2, y + height / 2];
				})()`)
				before := eval[string](p, `location.href`)
				p.do(chromedp.MouseClickXY(at[0], at[1]))
				p.until("another page", `location.href !== `+asJSON(before)+` && document.readyState === 'complete'`)
				for _, fault := range eval[[]string](p, outside) {
					t.Errorf("%s, %d px, %s: %s", lang, width, label, fault)
				}
				if eval[bool](p, `[...document.querySelector('motkraft-chat').shadowRoot.querySelectorAll('input, button')].some((e) => e.checkVisibility())`) {
					t.Errorf("%s: something is to be seen that does nothing without a script", label)
				}
			}
			press(s.label(lang, "start/welcome.buy"))
			press(s.label(lang, "buy/start.near"))
			ask := s.set.Node("buy/place").Ask
			place := ask.Choices(0)[0]
			press(s.set.Places.Name(place))
			if !ask.Decided(place) {
				press(s.set.Places.Name(ask.Choices(place)[0]))
			}
			if !eval[bool](p, `document.querySelector('motkraft-chat').shadowRoot.querySelector('.card.near') !== null`) {
				t.Errorf("%s: nobody near at the end", lang)
			}
			press(s.label(lang, "button.acute"))
			if got := eval[string](p, `document.querySelector('motkraft-chat').shadowRoot.querySelector('.contact a').getAttribute('href')`); got != "tel:112" {
				t.Errorf("acute help begins with %s", got)
			}
		}
	}
}

// shifts adds up how far things move by themselves on a page, as the browser measures it (https://web.dev/articles/cls).
const shifts = `
	globalThis.shift = 0;
	new PerformanceObserver((list) => { for (const e of list.getEntries()) if (!e.hadRecentInput) shift += e.value; }).observe({ type: 'layout-shift', buffered: true });`

// The script takes over in place: next to nothing moves by itself, on a phone and on a desk, on the first page and on any other; and the
// conversation goes on from the screen that the page shows.
func TestScriptTakesOverInPlace(t *testing.T) {
	s := newSite(t, nil)
	s.before = shifts
	urgent := s.set.Node(flows.Acute)
	for _, window := range [][2]int64{{390, 664}, {1280, 900}} {
		for name, node := range map[string]*flows.Node{"/": s.set.Node(flows.Welcome), "/" + fmt.Sprintf("s-%x.sv.html", urgent.Ref): urgent} {
			p := openIn(t, s, name, "sv", window)
			p.ready()
			p.until("it drawn", `new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(true))))`)
			const most = 0.02
			if got := eval[float64](p, `shift`); got > most {
				t.Errorf("%s in %v: things move by %.3f, expected at most %.2f", name, window, got, most)
			}
			_, data := s.state("sv", 0, node)
			someone := &person{tab: p, site: s, screen: s.bot.Handle(t.Context(), bot.Update{Data: data})}
			someone.sees()
			someone.press = someone.click
			someone.presses(someone.otherLanguage())
		}
	}
}

// An export has all of them: every link in every page leads to a file of it.
func TestExportHasEveryStep(t *testing.T) {
	s := newSite(t, nil)
	dir := t.TempDir()
	if err := s.handler.(*web.Handler).Export(dir); err != nil {
		t.Fatal(err)
	}
	pages, err := filepath.Glob(filepath.Join(dir, "*.html"))
	if err != nil || len(pages) < 500 {
		t.Fatalf("%d pages, %v", len(pages), err)
	}
	for _, page := range pages {
		data, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		for _, link := range stepLinks.FindAllStringSubmatch(string(data), -1) {
			if _, err := os.Stat(filepath.Join(dir, link[1])); err != nil {
				t.Fatalf("%s links to %s, which is not there", filepath.Base(page), link[1])
			}
		}
	}
}
