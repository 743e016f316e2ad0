package main

import (
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// SECURITY.md names for each row of its threat model the tests that hold it, and every test that it or the README names is there.
func TestSecurityNamesItsTests(t *testing.T) {
	listed, err := exec.Command("git", "-C", "../..", "ls-files", "*_test.go").Output()
	if err != nil {
		lacks(t, "git", "it does not list the repository's files: "+err.Error())
	}
	there := map[string]bool{}
	declared := regexp.MustCompile(`(?m)^func (Test\w+)\(`)
	for name := range strings.FieldsSeq(string(listed)) {
		data, err := os.ReadFile("../../" + name)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range declared.FindAllStringSubmatch(string(data), -1) {
			there[m[1]] = true
		}
	}
	named := regexp.MustCompile("`(Test\\w+)`")
	for _, page := range []string{"SECURITY.md", "README.md"} {
		data, err := os.ReadFile("../../" + page)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range named.FindAllStringSubmatch(string(data), -1) {
			if !there[m[1]] {
				t.Errorf("%s names %s, and there is no such test", page, m[1])
			}
		}
		if page != "SECURITY.md" {
			continue
		}
		rows := 0
		for line := range strings.Lines(string(data)) {
			if !strings.HasPrefix(line, "| **") {
				continue
			}
			rows++
			cells := strings.Split(strings.Trim(strings.TrimSpace(line), "|"), "|")
			if !slices.ContainsFunc(cells[len(cells)-1:], named.MatchString) {
				t.Errorf("no test holds the row %.60s", line)
			}
		}
		if rows < 8 {
			t.Errorf("%d rows of attackers, expected at least 8", rows)
		}
	}
}
