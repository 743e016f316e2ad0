package main

import (
	"context"
	"flag"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"motkraft/bot/count"
	"motkraft/bot/telegram/standin"
	"motkraft/flows"
)

var update = flag.Bool("update", false, "write what is held into the README and into testdata")

// keptIn gives what a file of counts holds, by key, without what was never counted, and the whole of it.
func keptIn(t *testing.T, path string) (counts map[string]int64, whole string) {
	t.Helper()
	kept, err := count.NewFile(path).Read(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	counts = map[string]int64{}
	for key, n := range kept.Counts {
		if n > 0 {
			counts[key.Channel+"/"+key.Group] += n
		}
	}
	return counts, string(readFile(t, path))
}

// The whole program counts: a conversation once, the screens' fetching, and nothing of anybody.
func TestServeCounts(t *testing.T) {
	path := filepath.Join(t.TempDir(), "counts.json")
	platform := standin.New(t, standin.Options{})
	r := start(t, "MOTKRAFT_COUNTS="+path, "MOTKRAFT_TELEGRAM_TOKEN="+platform.Token, "MOTKRAFT_TELEGRAM_API="+platform.URL)
	if counts, _ := keptIn(t, path); len(counts) != 0 {
		t.Errorf("before anything happened %v are kept", counts)
	}
	for range 2 {
		p := platform.Join("en")
		do := func(what func()) {
			before := p.Answers()
			what()
			p.WaitAnswers(before)
		}
		label := func(label string) func() {
			return func() {
				screens := p.Screens()
				for _, b := range screens[len(screens)-1].Buttons() {
					if b.Text == label {
						p.Press(b.Data)
						return
					}
				}
				t.Errorf("no button %q", label)
			}
		}
		do(func() { p.Start("k1") })
		do(label("Show contacts now"))
		do(label("På svenska"))
		do(label("Akut hjälp"))
		do(label("Tillbaka"))
		do(func() { p.Type("jag vill dö") })
	}
	for _, path := range []string{"/", "/screens.sv.json", "/screens.en.json"} {
		status(t, r.public+path)
	}
	if counts, _ := keptIn(t, path); len(counts) != 0 {
		t.Errorf("before the day was over %v are kept", counts)
	}
	r.stop()
	if code := <-r.code; code != exitOK {
		t.Errorf("ended with %d", code)
	}
	counts, whole := keptIn(t, path)
	if len(counts) != 2 || counts["telegram/buy"] != 2 || counts["web/fetched"] != 2 {
		t.Errorf("kept %v", counts)
	}
	for _, canary := range append(platform.Canaries(), "dö") {
		if strings.Contains(whole, canary) || strings.Contains(r.log.String(), canary) {
			t.Errorf("%q is kept or logged:\n%s\n%s", canary, whole, r.log)
		}
	}
}

// closing is a store that tells what is done with it, in order.
type closing struct {
	count.Store
	mu   sync.Mutex
	done []string
}

func (c *closing) did(what string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.done = append(c.done, what)
}

func (c *closing) Add(_ context.Context, b count.Batch) error {
	if len(b.Counts) > 0 {
		c.did("added")
	}
	return nil
}

func (c *closing) Close() error {
	c.did("closed")
	return nil
}

// At the end what is left is added, and then the store is closed, once.
func TestStoreIsClosed(t *testing.T) {
	w, _ := newWorld(t.Context())
	store := &closing{}
	o := newObserver(w, store, nil)
	finish := o.count()
	o.counter.Fetched()
	finish()
	// What there may be is listed at the start, too, if that was quick enough.
	if got := strings.Join(store.done, " "); got != "added closed" && got != "added added closed" {
		t.Errorf("with the store was done %s", got)
	}
}

// A Redis that takes connections and never answers delays no start, no answer and no end, and is told of without its password.
func TestHangingRedisKeepsNobody(t *testing.T) {
	silent := listen(t)
	defer silent.Close()
	go func() {
		for {
			if _, err := silent.Accept(); err != nil {
				return
			}
		}
	}()
	platform := standin.New(t, standin.Options{})
	r := start(t, "MOTKRAFT_COUNTS=redis://person:canary@"+silent.Addr().String(),
		"MOTKRAFT_TELEGRAM_TOKEN="+platform.Token, "MOTKRAFT_TELEGRAM_API="+platform.URL)
	p := platform.Join("en")
	before := p.Answers()
	p.Start("k1")
	p.WaitAnswers(before)
	before = p.Answers()
	p.PressButton(0)
	p.WaitAnswers(before)
	platform.Wait("word of the store", func() bool { return strings.Contains(r.log.String(), "counts were not added") })
	if n := value(scrape(t, r.admin), "motkraft_count_failures_total"); n < 1 {
		t.Errorf("%v failures are told to Prometheus", n)
	}
	r.stop()
	if code := <-r.code; code != exitOK {
		t.Errorf("ended with %d", code)
	}
	if strings.Contains(r.log.String(), "canary") {
		t.Errorf("the password is logged:\n%s", r.log)
	}
}

// A Redis Cluster is refused at the start.
func TestRedisClusterStopsTheStart(t *testing.T) {
	l := listen(t)
	defer l.Close()
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer c.Close()
				for some := make([]byte, 4096); ; {
					if _, err := c.Read(some); err != nil {
						return
					}
					io.WriteString(c, "-MOVED 1234 canary:7001\r\n")
				}
			}()
		}
	}()
	w, log := newWorld(t.Context(), "MOTKRAFT_COUNTS=redis://"+l.Addr().String(), "MOTKRAFT_ADDR=127.0.0.1:0", "MOTKRAFT_ADMIN_ADDR=127.0.0.1:0")
	says := "MOTKRAFT_COUNTS: the Redis of the counts did not take them: this is a Redis Cluster, which is not supported: give the address of a single Redis\n"
	if code := w.run([]string{"serve"}); code != exitUsage || !strings.HasSuffix(log.String(), says) || strings.Contains(log.String(), "canary") {
		t.Errorf("ended with %d, expected %q:\n%s", code, says, log)
	}
}

// Only an answer that holds the screens as a whole is told of.
func TestFetches(t *testing.T) {
	page := http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		switch {
		case r.Header.Get("If-None-Match") != "":
			rw.WriteHeader(http.StatusNotModified)
		case r.URL.Path == "/screens.xx.json":
			http.NotFound(rw, r)
		default:
			io.WriteString(rw, "{}")
		}
	})
	told := 0
	h := fetches(page, func() { told++ })
	for _, c := range []struct {
		method, path, etag string
		want               int
	}{
		{"GET", "/screens.sv.json", "", 1},
		{"GET", "/web/screens.sv.0a1b2c.json", "", 1},
		{"GET", "/screens.sv.json", "x", 0},
		{"HEAD", "/screens.sv.json", "", 0},
		{"GET", "/screens.xx.json", "", 0},
		{"GET", "/", "", 0},
		{"GET", "/motkraft.js", "", 0},
	} {
		told = 0
		r := httptest.NewRequest(c.method, c.path, nil)
		if c.etag != "" {
			r.Header.Set("If-None-Match", c.etag)
		}
		h.ServeHTTP(httptest.NewRecorder(), r)
		if told != c.want {
			t.Errorf("%s %s: told %d times, expected %d", c.method, c.path, told, c.want)
		}
	}
}

func TestCountsFaults(t *testing.T) {
	dir := t.TempDir()
	foreign := filepath.Join(dir, "foreign.json")
	if err := os.WriteFile(foreign, []byte("canary"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ counts, campaigns, says string }{
		{"http://canary", "", "MOTKRAFT_COUNTS: no store is known for this address"},
		{"redis://:canary@[", "", "MOTKRAFT_COUNTS: no address of a Redis"},
		{filepath.Join(dir, "nowhere", "canary.json"), "", "MOTKRAFT_COUNTS: the lock beside the file of counts cannot be had: no such file or directory: name a file"},
		{foreign, "", "MOTKRAFT_COUNTS: the file of counts holds something else"},
		{"", "2026-09-14", "MOTKRAFT_CAMPAIGNS is set without MOTKRAFT_COUNTS"},
		{filepath.Join(dir, "counts.json"), "soon", `MOTKRAFT_CAMPAIGNS: "soon" is no day`},
	} {
		w, log := newWorld(t.Context(), "MOTKRAFT_COUNTS="+c.counts, "MOTKRAFT_CAMPAIGNS="+c.campaigns,
			"MOTKRAFT_ADDR=127.0.0.1:0", "MOTKRAFT_ADMIN_ADDR=127.0.0.1:0")
		if code := w.run([]string{"serve"}); code != exitUsage || !strings.Contains(log.String(), c.says) || strings.Contains(log.String(), "canary") {
			t.Errorf("ended with %d, expected %q:\n%s", code, c.says, log)
		}
	}
}

// The README's list of all that is held is the one that the code has.
func TestReadmeSaysAllThatIsHeld(t *testing.T) {
	const name, begin, end = "../../README.md", "<!-- held: written by TestReadmeSaysAllThatIsHeld -update -->\n", "<!-- /held -->"
	set, problems := flows.Load(flows.Embedded)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	readme := string(readFile(t, name))
	before, rest, ok := strings.Cut(readme, begin)
	held, after, closed := strings.Cut(rest, end)
	if !ok || !closed {
		t.Fatalf("the README has no list between %q and %q", begin, end)
	}
	want := count.Held(channels().counted(), groups(set))
	if held == want {
		return
	}
	if *update {
		if err := os.WriteFile(name, []byte(before+begin+want+end+after), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	t.Errorf("the README says\n%s\nexpected\n%s\n-update writes it", held, want)
}
