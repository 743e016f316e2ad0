package locales_test

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/rogpeppe/go-internal/txtar"

	"motkraft/bot/problem"
	"motkraft/locales"
)

var update = flag.Bool("update", false, "write what was found into the want of testdata/bad")

// want is the file of an archive that holds the problems.
const want = "want"

// good reads testdata/good: the smallest words that are whole.
func good(t *testing.T) fstest.MapFS {
	t.Helper()
	words := fstest.MapFS{}
	names, err := filepath.Glob("testdata/good/*.yaml")
	if err != nil || len(names) == 0 {
		t.Fatalf("no words in testdata/good: %v", err)
	}
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		words[filepath.Base(name)] = &fstest.MapFile{Data: data}
	}
	return words
}

func TestGoodWordsHaveNoProblem(t *testing.T) {
	if _, problems := locales.Load(good(t), "sv"); len(problems) > 0 {
		t.Fatal(problems)
	}
}

// TestBadWords changes the good words by one archive at a time and compares every problem, with its place. Keys that are missing are
// no problem here: which there must be is asked by package bot.
func TestBadWords(t *testing.T) {
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
			words := good(t)
			wanted := -1
			for i, f := range archive.Files {
				if f.Name == want {
					wanted = i
					continue
				}
				words[f.Name] = &fstest.MapFile{Data: f.Data}
			}
			_, list := locales.Load(words, "sv")
			found := list.Error() + "\n"
			for _, rule := range locales.Rules {
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
			if got := string(archive.Files[wanted].Data); got != found || len(list) == 0 {
				t.Errorf("found:\n%s\nexpected:\n%s", found, got)
			}
		})
	}
	for _, rule := range locales.Rules {
		if !shown[rule] {
			t.Errorf("no archive testdata/bad/%s*.txtar whose problem is of rule %q, expected one: no rule without its case", rule, rule)
		}
	}
}

func TestNoWordsAtAllIsAProblem(t *testing.T) {
	const want = "locales/sv.yaml:1:1: no words in the default language, expected this file [language]"
	if _, problems := locales.Load(fstest.MapFS{}, "sv"); problems.Error() != want {
		t.Errorf("%q, expected %q", problems.Error(), want)
	}
	const none = "locales:1:1: no YAML files, expected the words [language]"
	if c, problems := locales.Load(fstest.MapFS{}, ""); problems.Error() != none || c.Say(c.Match(""), "start/welcome") != "" {
		t.Errorf("%q, expected %q", problems.Error(), none)
	}
	only := good(t)
	delete(only, "sv.yaml")
	c, problems := locales.Load(only, "sv")
	if problems.Error() != want {
		t.Errorf("%q, expected %q", problems.Error(), want)
	}
	// Whoever asks a catalog that is not whole must not bring the program down.
	if c.Say("sv", "start/welcome") != "" || c.Match("") == "" {
		t.Errorf("a catalog without Swedish says %q, matches %q", c.Say("sv", "start/welcome"), c.Match(""))
	}
}
