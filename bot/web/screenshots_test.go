package web_test

import (
	"bytes"
	"context"
	"fmt"
	"image/png"
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// windows are the widths that the pages are looked at in, each with a height that goes with it.
var windows = map[int64]int64{320: 568, 768: 1024, 1280: 900}

// TestScreenshots writes pictures of what people meet, for people to look at: what a program can say of looks stands in the other tests. Here it
// asks only that there is a picture, and something on it.
func TestScreenshots(t *testing.T) {
	dir := os.Getenv("MOTKRAFT_TEST_SCREENSHOTS")
	if dir == "" {
		need(t, "screenshots", "set MOTKRAFT_TEST_SCREENSHOTS to a folder")
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	s, gone := newSite(t, nil), newSite(t, away)
	for _, lang := range s.catalog.Languages() {
		for _, scheme := range []string{"light", "dark"} {
			for width, height := range windows {
				picture := func(p *tab, name string) {
					p.Helper()
					p.picture(filepath.Join(dir, fmt.Sprintf("%s-%s-%d-%s.png", name, lang, width, scheme)), width)
				}
				in := func(p *tab) {
					p.prefers("prefers-color-scheme", scheme)
					p.do(chromedp.EmulateViewport(width, height))
				}
				p := newPerson(t, s, lang)
				in(p.tab)
				picture(p.tab, "start")
				p.goes("start/welcome.sell")
				picture(p.tab, "question")
				p.goes("button.contacts")
				picture(p.tab, "referral")
				p.types("asdf", false)
				picture(p.tab, "typed")
				for _, name := range []string{"contacts", "accessibility", "embed"} {
					a := open(t, s, "/"+name, lang)
					in(a)
					picture(a, name)
				}
				n := withoutScripts(t, s, "/", lang)
				in(n)
				picture(n, "no-script")
				a := open(t, gone, "/", lang)
				in(a)
				a.until("the words for it", visible+`.includes('112')`)
				picture(a, "away")
			}
		}
	}
}

// picture writes what the window shows.
func (p *tab) picture(path string, width int64) {
	p.Helper()
	p.call("a picture", func(ctx context.Context, target *chromedp.Target) error {
		shot, err := cdp.Call(ctx, target, page.CaptureScreenshot, page.CaptureScreenshotParams{Format: "png"})
		if err != nil {
			return err
		}
		const something = 4 << 10 // bytes; an empty page packs to fewer
		if c, err := png.DecodeConfig(bytes.NewReader(shot.Data)); err != nil || c.Width != int(width) || len(shot.Data) < something {
			p.Errorf("%s: %v, %d pixels wide in %d bytes, expected %d pixels and something to see", filepath.Base(path), err, c.Width, len(shot.Data), width)
		}
		return os.WriteFile(path, shot.Data, 0o644)
	})
}
