package flows_test

import (
	"bytes"
	"flag"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/rogpeppe/go-internal/txtar"

	"motkraft/bot/problem"
	"motkraft/flows"
)

var update = flag.Bool("update", false, "write what was found into the want of testdata/bad")

// want is the file of an archive that holds the problems.
const want = "want"

// good reads testdata/good: the smallest content that is whole.
func good(t *testing.T) fstest.MapFS {
	t.Helper()
	content := fstest.MapFS{}
	names, err := filepath.Glob("testdata/good/*.yaml")
	if err != nil || len(names) == 0 {
		t.Fatalf("no content in testdata/good: %v", err)
	}
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		content[filepath.Base(name)] = &fstest.MapFile{Data: data}
	}
	return content
}

func TestGoodContentHasNoProblem(t *testing.T) {
	set, problems := flows.Load(good(t))
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	// Were the content empty, each bad file would say more than its one mistake.
	if len(set.Nodes) == 0 || len(set.Services) == 0 || len(set.Doors) == 0 || len(set.Typed) == 0 {
		t.Errorf("%d nodes, %d services, %d doors, %d typed, expected some of each", len(set.Nodes), len(set.Services), len(set.Doors), len(set.Typed))
	}
}

// TestBadContent changes the good content by one archive at a time and compares every problem, with its place. What it cannot see
// is whether the words help an editor: that is for whoever reads the archives, each of which begins with what is wrong.
func TestBadContent(t *testing.T) {
	names, err := filepath.Glob("testdata/bad/*.txtar")
	if err != nil || len(names) == 0 {
		t.Fatalf("no cases in testdata/bad: %v", err)
	}
	shown := map[problem.Rule]bool{}
	for _, name := range names {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(name)
			if err != nil {
				t.Fatal(err)
			}
			if len(bytes.TrimSpace(archive.Comment)) == 0 {
				t.Error("no comment, expected what is wrong on top of the archive")
			}
			content := good(t)
			wanted := -1
			for i, f := range archive.Files {
				if f.Name == want {
					wanted = i
					continue
				}
				content[f.Name] = &fstest.MapFile{Data: f.Data}
			}
			found := problems(content)
			for _, rule := range flows.Rules {
				// The problem of a file is the rule that it is named for.
				if strings.HasPrefix(filepath.Base(name), string(rule)) && strings.Contains(found, " ["+string(rule)+"]\n") {
					shown[rule] = true
				}
			}
			if wanted < 0 {
				archive.Files = append(archive.Files, txtar.File{Name: want})
				wanted = len(archive.Files) - 1
			}
			if *update {
				archive.Files[wanted].Data = []byte(found)
				if err := os.WriteFile(name, txtar.Format(archive), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			if got := string(archive.Files[wanted].Data); got != found || found == "" {
				t.Errorf("found:\n%s\nexpected:\n%s", found, got)
			}
		})
	}
	for _, rule := range flows.Rules {
		if !shown[rule] {
			t.Errorf("no archive testdata/bad/%s*.txtar whose problem is of rule %q, expected one: no rule without its case", rule, rule)
		}
	}
}

// problems gives what Load finds wrong, one a line.
func problems(content fs.FS) string {
	_, list := flows.Load(content)
	if len(list) == 0 {
		return ""
	}
	return list.Error() + "\n"
}
