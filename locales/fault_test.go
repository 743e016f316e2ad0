package locales_test

import (
	"io/fs"
	"strings"
	"testing"

	"motkraft/bot/fault"
	"motkraft/locales"
)

// broken is a folder of which one file brings down who reads it.
type broken struct{ fs.FS }

func (b broken) Open(name string) (fs.File, error) {
	if name == "en.yaml" {
		panic("canary")
	}
	return b.FS.Open(name)
}

// A fault in reading one language, which is done beside the others, comes to who wanted them all read, and may be recovered there.
func TestFaultInReading(t *testing.T) {
	words := good(t)
	words["en.yaml"] = words["sv.yaml"]
	err := fault.Try(func() error {
		locales.Load(broken{words}, "sv")
		return nil
	})
	if err == nil || strings.Contains(err.Error(), "canary") || !strings.Contains(err.Error(), "broken.Open") {
		t.Errorf("said %v", err)
	}
}
