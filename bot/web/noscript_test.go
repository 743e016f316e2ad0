package web_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"motkraft/flows"
)

// withoutScripts opens a page in a browser that runs none.
func withoutScripts(t *testing.T, s *site, path, lang string) *tab {
	t.Helper()
	p := open(t, s, "/accessibility", lang)
	p.call("no scripts", func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
		return err
	})
	p.do(chromedp.Navigate(s.url + path))
	return p
}

// A browser without scripts shows all contacts on one page: acute help open and first, every number as a link that rings it, the way out in view,
// and nothing that does not work.
func TestBrowserWithoutScripts(t *testing.T) {
	s := newSite(t, nil)
	for _, lang := range s.catalog.Languages() {
		for _, path := range []string{"/contacts"} {
			for _, width := range []int64{320, 1280} {
				t.Run(fmt.Sprint(lang, path, width), func(t *testing.T) {
					p := withoutScripts(t, s, path, lang)
					p.do(chromedp.EmulateViewport(width, 568))
					first := eval[string](p, `[...document.querySelectorAll('section a')].find((e) => e.checkVisibility()).getAttribute('href')`)
					if first != "tel:112" {
						t.Errorf("the first contact is %s, expected tel:112", first)
					}
					if got := eval[string](p, `document.querySelector('section').lang`); got != lang {
						t.Errorf("the first list is in %q, expected %q", got, lang)
					}
					// Open the rest as a person does.
					for eval[bool](p, `Boolean(document.querySelector('details:not([open])'))`) {
						at := eval[[]float64](p, `(() => {
							const summary = document.querySelector('details:not([open]) > summary');
							summary.scrollIntoView({ block: 'center', behavior: 'instant' });
							const { x, y, height } = summary.getBoundingClientRect();
							return [x + 30, y + height / 2];
						})()`)
						p.do(chromedp.MouseClickXY(at[0], at[1]))
					}
					links := eval[[]string](p, `[...document.querySelectorAll('section a')].filter((e) => e.checkVisibility()).map((e) => e.getAttribute('href'))`)
					for _, service := range s.set.Services {
						for _, c := range service.Contacts {
							want := c.Address
							switch c.Kind {
							case flows.Phone:
								want = "tel:" + c.Dial
							case flows.Email, flows.Through:
								continue // stands in the text
							}
							if !slices.Contains(links, want) {
								t.Errorf("%s is missing", want)
							}
						}
					}
					if faults := eval[[]string](p, outsidePage); len(faults) > 0 {
						t.Errorf("%s", strings.Join(faults, "\n"))
					}
					for _, y := range []string{"0", "1e6"} {
						if !eval[bool](p, `(() => {
							scrollTo(0, `+y+`);
							const leave = document.querySelector('.leave');
							const { x, y, width, height } = leave.getBoundingClientRect();
							return document.elementFromPoint(x + width / 2, y + height / 2) === leave && leave.href === 'https://www.smhi.se/';
						})()`) {
							t.Errorf("the way out is not in reach at %s", y)
						}
					}
				})
			}
		}
	}
}
