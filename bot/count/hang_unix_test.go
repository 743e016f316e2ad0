//go:build unix

package count

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

// A file system that hangs keeps nobody, and what was counted is added once it goes on, once. The hanging is that of a pipe which nobody writes to:
// a system call that does not end.
func TestHangingFileSystemKeepsNobody(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "counts.json")
	if err := syscall.Mkfifo(path+".lock", 0o600); err != nil {
		lacks(t, "system", "no pipe can be made here: "+err.Error())
	}
	f := NewFile(path)
	keepsNobody(t, f, "")
	go func() { // a lock needs no more of a pipe than that it can be opened
		for t.Context().Err() == nil {
			if w, err := os.OpenFile(path+".lock", os.O_WRONLY, 0); err == nil {
				w.Close()
			}
		}
	}()
	add(t, f, "b", Counts{buy: 1})
	holds(t, f, Counts{buy: 1})
}

// A pipe in the place of the file is refused and not waited for.
func TestPipeIsNoFileOfCounts(t *testing.T) {
	path := filepath.Join(t.TempDir(), "counts.json")
	if err := syscall.Mkfifo(path, 0o600); err != nil {
		lacks(t, "system", "no pipe can be made here: "+err.Error())
	}
	f := NewFile(path)
	if err := f.Add(t.Context(), Batch{ID: "a", Counts: Counts{buy: 1}}); err != errForeign {
		t.Errorf("adding: %v", err)
	}
	if _, err := f.Read(t.Context()); err != errForeign {
		t.Errorf("reading: %v", err)
	}
}
