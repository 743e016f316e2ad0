package count

import (
	"context"
	"path/filepath"
	"strings"
	"testing"
)

// A fault at the file, which is done beside, ends nothing but that, and lets the next one to the file.
func TestFaultAtTheFile(t *testing.T) {
	f := NewFile(filepath.Join(t.TempDir(), "counts.json"))
	_, err := f.bounded(t.Context(), func(context.Context) (content, error) { panic("canary") })
	if err == nil || strings.Contains(err.Error(), "canary") || !strings.Contains(err.Error(), "TestFaultAtTheFile.func") {
		t.Errorf("said %v", err)
	}
	add(t, f, "a", Counts{buy: 1})
	holds(t, f, Counts{buy: 1})
}
