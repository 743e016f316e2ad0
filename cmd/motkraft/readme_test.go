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
	used := variables(channels())
	for _, name := range variable.FindAllString(readme, -1) {
		if !slices.Contains(used, name) {
			t.Errorf("the README names the variable %s, which there is not", name)
		}
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
