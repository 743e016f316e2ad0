package main

import (
	"fmt"
	"runtime/debug"
)

// versionCmd prints which version this is.
type versionCmd struct{}

// Run prints the commit that the program was built from, where the build knows it.
func (versionCmd) Run(w *world) error {
	_, err := fmt.Fprintln(w.out, version())
	return err
}

func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "motkraft, version unknown"
	}
	revision, dirty := "", ""
	for _, s := range info.Settings {
		switch {
		case s.Key == "vcs.revision":
			revision = s.Value
		case s.Key == "vcs.modified" && s.Value == "true":
			dirty = " with changes"
		}
	}
	if revision == "" {
		revision = info.Main.Version
	}
	return fmt.Sprintf("motkraft %s%s, %s", revision, dirty, info.GoVersion)
}
