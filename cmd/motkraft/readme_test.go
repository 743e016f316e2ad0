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

	"motkraft/bot"
	"motkraft/bot/channel"
	"motkraft/bot/terminal"
)

// TestReadmeNamesWhatThereIs holds the README to the program: every command and every variable stands in it, and none that there is not.
func TestReadmeNamesWhatThereIs(t *testing.T) {
	data, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	readme := string(data)

	c := newCLI(channels())
	parser, err := kong.New(&c)
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

	for _, lack := range channels().unsaid(readme) {
		t.Error(lack)
	}
	used := append(variables(channels()), testVariables(t)...)
	for _, name := range variable.FindAllString(readme, -1) {
		if !slices.Contains(used, name) {
			t.Errorf("the README names the variable %s, which there is not", name)
		}
	}
}

// TestReadmeNamesWhatTestsNeed: what a test may need and be skipped without is required by .ci/run, stands in the README, and nothing else does: whoever
// runs the tests alone is told nothing of it.
func TestReadmeNamesWhatTestsNeed(t *testing.T) {
	read := func(name string) string {
		data, err := os.ReadFile("../../" + name)
		if err != nil {
			t.Fatal(err)
		}
		return string(data)
	}
	var required []string
	for _, m := range regexp.MustCompile(`MOTKRAFT_TEST_REQUIRE\+?=,?([a-z,-]+)`).FindAllStringSubmatch(read(".ci/run"), -1) {
		required = append(required, strings.Split(m[1], ",")...)
	}
	var listed []string
	_, table, _ := strings.Cut(read("README.md"), "| a test may need |")
	table, _, _ = strings.Cut(table, "\n\n")
	for _, row := range strings.Split(table, "\n")[2:] {
		first, _, _ := strings.Cut(strings.TrimPrefix(row, "| "), " | ")
		for _, m := range regexp.MustCompile("`([^`]+)`").FindAllStringSubmatch(first, -1) {
			listed = append(listed, m[1])
		}
	}
	slices.Sort(required)
	slices.Sort(listed)
	if !slices.Equal(listed, required) {
		t.Errorf("the README says that tests may need %q, .ci/run requires %q", listed, required)
	}
	asked := map[string]bool{}
	asks := regexp.MustCompile(`(?:need\(t, |lacks\([tb], |os\.Getenv\("MOTKRAFT_TEST_REQUIRE"\)(?:, ","\))?, )"([a-z-]+)"`)
	eachTestFile(t, func(text string) {
		for _, m := range asks.FindAllStringSubmatch(text, -1) {
			asked[m[1]] = true
		}
	})
	if len(asked) < 9 {
		t.Errorf("tests ask for %v alone: the search does not find how", asked)
	}
	for name := range asked {
		if !slices.Contains(listed, name) {
			t.Errorf("a test may need %s, which does not stand in the README", name)
		}
	}
}

// testVariables are the variables that tests read.
func testVariables(t *testing.T) (names []string) {
	eachTestFile(t, func(text string) {
		names = append(names, regexp.MustCompile(`MOTKRAFT_TEST_[A-Z]+`).FindAllString(text, -1)...)
	})
	return names
}

// eachTestFile reads the source of all tests, and of what only tests use.
func eachTestFile(t *testing.T, read func(text string)) {
	t.Helper()
	err := filepath.WalkDir("../..", func(path string, _ fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, "_test.go") && !strings.Contains(filepath.ToSlash(path), "/fakeserver/") || filepath.Ext(path) != ".go" {
			return err
		}
		data, err := os.ReadFile(path)
		read(string(data))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

var variable = regexp.MustCompile(prefix + `[A-Z_]*[A-Z]`)

// unsaid gives the variables of settings that stand in no text of the README's.
func (l channelList) unsaid(readme string) (lacks []string) {
	named := variable.FindAllString(readme, -1)
	for _, name := range variables(l) {
		if !slices.Contains(named, name) {
			lacks = append(lacks, "the variable "+name+" does not stand in the README")
		}
	}
	return lacks
}

// A channel that is new in the list is asked for the README's lines on its settings, and for people who act on it, so that it is looked at what
// remains of them, and at whether a rolling restart costs them a press.
func TestNewChannelIsAskedForEverything(t *testing.T) {
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	l := append(channels(), channel.Channel{
		Name:     "kiosk",
		Words:    []bot.Word{{Key: "kiosk.greeting", Limit: bot.MaxLabel}},
		Settings: []channel.Setting{{Name: "KIOSK_TOKEN", Secret: true, Switch: true, Help: "a token"}, {Name: "KIOSK_API", Help: "an address"}},
		Counted:  true,
		Open: func(channel.Values, channel.Core) channel.Served {
			return channel.Served{Adapter: &terminal.Terminal{}}
		},
	})
	want := []string{
		"the variable MOTKRAFT_KIOSK_TOKEN does not stand in the README",
		"the variable MOTKRAFT_KIOSK_TOKEN_FILE does not stand in the README",
		"the variable MOTKRAFT_KIOSK_API does not stand in the README",
	}
	if got := l.unsaid(string(readme)); !slices.Equal(got, want) {
		t.Errorf("the README lacks %q, expected %q", got, want)
	}
	if got := l.unacted(); !slices.Equal(got, []string{"kiosk"}) {
		t.Errorf("nobody acts on %q, expected it of the new channel alone", got)
	}
	if got := l.counted(); !slices.Contains(got, "kiosk") {
		t.Errorf("counted are %q", got)
	}

	c, err := loadContent("")
	if err != nil {
		t.Fatal(err)
	}
	var lacks []string
	for _, p := range bot.Check(c.set, c.catalog, l.words()) {
		lacks = append(lacks, p.Text)
	}
	if len(lacks) != len(c.catalog.Languages()) || !strings.Contains(lacks[0], `no message "kiosk.greeting"`) {
		t.Errorf("found %q, expected its words to be missing in each language", lacks)
	}

	// Its settings are read, by variable, file and flag, and it is served.
	file := filepath.Join(t.TempDir(), "token")
	if err := os.WriteFile(file, []byte("canary\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	w, _ := newWorld(t.Context(), "MOTKRAFT_KIOSK_TOKEN_FILE="+file)
	w.channels = l
	flags := newFlags(l.every())
	parser, err := kong.New(&struct {
		Serve serveCmd `cmd:""`
	}{serveCmd{flags}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := parser.Parse([]string{"serve", "--kiosk-api=there"}); err != nil {
		t.Fatal(err)
	}
	on := l.configured(w.settings(flags))
	if len(on) != 1 || on[0].Name != "kiosk" || on[0].values["KIOSK_TOKEN"] != "canary" || on[0].values["KIOSK_API"] != "there" {
		t.Errorf("configured are %+v", on)
	}
	if _, err := parser.Parse([]string{"serve", "--kiosk-token=canary"}); err == nil {
		t.Error("a secret has a flag")
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

// variables are the names that the program reads.
func variables(l channelList) (names []string) {
	for _, s := range l.every() {
		names = append(names, prefix+s.Name)
		if s.Secret {
			names = append(names, prefix+s.Name+"_FILE")
		}
	}
	return names
}
