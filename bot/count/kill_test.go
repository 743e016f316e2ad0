package count

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// childFile names the file that a child process of this test writes to.
const childFile = "MOTKRAFT_TEST_COUNT_CHILD"

func TestMain(m *testing.M) {
	if path := os.Getenv(childFile); path != "" {
		writeForever(path)
	}
	os.Exit(m.Run())
}

// writeForever adds one to two counts again and again, and says each time that it is done.
func writeForever(path string) {
	for f := NewFile(path); ; {
		if err := f.Add(context.Background(), Batch{ID: "child", Counts: Counts{buy: 1, acute: 1}}); err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
		fmt.Println("added")
	}
}

// TestFileOutlivesKilling kills a process 200 times while it writes, at another moment each time. What it said was added is there, a batch
// is there as a whole or not at all, and nothing is left behind. It does not show what a power failure does: that is for the sync.
func TestFileOutlivesKilling(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := filepath.Join(dir, "counts.json")
	random := rand.New(rand.NewPCG(5, 6))
	said, within := int64(0), 0
	for round := range 200 {
		cmd := exec.Command(os.Args[0])
		cmd.Env = append(os.Environ(), childFile+"="+path)
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewScanner(out)
		heard := func() bool {
			if !lines.Scan() {
				return false
			}
			if lines.Text() != "added" {
				t.Fatalf("the child says %q", lines.Text())
			}
			said++
			return true
		}
		if !heard() {
			t.Fatal("the child ended before it added anything")
		}
		time.Sleep(time.Duration(random.IntN(3000)) * time.Microsecond) // a moment, not a wait: any will do
		if err := cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		for heard() {
		}
		io.Copy(io.Discard, out)
		cmd.Wait()

		kept, err := NewFile(path).Read(t.Context())
		if err != nil {
			t.Fatalf("after %d kills: %v", round+1, err)
		}
		n := kept.Counts[buy]
		if n != kept.Counts[acute] {
			t.Fatalf("after %d kills half a batch was added: %v", round+1, kept.Counts)
		}
		if n < said || n > said+1 {
			t.Fatalf("after %d kills %d are kept, %d were said to be added", round+1, n, said)
		}
		said = n
		if _, err := os.Stat(path + ".new"); err == nil {
			within++
		}
	}
	if t.Logf("%d of 200 kills fell into a write", within); within == 0 {
		t.Error("no kill fell into a write: this shows nothing")
	}
	names, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil || len(names) > 3 {
		t.Errorf("left behind: %q, %v", names, err)
	}
}
