package main

import (
	"fmt"
	"runtime"
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
	revision, goVersion := build()
	return fmt.Sprintf("motkraft %s, %s", revision, goVersion)
}

// build gives what the program was built from, and with which Go.
func build() (revision, goVersion string) {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown", runtime.Version()
	}
	dirty := ""
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
	return revision + dirty, info.GoVersion
}
