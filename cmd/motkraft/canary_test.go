package main

import (
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"
)

// marks are in everything that was made for the test: names, texts, addresses, tokens, headers. A key's mark is in base64.
var marks = []string{"canary", "2001:db8:", "Y2FuYXJ5"}

// canaries are what else a person can be known by: ids, and the data of buttons.
type canaries map[string]bool

var escaped = regexp.MustCompile(`%[0-9A-Fa-f]{2}`)

var tokens = regexp.MustCompile(`[A-Za-z0-9_-]+`)

// add takes each part of what somebody can be known by. What is too short could turn up by chance.
func (c canaries) add(all ...string) {
	const short = 8
	for _, s := range all {
		for _, token := range tokens.FindAllString(s, -1) {
			if len(token) >= short {
				c[token] = true
			}
		}
	}
}

// hits gives what a text holds of anybody, also where it is escaped as in an address, up to a bound.
func (c canaries) hits(text string) (found []string) {
	text += "\n" + escaped.ReplaceAllStringFunc(text, func(s string) string {
		plain, _ := url.PathUnescape(s)
		return plain
	})
	lower := strings.ToLower(text)
	for _, mark := range marks {
		if i := strings.Index(lower, strings.ToLower(mark)); i >= 0 {
			found = append(found, lower[max(0, i-100):min(len(lower), i+100)])
		}
	}
	for _, token := range tokens.FindAllString(text, -1) {
		if c[token] && len(found) < 10 {
			found = append(found, token)
		}
	}
	return found
}

// search looks everywhere that the program could have left something.
func (c canaries) search(t *testing.T, r *running, metrics string, folders ...string) {
	t.Helper()
	look := func(where, text string) {
		for _, hit := range c.hits(text) {
			t.Errorf("%s holds %q", where, hit)
		}
	}
	look("the log", withoutAddresses(r))
	look("the metrics", metrics)
	for _, folder := range folders {
		err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
			if err == nil && !d.IsDir() {
				look(path, path+"\n"+string(readFile(t, path)))
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("looked for %d canaries and %d marks in %d kB of log and %d kB of metrics", len(c), len(marks), len(r.log.String())>>10, len(metrics)>>10)
}

// Each kind of canary is found, wherever it stands: otherwise finding none says nothing.
func TestCanariesAreFound(t *testing.T) {
	c := canaries{}
	c.add("8241307919", "1142000000000000009", strings.Repeat("aB-_", 16))
	for _, leak := range []string{
		"chat 8241307919 is gone", `{"id":"1142000000000000009"}`, "data=" + strings.Repeat("aB-_", 16), "from [2001:db8::17]:443", "Canaryfirst7x",
		"text%20of%20%63anary", "100 % of %63anary", "7310000001:AAcanaryToken", "whsec_Y2FuYXJ5LXNl", `"\u0063anary" canarylast1x`,
	} {
		if len(c.hits("line before\n"+leak+"\nline after")) == 0 {
			t.Errorf("nobody finds %q", leak)
		}
	}
	if hits := c.hits("1142000000000000008 824130791 8080 ready"); len(hits) > 0 {
		t.Errorf("found %q where nothing is", hits)
	}
}

// A thousand conversations on each channel, with failures of the platforms and of the network, leave nothing of anybody: not in what the program or a
// library writes to its output, not in the metrics, not in the counts and nowhere in the folder that it works in.
func TestNothingIsLeft(t *testing.T) {
	t.Run("asking, with a file", func(t *testing.T) {
		leavesNothing(t, "counts.json", "", false)
	})
	t.Run("by HTTP, with a Redis", func(t *testing.T) {
		address, folder := startRedis(t)
		leavesNothing(t, address, folder, true)
	})
	t.Run("in a terminal", nothingOfTheTerminal)
}

// In a terminal the screen is the person's own. Beside it there is nothing.
func nothingOfTheTerminal(t *testing.T) {
	path, err := exec.LookPath("motkraft")
	if err != nil {
		t.Fatal(err)
	}
	work := t.TempDir()
	var typed, errors strings.Builder
	for i := range 1000 {
		fmt.Fprintf(&typed, "1\ncanary %d heter jag och vill dö\n1\n", i)
	}
	cmd := exec.Command(path, "chat")
	cmd.Dir, cmd.Env = work, []string{"HOME=" + work, "TMPDIR=" + work}
	cmd.Stdin, cmd.Stderr = strings.NewReader(typed.String()), &errors
	screen, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v: %s", err, &errors)
	}
	if n := strings.Count(string(screen), "112"); n < 1000 {
		t.Errorf("acute help was shown %d times, expected a thousand", n)
	}
	if errors.Len() > 0 {
		t.Errorf("something was written beside the screen: %s", &errors)
	}
	if files, err := os.ReadDir(work); err != nil || len(files) > 0 {
		t.Errorf("files were left: %v, %v", files, err)
	}
}

func leavesNothing(t *testing.T, counts, folder string, byHTTP bool) {
	work := t.TempDir()
	list := channels()
	actors := acted(t, list)
	environ := []string{"MOTKRAFT_COUNTS=" + counts, "MOTKRAFT_TRUSTED_PROXIES=127.0.0.0/8", "HOME=" + work, "TMPDIR=" + work}
	p := startProcess(t, work, append(environ, environOf(actors, byHTTP)...)...)
	r := &running{public: p.public, admin: p.admin, log: p.stderr}
	known := canaries{}
	crowd := &people{t: t, r: r, data: known, byHTTP: byHTTP}
	fails := map[string]bool{}
	for i, a := range actors {
		a.meet(p.public, byHTTP)
		fails[list[i].Name] = a.trouble(crowd)
	}
	crowd.all(1000, actors)
	answer, err := http.Get(r.admin + "/metrics")
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	metrics, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	got := scrape(t, r.admin)
	for _, c := range list {
		channel := c.Name
		if c.Open == nil {
			continue
		}
		if n := value(got, "motkraft_updates_total", channel, "stepped"); n < 900 { // a press may come too late on a slow machine
			t.Errorf("%v steps on %s, expected about 1000 at least", n, channel)
		}
		if n := value(got, "motkraft_undelivered_total", channel); fails[channel] && n < 50 {
			t.Errorf("%v answers on %s were not delivered: the failures did not come", n, channel)
		}
	}
	if n := value(got, "motkraft_web_screens_fetched_total"); n < 1000 {
		t.Errorf("the screens were fetched %v times", n)
	}
	p.signal(t, syscall.SIGTERM)
	if err := p.end(t); err != nil {
		t.Errorf("it ended with %v", err)
	}
	for _, a := range actors {
		known.add(a.known()...)
	}
	folders := []string{work}
	if folder != "" {
		folders = append(folders, folder)
	}
	kept := 0
	for _, f := range folders {
		files, err := filepath.Glob(filepath.Join(f, "*"))
		if err != nil {
			t.Fatal(err)
		}
		kept += len(files)
	}
	if kept == 0 {
		t.Error("nothing was kept: the counts are not where they are looked for")
	}
	known.search(t, r, string(metrics), folders...)
}

// startRedis starts a Redis that writes every command into a file of its folder, as plain text.
func startRedis(t *testing.T) (address, folder string) {
	t.Helper()
	path := need(t, "redis-server", "install Debian's package redis-server")
	folder = t.TempDir()
	short, err := os.MkdirTemp("", "redis") // a socket's path may have 107 characters
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(short) })
	socket := filepath.Join(short, "s")
	cmd := exec.Command(path, "--port", "0", "--unixsocket", socket, "--dir", folder, "--save", "", "--appendonly", "yes", "--appendfsync", "always",
		"--aof-use-rdb-preamble", "no")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cmd.Process.Kill()
		cmd.Wait()
	})
	for tries := 0; ; tries++ {
		conn, err := net.Dial("unix", socket)
		if err == nil {
			conn.Close()
			return "unix://" + socket, folder
		}
		if tries > 3000 {
			t.Fatal("redis-server does not answer")
		}
		time.Sleep(10 * time.Millisecond)
	}
}
