package main

import (
	"context"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"motkraft/bot"
)

// trusted are the goroutines that start without a guard around their work, by file and by what is started, and why that is so.
var trusted = map[string]string{
	"bot/channel/queue.go: q.run":           "who adds work guards it, since they have the handler to tell",
	"bot/channel/grace.go: func":            "it starts a timer",
	"bot/channel/grace.go: cut":             "it cancels a context",
	"bot/fault/fault.go: func":              "it is what keeps a panic",
	"bot/telegram/telegram.go: t.spin":      "it guards itself",
	"bot/telegram/answer.go: t.spin":        "it guards itself",
	"bot/webhook/replay.go: func":           "it takes something out of a map",
	"cmd/motkraft/flood.go: c.forget":       "it empties a map",
	"cmd/motkraft/watchdog.go: func":        "it ends the process anyhow",
	"cmd/motkraft/watchdog.go: w.log.Error": "the process ends anyhow",
	"cmd/motkraft/main.go: func":            "it waits for a signal",
}

// guards are what keeps a panic from ending the process.
var guards = []string{"channel.Guard(", "fault.Try(", "contained("}

// Every goroutine of the program keeps a panic of its own from ending all the others: it stands in the code that starts it. Libraries' own are not looked at.
func TestEveryGoroutineIsGuarded(t *testing.T) {
	const root = "../.."
	used := map[string]bool{}
	started := 0
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if name := d.Name(); d.IsDir() && (strings.HasPrefix(name, ".") && path != root || slices.Contains([]string{"testdata", "standin", "fakeserver", "adaptertest"}, name)) {
			return fs.SkipDir
		}
		if d.IsDir() || filepath.Ext(path) != ".go" || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		source, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		files := token.NewFileSet()
		file, err := parser.ParseFile(files, path, source, 0)
		if err != nil {
			return err
		}
		text := func(n ast.Node) string {
			return string(source[files.Position(n.Pos()).Offset:files.Position(n.End()).Offset])
		}
		ast.Inspect(file, func(n ast.Node) bool {
			what := startedBy(n)
			if what == nil {
				return true
			}
			started++
			name, _, _ := strings.Cut(text(what), "(")
			rel, _ := filepath.Rel(root, path)
			key := filepath.ToSlash(rel) + ": " + name
			_, known := trusted[key]
			used[key] = known
			if !known && !slices.ContainsFunc(guards, func(g string) bool { return strings.Contains(text(n), g) }) {
				t.Errorf("%s: %q starts without a guard: %s", files.Position(n.Pos()), name, strings.Join(guards, "…), ")+"…)")
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if started < 10 {
		t.Errorf("%d goroutines were found: the search finds nothing", started)
	}
	for key := range trusted {
		if !used[key] {
			t.Errorf("%s is trusted and starts nowhere", key)
		}
	}
}

// startedBy gives what a statement or a call starts beside; nil: nothing.
func startedBy(n ast.Node) ast.Expr {
	switch n := n.(type) {
	case *ast.GoStmt:
		return n.Call.Fun
	case *ast.CallExpr:
		method, ok := n.Fun.(*ast.SelectorExpr)
		if !ok || len(n.Args) == 0 || method.Sel.Name != "Go" && method.Sel.Name != "AfterFunc" {
			return nil
		}
		return n.Args[len(n.Args)-1]
	}
	return nil
}

// What runs beside the channels ends with a fault in it, and nothing else does. The log says where it was.
func TestFaultBesideTheChannels(t *testing.T) {
	log := &buffer{}
	pack := oneByOne(newLogger(log))
	pack(func() { panic("canary") })
	done := make(chan struct{})
	pack(func() { close(done) })
	select {
	case <-done:
	case <-time.After(time.Minute):
		t.Fatal("what else there was is not done")
	}
	until(t, "word of the fault", func() bool { return strings.Contains(log.String(), "TestFaultBesideTheChannels.func") })
	if said := log.String(); strings.Contains(said, "canary") {
		t.Errorf("the log says %s", said)
	}
}

// mute is a channel that breaks whenever it is asked how it is.
type mute struct{}

func (mute) Name() string                                 { return "mute" }
func (mute) Run(ctx context.Context, _ bot.Handler) error { <-ctx.Done(); return nil }
func (mute) Reached() bool                                { panic("canary") }
func (mute) Oldest() time.Duration                        { panic("canary") }

// A channel that cannot say how it is keeps nobody from the metrics, whose library asks in goroutines of its own. It is told once, and counts as ended.
func TestChannelThatCannotSayHowItIs(t *testing.T) {
	w, log := newWorld(t.Context())
	o := newObserver(w, nil, nil)
	o.channel(mute{}, nil)
	for range 3 {
		if _, err := o.metrics.Gather(); err != nil {
			t.Fatal(err)
		}
	}
	if state := o.channels["mute"].state(); state != stateEnded {
		t.Errorf("its state is %q", state)
	}
	if said := log.String(); strings.Contains(said, "canary") || strings.Count(said, "cannot say how it is") != 1 {
		t.Errorf("the log says %s", said)
	}
}
