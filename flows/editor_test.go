package flows_test

import (
	"io/fs"
	"testing"
	"testing/fstest"

	"golang.org/x/text/unicode/norm"

	"motkraft/flows"
)

// What an editor leaves beside the files is passed over: its locks and its copies.
func TestEditorsFilesArePassedOver(t *testing.T) {
	content := good(t)
	for _, name := range []string{".#help.yaml", ".help.yaml.swp", "help.yaml~", ".hidden.yaml"} {
		content[name] = &fstest.MapFile{Data: []byte("user@host.12345")}
	}
	if _, problems := flows.Load(content); len(problems) > 0 {
		t.Error(problems)
	}
}

// A pipe where a file belongs is a problem: whoever opened it would wait for somebody to write.
func TestPipeIsNoFile(t *testing.T) {
	content := good(t)
	content["help.yaml"] = &fstest.MapFile{Mode: fs.ModeNamedPipe}
	const want = "flows/help.yaml:1:1: unreadable: no regular file, expected a YAML file [yaml]"
	_, problems := flows.Load(content)
	for _, p := range problems {
		if p.String() == want {
			return
		}
	}
	t.Errorf("found\n%s\nexpected among it\n%s", problems, want)
}

// Content that was saved with its letters taken apart, as some systems do, is the same content.
func TestLettersTakenApart(t *testing.T) {
	content := good(t)
	for _, f := range content {
		f.Data = norm.NFD.Bytes(f.Data)
	}
	set, problems := flows.Load(content)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	if got, want := set.Services[2].Name, "The house in Malmö"; got != want {
		t.Errorf("%q has %d bytes, expected the %d of %q", got, len(got), len(want), want)
	}
}
