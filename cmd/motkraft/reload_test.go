package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fsnotify/fsnotify"
)

// contentServer serves a copy of the content, which the test may change.
func contentServer(t *testing.T) (r *running, dir string) {
	t.Helper()
	dir = filepath.Join(t.TempDir(), "content")
	if err := copyContent("../..", dir); err != nil {
		t.Fatal(err)
	}
	return start(t, "MOTKRAFT_CONTENT="+dir, "MOTKRAFT_WEBHOOK_SECRETS="+hookSecret), dir
}

// edit changes a file of the content in one place.
func edit(t *testing.T, file, from, to string) {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Count(string(data), from) == 0 {
		t.Fatalf("%s holds no %q", file, from)
	}
	if err := os.WriteFile(file, []byte(strings.Replace(string(data), from, to, 1)), 0o600); err != nil {
		t.Fatal(err)
	}
}

// until waits for what has to come; the bound is one against hanging.
func until(t *testing.T, what string, condition func() bool) {
	t.Helper()
	for end := time.Now().Add(time.Minute); !condition(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("waited in vain until %s", what)
		}
	}
}

func (r *running) logged(line string) int { return strings.Count(r.log.String(), line) }

const (
	readAgain = "the content was read again"
	oldStays  = "the content has a problem, the old one stays"
)

// A good edit is answered from with the next press, in the chats and on the page; a bad one changes nothing and is told of with every problem; old
// buttons work all along.
func TestReload(t *testing.T) {
	r, dir := contentServer(t)
	words := filepath.Join(dir, "locales", "sv.yaml")
	before := r.ask(t, map[string]string{"lang": "sv"})
	if !strings.Contains(before.Text, "Vad gäller det?") {
		t.Fatalf("the first screen is %+v", before)
	}

	edit(t, words, "Vad gäller det?", "Vad handlar det om?")
	until(t, "the new words are spoken", func() bool {
		return strings.Contains(r.ask(t, map[string]string{"lang": "sv"}).Text, "Vad handlar det om?")
	})
	if page := r.get(t, "/screens.sv.json"); !strings.Contains(page, "Vad handlar det om?") {
		t.Error("the page has the old words")
	}
	if m := r.ask(t, map[string]string{"data": before.button(t, "Akut hjälp")}); !strings.Contains(m.Text, "112") {
		t.Errorf("an old button leads to %+v", m)
	}

	edit(t, filepath.Join(dir, "flows", "buy.yaml"), "to: ", "to: nowhere/")
	edit(t, words, "start/welcome.buy: ", "start/welcome.buy: [")
	until(t, "both problems are told", func() bool {
		return r.logged(oldStays) >= 2 && r.logged(`"flows/buy.yaml:`) > 0 && r.logged(`"locales/sv.yaml:`) > 0
	})
	if m := r.ask(t, map[string]string{"lang": "sv"}); !strings.Contains(m.Text, "Vad handlar det om?") {
		t.Errorf("with a bad edit the first screen is %+v", m)
	}

	if err := copyContent("../..", dir); err != nil {
		t.Fatal(err)
	}
	until(t, "the mended words are spoken", func() bool {
		return strings.Contains(r.ask(t, map[string]string{"lang": "sv"}).Text, "Vad gäller det?")
	})
}

// Where the whole folder is exchanged, as a deployment does it, the new one is read, and then watched.
func TestReloadOfAnotherFolder(t *testing.T) {
	r, dir := contentServer(t)
	next := filepath.Join(t.TempDir(), "next")
	if err := copyContent("../..", next); err != nil {
		t.Fatal(err)
	}
	words := filepath.Join(next, "locales", "en.yaml")
	edit(t, words, "What is it about?", "What brings you here?")
	if err := os.Rename(dir, dir+".old"); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(next, dir); err != nil {
		t.Fatal(err)
	}
	spoken := func(text string) func() bool {
		return func() bool { return strings.Contains(r.ask(t, map[string]string{"lang": "en"}).Text, text) }
	}
	until(t, "the new folder is read", spoken("What brings you here?"))
	edit(t, filepath.Join(dir, "locales", "en.yaml"), "What brings you here?", "What is on your mind?")
	until(t, "the new folder is watched", spoken("What is on your mind?"))
}

// SIGHUP reads it all again, also without a change; with what is built in there is nothing to read, and the program goes on.
func TestReloadBySignal(t *testing.T) {
	for _, c := range []struct {
		name  string
		start func() *running
		says  string
	}{
		{"a folder", func() *running { r, _ := contentServer(t); return r }, readAgain},
		{"built in", func() *running { return start(t) }, "there is nothing to read again"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := c.start()
			self, err := os.FindProcess(os.Getpid())
			if err != nil {
				t.Fatal(err)
			}
			if err := self.Signal(syscall.SIGHUP); err != nil {
				lacks(t, "system", "no signal can be sent here: "+err.Error())
			}
			until(t, "the log says so", func() bool { return r.logged(c.says) > 0 })
			if got := status(t, r.public+"/"); got != 200 {
				t.Errorf("the page gives %d", got)
			}
			r.stop()
			if code := <-r.code; code != exitOK {
				t.Errorf("ended with %d", code)
			}
		})
	}
}

// A bad push with very many problems is told of in a few lines.
func TestReloadTellsOfSomeProblems(t *testing.T) {
	r, dir := contentServer(t)
	var words strings.Builder
	for i := range 500 {
		fmt.Fprintf(&words, "nothing/says-%d: \"ord\"\n", i)
	}
	if err := os.WriteFile(filepath.Join(dir, "locales", "ro.yaml"), []byte(words.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	until(t, "it is told", func() bool { return strings.Contains(r.log.String(), "has more problems") })
	if n := strings.Count(r.log.String(), "has a problem"); n != maxProblems {
		t.Errorf("%d problems were told of, expected %d", n, maxProblems)
	}
}

// A folder that goes away is a problem like others.
func TestReloadOfNoFolder(t *testing.T) {
	r, dir := contentServer(t)
	if err := os.RemoveAll(filepath.Join(dir, "flows")); err != nil {
		t.Fatal(err)
	}
	until(t, "it is told", func() bool { return strings.Contains(r.log.String(), "has no folder flows") })
	if got := status(t, r.public+"/"); got != 200 {
		t.Errorf("the page gives %d", got)
	}
}

// A folder that is mounted from a ConfigMap changes by one rename of a link, and an editor saves by renaming a file. Both are read, more than once.
func TestReloadByRename(t *testing.T) {
	root := t.TempDir()
	dir := filepath.Join(root, "content")
	link := func(to, name string) {
		t.Helper()
		if err := os.Symlink(to, filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	rename := func(from, to string) {
		t.Helper()
		if err := os.Rename(from, to); err != nil {
			t.Fatal(err)
		}
	}
	if err := copyContent("../..", filepath.Join(dir, "..one")); err != nil {
		t.Fatal(err)
	}
	link("..one", "..data")
	link("..data/flows", "flows")
	link("..data/locales", "locales")
	r := start(t, "MOTKRAFT_CONTENT="+dir, "MOTKRAFT_WEBHOOK_SECRETS="+hookSecret)
	spoken := func(text string) func() bool {
		return func() bool { return strings.Contains(r.ask(t, map[string]string{"lang": "sv"}).Text, text) }
	}
	last := "Vad gäller det?"
	for _, next := range []string{"..two", "..three"} {
		if err := copyContent("../..", filepath.Join(dir, next)); err != nil {
			t.Fatal(err)
		}
		edit(t, filepath.Join(dir, next, "locales", "sv.yaml"), "Vad gäller det?", "Vad gäller "+next+"?")
		link(next, "..data_tmp")
		rename(filepath.Join(dir, "..data_tmp"), filepath.Join(dir, "..data"))
		last = "Vad gäller " + next + "?"
		until(t, "the other folder is read", spoken(last))
	}
	words := filepath.Join(dir, "locales", "sv.yaml")
	data, err := os.ReadFile(words)
	if err != nil {
		t.Fatal(err)
	}
	saved := strings.Replace(string(data), last, "Vad tänker du på?", 1)
	if err := os.WriteFile(words+"~", []byte(saved), 0o600); err != nil {
		t.Fatal(err)
	}
	rename(words+"~", words)
	until(t, "the saved file is read", spoken("Vad tänker du på?"))
}

// What changes all the time is read all the same, now and then.
func TestReloadWithoutRest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, log := newWorld(t.Context())
		dir := filepath.Join(t.TempDir(), "nowhere")
		r := &reloader{world: w, dir: dir, seen: allMetrics()}
		events := make(chan fsnotify.Event)
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan struct{})
		go func() {
			defer close(ended)
			r.run(ctx, nil, events, nil)
		}()
		for began := time.Now(); time.Since(began) < longestRest+rest; time.Sleep(rest / 2) {
			events <- fsnotify.Event{Name: filepath.Join(dir, "flows")}
		}
		synctest.Wait()
		if n := strings.Count(log.String(), "has no folder flows"); n != 1 {
			t.Errorf("within %v it was read %d times, expected once:\n%s", longestRest+rest, n, log)
		}
		stop()
		<-ended
	})
}

// A change far above the folder is seen by nobody, but SIGHUP tells of it; from then on what is there now is watched.
func TestSignalRenewsTheWatch(t *testing.T) {
	root := t.TempDir()
	dir := filepath.Join(root, "release", "content")
	for _, folder := range []string{dir, filepath.Join(root, "next", "content")} {
		if err := copyContent("../..", folder); err != nil {
			t.Fatal(err)
		}
	}
	edit(t, filepath.Join(root, "next", "content", "locales", "en.yaml"), "What is it about?", "What brings you here?")
	r := start(t, "MOTKRAFT_CONTENT="+dir, "MOTKRAFT_WEBHOOK_SECRETS="+hookSecret)
	for _, move := range [][2]string{{"release", "before"}, {"next", "release"}} {
		if err := os.Rename(filepath.Join(root, move[0]), filepath.Join(root, move[1])); err != nil {
			t.Fatal(err)
		}
	}
	self, err := os.FindProcess(os.Getpid())
	if err != nil {
		t.Fatal(err)
	}
	if err := self.Signal(syscall.SIGHUP); err != nil {
		lacks(t, "system", "no signal can be sent here: "+err.Error())
	}
	spoken := func(text string) func() bool {
		return func() bool { return strings.Contains(r.ask(t, map[string]string{"lang": "en"}).Text, text) }
	}
	until(t, "the new folder is read", spoken("What brings you here?"))
	edit(t, filepath.Join(dir, "locales", "en.yaml"), "What brings you here?", "What is on your mind?")
	until(t, "the new folder is watched", spoken("What is on your mind?"))
}
