package main

import (
	"maps"
	"os"
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) {
	programs := map[string]func(){"motkraft": main}
	maps.Copy(programs, benched)
	testscript.Main(m, programs)
}

// TestScripts runs the program as people run it: each script in testdata is named for what it shows.
func TestScripts(t *testing.T) {
	flows, err := filepath.Abs("../../flows")
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir: "testdata",
		Setup: func(env *testscript.Env) error {
			// $WORK/content is a copy of what ships, for scripts to break.
			return copyContent(filepath.Dir(flows), filepath.Join(env.WorkDir, "content"))
		},
	})
}

func copyContent(from, to string) error {
	for _, sub := range []string{"flows", "locales"} {
		if err := os.MkdirAll(filepath.Join(to, sub), 0o700); err != nil {
			return err
		}
		names, err := filepath.Glob(filepath.Join(from, sub, "*.yaml"))
		if err != nil {
			return err
		}
		for _, name := range names {
			data, err := os.ReadFile(name)
			if err != nil {
				return err
			}
			if err := os.WriteFile(filepath.Join(to, sub, filepath.Base(name)), data, 0o600); err != nil {
				return err
			}
		}
	}
	return nil
}
