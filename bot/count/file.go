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
	"time"

	"github.com/gofrs/flock"

	"motkraft/bot/fault"
	"motkraft/bot/problem"
)

// File keeps counts in a JSON file. It is replaced as a whole, by a rename, so that whoever is stopped at any moment leaves either the
// old file or the new one.
//
// The new one is written beside it under a fixed name and not a random one, so that a process that is killed leaves nothing behind that
// grows; the lock sees to it that only one process writes there.
//
// A lock that another process never gives back and a file system that hangs, such as a dead mount, keep nobody longer than fileTimeout. A system
// call cannot be called off, so it is waited for beside; until it ends nothing else is done with the file.
type File struct {
	path string
	one  chan struct{} // held by whoever is at the file, in this process
	lock *flock.Flock  // between processes

	added string // the ID of the last batch that was added, by whoever holds one: it may be done after nobody waits anymore
}

var _ Store = (*File)(nil)

const (
	// lockPause is how often the lock is asked for while another process writes, which takes it some milliseconds.
	lockPause = 5 * time.Millisecond

	// tellPause is how long whoever waited in vain for the lock may take to tell that it was that.
	tellPause = 100 * time.Millisecond

	// fileTimeout bounds each Add and Read, the waiting for the lock within it.
	fileTimeout = 2 * time.Second
)

// NewFile keeps counts at a path. The file is made by the first Add.
func NewFile(path string) *File {
	return &File{path: path, one: make(chan struct{}, 1), lock: flock.New(path+".lock", flock.SetPermissions(0o600))}
}

// content is what stands in the file.
type content struct {
	Secret []byte           `json:"secret"`
	Counts map[string]int64 `json:"counts"`
}

// Add reads the file, adds, and replaces it. It is a context's error where the lock or the file system was waited for in vain.
func (f *File) Add(ctx context.Context, b Batch) error {
	_, err := f.bounded(ctx, func(ctx context.Context) (content, error) { return content{}, f.add(ctx, b) })
	return err
}

// bounded does one thing with the file, and waits for it no longer than ctx and fileTimeout let it.
func (f *File) bounded(ctx context.Context, do func(context.Context) (content, error)) (content, error) {
	ctx, cancel := context.WithTimeout(ctx, fileTimeout)
	type result struct {
		content
		error
	}
	done := make(chan result, 1)
	select {
	case f.one <- struct{}{}:
		go func() {
			defer func() { <-f.one }()
			defer cancel()
			var c content
			err := fault.Try(func() (err error) { c, err = do(ctx); return err })
			done <- result{c, err}
		}()
	case <-ctx.Done():
		defer cancel()
		return content{}, fmt.Errorf("the file of counts is not done with what was asked of it before: %w", ctx.Err())
	}
	select {
	case r := <-done:
		return r.content, r.error
	case <-ctx.Done():
	}
	select {
	case r := <-done: // both at once
		return r.content, r.error
	case <-time.After(tellPause):
		return content{}, fmt.Errorf("the file system of the counts does not answer: %w", ctx.Err())
	}
}

// add is Add for the one who is at the file.
func (f *File) add(ctx context.Context, b Batch) error {
	if len(b.Counts) > 0 && b.ID == f.added {
		return nil
	}
	if _, err := f.lock.TryLockContext(ctx, lockPause); err != nil {
		return fmt.Errorf("the lock beside the file of counts cannot be had: %w", problem.Pathless(err))
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
	if err := replace(ctx, f.path, append(data, '\n')); err != nil {
		return fmt.Errorf("the file of counts cannot be written: %w", problem.Pathless(err))
	}
	if len(b.Counts) > 0 {
		f.added = b.ID
	}
	return nil
}

// Read gives what the file holds; a file that is not there holds nothing.
func (f *File) Read(ctx context.Context) (Kept, error) {
	c, err := f.bounded(ctx, func(context.Context) (content, error) { return f.load() })
	if err != nil {
		return Kept{}, err
	}
	return newKept(c.Secret, c.Counts)
}

// Close has nothing to give back: the lock is held only while the file is written.
func (f *File) Close() error { return nil }

func (f *File) load() (content, error) {
	var c content
	of, err := os.Stat(f.path)
	if errors.Is(err, fs.ErrNotExist) {
		return content{Counts: map[string]int64{}}, nil
	}
	var data []byte
	if err == nil && !of.Mode().IsRegular() { // a pipe would never be read to its end
		return c, errForeign
	}
	if err == nil {
		data, err = os.ReadFile(f.path)
	}
	if err != nil {
		return c, fmt.Errorf("the file of counts cannot be read: %w", problem.Pathless(err))
	}
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	err = dec.Decode(&c)
	if _, rest := dec.Token(); err != nil || rest != io.EOF || len(c.Secret) != secretSize || c.Counts == nil {
		return c, errForeign
	}
	return c, nil
}

const errForeign = Refusal("the file of counts holds something else, expected what motkraft writes: name another file, or take this one away")

// replace writes a file so that at every moment the old one or the new one is there, whole. Once it is renamed it is there: that the
// folder could not be written through to the disk would matter only if the power failed now, and would cost a day's counts. Once ctx is done it is
// not renamed: counts that came so late might change a period that was published.
func replace(ctx context.Context, path string, data []byte) error {
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
	if err := ctx.Err(); err != nil {
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
