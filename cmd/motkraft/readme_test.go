package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/alecthomas/kong"
)

// TestReadmeNamesWhatThereIs holds the README to the program: every command and every variable stands in it, and none that there is not.
func TestReadmeNamesWhatThereIs(t *testing.T) {
	data, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	readme := string(data)

	parser, err := kong.New(&cli{})
	if err != nil {
		t.Fatal(err)
	}
	var commands []string
	for _, node := range parser.Model.Children {
		commands = append(commands, node.Name)
		if !strings.Contains(readme, "`motkraft "+node.Name) {
			t.Errorf("the command %s does not stand in the README", node.Name)
		}
	}
	for _, m := range regexp.MustCompile(`(?:cmd/|\x60)motkraft ([a-z][a-z-]*)`).FindAllStringSubmatch(readme, -1) {
		if !slices.Contains(commands, m[1]) {
			t.Errorf("the README names the command %s, which there is not", m[1])
		}
	}

	tests := regexp.MustCompile(`\bTest[A-Z]\w+`).FindAllString(readme, -1)
	if len(tests) == 0 {
		t.Error("the README names no test that holds a promise")
	}
	for _, name := range tests {
		if !hasTest(t, name) {
			t.Errorf("the README names the test %s, which there is not", name)
		}
	}

	used := variables(t)
	named := regexp.MustCompile(`MOTKRAFT_[A-Z_]+`).FindAllString(readme, -1)
	for _, name := range used {
		if !slices.Contains(named, name) {
			t.Errorf("the variable %s does not stand in the README", name)
		}
	}
	for _, name := range named {
		if !slices.Contains(used, strings.TrimSuffix(name, "_FILE")) {
			t.Errorf("the README names the variable %s, which there is not", name)
		}
	}
}

// hasTest looks for a test in the whole module.
func hasTest(t *testing.T, name string) bool {
	t.Helper()
	found := false
	err := filepath.WalkDir("../..", func(path string, _ fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, "_test.go") {
			return err
		}
		data, err := os.ReadFile(path)
		found = found || strings.Contains(string(data), "func "+name+"(")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// variables finds the names that the source reads.
func variables(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob("*.go")
	if err != nil || len(files) == 0 {
		t.Fatal("no source found")
	}
	reads := regexp.MustCompile(`s\.(?:value|address|secret)\((?:[^",]+, |"", )?"([A-Z_]+)"`)
	var out []string
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range reads.FindAllStringSubmatch(string(data), -1) {
			out = append(out, prefix+m[1])
		}
	}
	if len(out) < 4 {
		t.Fatalf("found only %q", out)
	}
	slices.Sort(out)
	return slices.Compact(out)
}
