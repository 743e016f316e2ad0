package count

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/gofrs/flock"

	"motkraft/bot/problem"
)

// File keeps counts in a JSON file. It is replaced as a whole, by a rename, so that whoever is stopped at any moment leaves either the
// old file or the new one.
//
// The new one is written beside it under a fixed name and not a random one, so that a process that is killed leaves nothing behind that
// grows; the lock sees to it that only one process writes there.
type File struct {
	path string
	mu   sync.Mutex   // between the goroutines of this process
	lock *flock.Flock // between processes
}

var _ Store = (*File)(nil)

// lockPause is how often the lock is asked for while another process writes, which takes it some milliseconds.
const lockPause = 5 * time.Millisecond

// NewFile keeps counts at a path. The file is made by the first Add.
func NewFile(path string) *File {
	return &File{path: path, lock: flock.New(path+".lock", flock.SetPermissions(0o600))}
}

// content is what stands in the file.
type content struct {
	Secret []byte           `json:"secret"`
	Counts map[string]int64 `json:"counts"`
}

// Add reads the file, adds, and replaces it. An error means that it was not replaced.
func (f *File) Add(ctx context.Context, b Batch) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if _, err := f.lock.TryLockContext(ctx, lockPause); err != nil {
		return fmt.Errorf("the lock beside the file of counts can not be had: %w", problem.Pathless(err))
	}
	defer f.lock.Unlock()
	c, err := f.load()
	if err != nil {
		return err
	}
	if c.Secret == nil {
		c.Secret = newSecret()
	}
	for key, n := range b.Counts {
		c.Counts[key.String()] += n
	}
	data, err := json.MarshalIndent(c, "", "\t") // #nosec G117 -- the store keeps the secret of its noise, for the owner of the file alone
	if err != nil {
		return err
	}
	if err := replace(f.path, append(data, '\n')); err != nil {
		return fmt.Errorf("the file of counts can not be written: %w", problem.Pathless(err))
	}
	return nil
}

// Read gives what the file holds; a file that is not there holds nothing.
func (f *File) Read(context.Context) (Kept, error) {
	c, err := f.load()
	if err != nil {
		return Kept{}, err
	}
	return newKept(c.Secret, c.Counts)
}

// Close has nothing to give back: the lock is held only while the file is written.
func (f *File) Close() error { return nil }

func (f *File) load() (content, error) {
	var c content
	data, err := os.ReadFile(f.path)
	if errors.Is(err, fs.ErrNotExist) {
		return content{Counts: map[string]int64{}}, nil
	}
	if err != nil {
		return c, fmt.Errorf("the file of counts can not be read: %w", problem.Pathless(err))
	}
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	err = dec.Decode(&c)
	if _, rest := dec.Token(); err != nil || rest != io.EOF || len(c.Secret) != secretSize || c.Counts == nil {
		return c, errors.New("the file of counts holds something else, expected what motkraft writes: name another file, or take this one away")
	}
	return c, nil
}

// replace writes a file so that at every moment the old one or the new one is there, whole. Once it is renamed it is there: that the
// folder could not be written through to the disk would matter only if the power failed now, and would cost a day's counts.
func replace(path string, data []byte) error {
	next := path + ".new"
	f, err := os.OpenFile(next, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600) // #nosec G304 -- the path is the operator's setting
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if err == nil {
		err = f.Sync()
	}
	if err := errors.Join(err, f.Close()); err != nil {
		return err
	}
	if err := os.Rename(next, path); err != nil {
		return err
	}
	if dir, err := os.Open(filepath.Dir(path)); err == nil {
		_ = dir.Sync()
		_ = dir.Close()
	}
	return nil
}

// newKept reads the keys of a store.
func newKept(secret []byte, counts map[string]int64) (Kept, error) {
	kept := Kept{Secret: secret, Counts: Counts{}}
	for s, n := range counts {
		key, err := parseKey(s)
		if err != nil {
			return Kept{}, fmt.Errorf("among the counts stands %q: %w", s, err)
		}
		if n < 0 {
			return Kept{}, fmt.Errorf("the count %q is below nothing, expected 0 or more", s)
		}
		kept.Counts[key] = n
	}
	return kept, nil
}

func newSecret() []byte {
	secret := make([]byte, secretSize)
	rand.Read(secret) // never fails
	return secret
}
