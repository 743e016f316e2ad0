package count

import (
	"bufio"
	"context"
	crand "crypto/rand"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/gofrs/flock"
)

// childFile names the file that a child process of this test writes to, and childLock the one that it locks.
const (
	childFile = "MOTKRAFT_TEST_COUNT_CHILD"
	childLock = "MOTKRAFT_TEST_COUNT_LOCK"
)

func TestMain(m *testing.M) {
	if path := os.Getenv(childFile); path != "" {
		writeForever(path)
	}
	if path := os.Getenv(childLock); path != "" {
		lockForever(path)
	}
	os.Exit(m.Run())
}

// writeForever adds one to two counts again and again, and says each time that it is done.
func writeForever(path string) {
	for f := NewFile(path); ; {
		b := Batch{ID: crand.Text(), Counts: Counts{buy: 1, acute: 1}}
		err := f.Add(context.Background(), b)
		for errors.Is(err, context.DeadlineExceeded) { // a busy machine
			err = f.Add(context.Background(), b)
		}
		if err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
		fmt.Println("added")
	}
}

// lockForever locks a file, says so, and keeps the lock until it is killed or its standard input ends.
func lockForever(path string) {
	if err := flock.New(path).Lock(); err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	fmt.Println("locked")
	io.Copy(io.Discard, os.Stdin)
	os.Exit(0)
}

// A lock that another process holds for ever keeps nobody for ever: adding, the daily round and the end. What was counted is added once it is free,
// once.
func TestHeldLockKeepsNobody(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "counts.json")
	f := NewFile(path)
	add(t, f, "", nil)
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), childLock+"="+path+".lock")
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cmd.Process.Kill(); cmd.Wait() })
	if lines := bufio.NewScanner(out); !lines.Scan() || lines.Text() != "locked" {
		t.Fatalf("the child says %q", lines.Text())
	}
	keepsNobody(t, f, "the lock beside the file of counts cannot be had")
	in.Close()
	cmd.Wait()
	add(t, f, "b", Counts{buy: 1})
	holds(t, f, Counts{buy: 1})
}

// keepsNobody adds the batch b to a File that cannot be had. Each try ends by itself, with an error that says so.
func keepsNobody(t *testing.T, f *File, says string) {
	t.Helper()
	for range 2 { // the second one may find the first at it
		err := f.Add(context.Background(), Batch{ID: "b", Counts: Counts{buy: 1}})
		if !errors.Is(err, context.DeadlineExceeded) || says != "" && !strings.HasPrefix(err.Error(), says) {
			t.Errorf("adding: %v", err)
		}
	}
	e := &told{}
	c := New(f, Options{Channels: counted, Failed: e.failed})
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	c.Run(ctx)
	c.Finish(ctx)
	if len(e.all()) == 0 {
		t.Error("nothing was told")
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
