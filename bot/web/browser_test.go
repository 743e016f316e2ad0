package web_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"motkraft/bot"
	"motkraft/bot/web"
	"motkraft/flows"
	"motkraft/locales"
)

// patience is how long a test waits before it calls a thing missing: never a measure of speed.
const patience = 2 * time.Minute

// aMonday is an ordinary moment in office hours.
var aMonday = stockholm("2026-11-23 10:30")

// sweden is the time zone of the content that ships.
func sweden() *time.Location {
	campaign, problems := flows.LoadCampaign(flows.Embedded)
	if len(problems) > 0 {
		panic(problems)
	}
	return campaign.Zone
}

func stockholm(s string) time.Time {
	t, err := time.ParseInLocation("2006-01-02 15:04", s, sweden())
	if err != nil {
		panic(err)
	}
	return t
}

// need skips a test that lacks a tool, and says which. Where MOTKRAFT_TEST_REQUIRE names the tool the test fails instead.
func need(t *testing.T, tool, cure string) {
	t.Helper()
	if slices.Contains(strings.Split(os.Getenv("MOTKRAFT_TEST_REQUIRE"), ","), tool) {
		t.Fatalf("%s is missing: %s", tool, cure)
	}
	t.Skipf("%s is missing: %s", tool, cure)
}

// chromium is one browser for all tests, started when the first one asks for it and stopped by TestMain.
var chromium struct {
	sync.Once
	ctx  context.Context
	stop func()
	err  error
}

func TestMain(m *testing.M) {
	code := m.Run()
	if chromium.stop != nil {
		chromium.stop()
	}
	os.Exit(code)
}

func browser(t *testing.T) context.Context {
	t.Helper()
	var path string
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if found, err := exec.LookPath(name); err == nil {
			path = found
			break
		}
	}
	if path == "" {
		need(t, "chromium", "install chromium, so that it is on the PATH")
	}
	chromium.Do(func() {
		options := append(slices.Clone(chromedp.DefaultExecAllocatorOptions[:]), chromedp.ExecPath(path))
		for _, flag := range []string{"no-sandbox", "disable-gpu", "disable-quic", "disable-component-update", "disable-domain-reliability"} {
			options = append(options, chromedp.Flag(flag, true))
		}
		// No test asks anybody outside for anything.
		options = append(options, chromedp.Flag("headless", "new"), chromedp.Flag("host-resolver-rules", "MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost"))
		allocator, stop := chromedp.NewExecAllocator(context.Background(), options...)
		ctx, cancel := chromedp.NewContext(allocator)
		chromium.ctx, chromium.stop = ctx, func() { cancel(); stop() }
		chromium.err = chromedp.Do(ctx)
	})
	if chromium.err != nil {
		t.Fatalf("chromium does not start: %v", chromium.err)
	}
	return chromium.ctx
}

// site is a handler on a server of its own, at a moment that a test sets, and the same bot beside it.
type site struct {
	set     *flows.Set
	catalog *locales.Catalog
	sealer  *bot.Sealer
	bot     *bot.Bot
	handler http.Handler
	url     string
	clock   *atomic.Int64 // Unix seconds
	asked   *atomic.Int64 // how many requests came
	before  string        // a script that runs in each page before its own
	hurry   int           // how many times faster the page's own time limits pass; 0: as they are
}

var content = sync.OnceValues(func() (*flows.Set, *locales.Catalog) {
	set, problems := flows.Load(flows.Embedded)
	catalog, more := locales.Load(locales.Embedded, set.Campaign.Language)
	if err := append(problems, more...).Err(); err != nil {
		panic(err)
	}
	return set, catalog
})

// embedded is the site of the embedded content, which all tests share, but for its server. No two of them run at once.
var embedded = sync.OnceValues(func() (site, error) {
	set, catalog := content()
	return makeSite(set, catalog)
})

// newSite serves the embedded content; wrap, where it is not nil, stands before the handler.
func newSite(t *testing.T, wrap func(http.Handler) http.Handler) *site {
	t.Helper()
	made, err := embedded()
	if err != nil {
		t.Fatal(err)
	}
	made.at(aMonday)
	made.get("GET", "/") // whoever asks while a new day is made gets the last one's
	made.serve(t, wrap)
	return &made
}

// newSiteOf serves other content.
func newSiteOf(t *testing.T, set *flows.Set, catalog *locales.Catalog) *site {
	t.Helper()
	made, err := makeSite(set, catalog)
	if err != nil {
		t.Fatal(err)
	}
	made.serve(t, nil)
	return &made
}

func makeSite(set *flows.Set, catalog *locales.Catalog) (s site, err error) {
	s = site{set: set, catalog: catalog, clock: new(atomic.Int64)}
	s.at(aMonday)
	clock := s.clock
	now := func() time.Time { return time.Unix(clock.Load(), 0) }
	if s.sealer, err = bot.NewSealer(make([]byte, 32)); err != nil {
		return s, err
	}
	if s.bot, err = bot.New(s.set, s.catalog, bot.Options{Sealer: s.sealer, Now: now}); err != nil {
		return s, err
	}
	s.handler, err = web.New(s.bot, web.Options{Now: now})
	return s, err
}

func (s *site) serve(t *testing.T, wrap func(http.Handler) http.Handler) {
	s.asked = new(atomic.Int64)
	served := s.handler
	if wrap != nil {
		served = wrap(served)
	}
	server := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		s.asked.Add(1)
		unpacked(served).ServeHTTP(rw, r)
	}))
	t.Cleanup(server.Close)
	s.url = server.URL
}

// unpacked serves without packing: that takes long under the race detector, and has tests of its own.
func unpacked(h http.Handler) http.Handler {
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		r.Header.Del("Accept-Encoding")
		h.ServeHTTP(rw, r)
	})
}

func (s *site) at(now time.Time) { s.clock.Store(now.Unix()) }
func (s *site) now() time.Time   { return time.Unix(s.clock.Load(), 0) }

func (s *site) label(lang, key string) string { return s.catalog.Say(lang, key) }

// update is how a conversation in a language begins.
func update(lang string) bot.Update { return bot.Update{Lang: lang} }

// tab is a tab in a profile of its own.
type tab struct {
	*testing.T
	ctx context.Context

	mu       sync.Mutex
	requests []string
	faults   []string // what the console shows
}

// watch runs in the page before anything else: the clock stands, and faults that no console shows are kept.
const watch = `
	Date.now = () => %d;
	globalThis.violations = [];
	addEventListener('securitypolicyviolation', (e) => violations.push(e.violatedDirective + ' ' + e.blockedURI), true);
	addEventListener('motkraft-ready', () => { globalThis.ready = true; }, true);
	const setTimeoutAsIs = setTimeout;
	globalThis.setTimeout = (does, after, ...rest) => setTimeoutAsIs(does, after / %d, ...rest);`

// open opens a path of the site, in a browser that asks for a language. It does not wait for the conversation.
func open(t *testing.T, s *site, path, lang string) *tab {
	t.Helper()
	return openIn(t, s, path, lang, [2]int64{})
}

// openIn is open in a window of a size; none: the browser's own.
func openIn(t *testing.T, s *site, path, lang string, window [2]int64) *tab {
	t.Helper()
	p := newTab(t)
	if window != [2]int64{} {
		p.do(chromedp.EmulateViewport(window[0], window[1]))
	}
	p.call(network.SetExtraHTTPHeaders.Method, func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, network.SetExtraHTTPHeaders, network.SetExtraHTTPHeadersParams{
			Headers: network.Headers{"Accept-Language": lang},
		})
		return err
	})
	p.call("watch", func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{
			Source: fmt.Sprintf(watch, s.clock.Load()*1000, max(s.hurry, 1)) + s.before,
		})
		return err
	})
	p.do(chromedp.Navigate(s.url + path))
	return p
}

func newTab(t *testing.T) *tab {
	t.Helper()
	ctx, cancel := chromedp.NewContext(browser(t), chromedp.WithNewBrowserContext())
	t.Cleanup(cancel)
	if err := chromedp.Do(ctx); err != nil { // a time limit on the first call would be the tab's
		t.Fatal(err)
	}
	ctx, cancel = context.WithTimeout(ctx, 5*patience)
	t.Cleanup(cancel)
	p := &tab{T: t, ctx: ctx}
	if err := chromedp.Listen(ctx, p.hear); err != nil {
		t.Fatal(err)
	}
	return p
}

// hear keeps what a test may want to know later.
func (p *tab) hear(event any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch e := event.(type) {
	case *network.EventRequestWillBeSent:
		p.requests = append(p.requests, e.Request.URL)
	case *runtime.EventExceptionThrown:
		p.faults = append(p.faults, e.ExceptionDetails.Text)
	case *runtime.EventConsoleAPICalled:
		p.faults = append(p.faults, fmt.Sprint("console.", e.Type))
	case *log.EventEntryAdded:
		p.faults = append(p.faults, e.Entry.Text)
	}
}

// asks waits until the page has asked for an address.
func (p *tab) asks(address string) {
	p.Helper()
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if requests, _ := p.heard(); slices.Contains(requests, address) {
			return
		}
	}
	requests, _ := p.heard()
	p.Fatalf("the page asks for %q, expected %s", requests, address)
}

// heard gives the requests and the faults so far.
func (p *tab) heard() (requests, faults []string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.requests), slices.Clone(p.faults)
}

func (p *tab) do(steps ...chromedp.Action[chromedp.Void]) {
	p.Helper()
	if err := chromedp.Do(p.ctx, steps...); err != nil {
		p.Fatal(err)
	}
}

func (p *tab) call(what string, f func(context.Context, *chromedp.Target) error) {
	p.Helper()
	if err := chromedp.Do(p.ctx, chromedp.Func(f)); err != nil {
		p.Fatalf("%s: %v", what, err)
	}
}

// eval gives what a script in the page comes to; promises are waited for.
func eval[T any](p *tab, script string) T {
	p.Helper()
	v, err := chromedp.Run(p.ctx, chromedp.Evaluate[T](script, chromedp.EvalAwaitPromise))
	if err != nil {
		p.Fatalf("%v in %.200s", err, script)
	}
	return v
}

// until waits for a script to come to true, be it on the page that comes next.
func (p *tab) until(what, script string) {
	p.Helper()
	for end := time.Now().Add(patience); ; time.Sleep(20 * time.Millisecond) {
		done, err := chromedp.Run(p.ctx, chromedp.Evaluate[bool](script, chromedp.EvalAwaitPromise))
		if done {
			return
		}
		if err != nil && !strings.Contains(err.Error(), "navigated") {
			p.Fatalf("%v in %.200s", err, script)
		}
		if time.Now().After(end) {
			_, faults := p.heard()
			p.Fatalf("%s does not happen; the console says %q", what, faults)
		}
	}
}

// ready waits for the conversation.
func (p *tab) ready() {
	p.Helper()
	p.until("motkraft-ready", `globalThis.ready === true`)
}
