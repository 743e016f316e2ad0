package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// What a system lacks is found in a program, in its tests and in tests from outside of it, and so is what no system has. What is meant for another
// system is left alone.
func TestCheck(t *testing.T) {
	dir := t.TempDir()
	for file, text := range map[string]string{
		"go.mod":                "module example\n\ngo 1.26\n",
		"fine.go":               "package p\n\nvar P = 1\n",
		"fine_test.go":          "package p\n\nimport \"testing\"\n\nfunc TestP(t *testing.T) { _ = P }\n",
		"fine_unix.go":          "//go:build unix\n\npackage p\n\nimport \"syscall\"\n\nvar _ = syscall.SIGSTOP\n",
		"fine_linux_test.go":    "package p\n\nvar nothing nonsense\n",
		"program/a.go":          "package p\n\nimport \"syscall\"\n\nvar A = syscall.SIGSTOP\n",
		"inside/a.go":           "package p\n",
		"inside/a_test.go":      "package p\n\nimport \"syscall\"\n\nvar _ = syscall.SIGSTOP\n",
		"outside/a.go":          "package p\n",
		"outside/a_test.go":     "package p_test\n\nimport \"syscall\"\n\nfunc f() { _ = syscall.SIGSTOP }\n",
		"only_darwin/a.go":      "package p\n",
		"only_darwin/darwin.go": "//go:build darwin\n\npackage p\n\nvar _ int = \"a\"\n",
		"missing/a.go":          "package p\n\nimport _ \"no/such\"\n",
	} {
		path := filepath.Join(dir, filepath.FromSlash(file))
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for system, want := range map[string][]string{
		"windows": {"inside/a_test.go", "missing/a.go", "outside/a_test.go", "program/a.go"},
		"darwin":  {"missing/a.go", "only_darwin/darwin.go"},
	} {
		problems, err := check(system, dir, "./...")
		if err != nil {
			t.Fatal(err)
		}
		var got []string // the files alone
		for _, p := range problems {
			file, _, _ := strings.Cut(strings.TrimPrefix(filepath.ToSlash(p), filepath.ToSlash(dir)+"/"), ":")
			got = append(got, file)
		}
		slices.Sort(got)
		got = slices.Compact(got)
		if !slices.Equal(got, want) {
			t.Errorf("on %s there are problems in %q, expected in %q:\n%s", system, got, want, strings.Join(problems, "\n"))
		}
	}
	if _, err := check("windows", t.TempDir(), "./..."); err == nil {
		t.Error("where there is nothing it says nothing")
	}
}
