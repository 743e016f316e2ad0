package web_test

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"motkraft/bot"
	"motkraft/flows"
)

var rewrite = flag.Bool("update", false, "write the tables anew")

// phones are the windows that a page has on common phones, between the browser's own bars.
var phones = [][2]int64{{390, 664}, {375, 553}, {360, 640}}

// firstWay measures where the first way to reach somebody ends in the window, and whether all of it is in view with nothing over it.
const firstWay = `(() => {
	const root = document.querySelector('motkraft-chat').shadowRoot;
	scrollTo(0, 0);
	const way = root.querySelector('.contact a, .contact .line');
	const box = way.getBoundingClientRect();
	const bar = root.querySelector('.bar').getBoundingClientRect().bottom;
	const hit = root.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
	return { bottom: box.bottom, right: box.right, whole: box.top >= bar && box.bottom <= innerHeight && box.right <= innerWidth && (hit === way || way.contains(hit)) };
})()`

// On every screen that names services the first way to reach one stands in view, whole, on a small phone, in each language, and with text twice as
// large; on acute help two numbers more stand within two heights of the window.
func TestFirstCallInView(t *testing.T) {
	s := doored(t)
	for _, lang := range s.catalog.Languages() {
		p := newPerson(t, s, lang)
		for _, phone := range phones {
			for _, text := range []int{100, 200} {
				p.do(chromedp.EmulateViewport(phone[0], phone[1], chromedp.EmulateMobile, chromedp.EmulateTouch))
				p.ownTextOf(text)
				seen := 0
				for _, n := range s.set.Nodes {
					if n.Refer == nil {
						continue
					}
					seen++
					p.opens(n)
					got := eval[struct {
						Bottom, Right float64
						Whole         bool
					}](p.tab, firstWay)
					if !got.Whole {
						t.Errorf("%s, %dx%d, text %d %%, %s: the first way ends at %.0f, %.0f, and is not in view whole", lang, phone[0], phone[1], text, n.ID, got.Right, got.Bottom)
					}
				}
				if seen < 40 {
					t.Fatalf("only %d screens looked at", seen)
				}
				if text != 100 {
					continue
				}
				p.opens(s.set.Node(flows.Acute))
				for _, number := range []string{"90101", "116016"} {
					if at := eval[float64](p.tab, `document.querySelector('motkraft-chat').shadowRoot.querySelector('[href="tel:`+number+`"]').getBoundingClientRect().bottom`); at > float64(2*phone[1]) {
						t.Errorf("%s, %dx%d: %s ends at %.0f, expected it within two heights of the window", lang, phone[0], phone[1], number, at)
					}
				}
			}
		}
	}
}

// The words before the first way to reach somebody, on every screen that names services: a table to be read.
func TestWordsBeforeTheCall(t *testing.T) {
	s := newSite(t, nil)
	var b strings.Builder
	for _, n := range s.set.Nodes {
		if n.Refer == nil {
			continue
		}
		fmt.Fprintf(&b, "%-20s", n.ID)
		for _, lang := range s.catalog.Languages() {
			_, data := s.state(lang, 0, n)
			lines := strings.Split(s.bot.Handle(t.Context(), bot.Update{Data: data}).Text, "\n")
			ways := s.ways(lang)
			first := slices.IndexFunc(lines, func(line string) bool {
				for way := range ways {
					if line == way || strings.HasPrefix(line, way+", ") {
						return true
					}
				}
				return false
			})
			fmt.Fprintf(&b, "  %s %2d words", lang, len(strings.Fields(strings.Join(lines[:first], " "))))
		}
		b.WriteByte('\n')
	}
	const golden = "testdata/calls.txt"
	if *rewrite {
		if err := os.MkdirAll(filepath.Dir(golden), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(golden, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil || string(want) != b.String() {
		t.Errorf("%v; found\n%s\nexpected what stands in %s (write it with -update)", err, &b, golden)
	}
}

// ownTextOf sets the size of text that the person has chosen in their browser, in per cent of the usual one.
func (p *tab) ownTextOf(percent int) {
	p.Helper()
	const usual = 16
	p.call("the person's size", func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, page.SetFontSizes, page.SetFontSizesParams{FontSizes: &page.FontSizes{Standard: int64(usual * percent / 100)}})
		return err
	})
}

// textOf sets the size of a page's text, in per cent of the browser's own.
func (p *tab) textOf(percent int) {
	p.Helper()
	eval[chromedp.Void](p, fmt.Sprintf(`(() => {
		const size = new CSSStyleSheet();
		size.replaceSync('html { font-size: %d%% }');
		document.adoptedStyleSheets = [size];
	})()`, percent))
}
