package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"motkraft/bot"
	"motkraft/bot/fault"
)

// folderTimeout is how long a content folder may take to be read. A disk answers in milliseconds; a mount whose server is gone never does.
const folderTimeout = 10 * time.Second

// errFolderBusy is said while an earlier reading of the folder has not come back. There is never more than one: what waits for a dead mount
// cannot be broken off, and would pile up.
var errFolderBusy = errors.New("the content folder has not answered since it was read last")

// errFolderSlow is said of a folder that does not answer.
var errFolderSlow = fmt.Errorf("the content folder did not answer within %s", folderTimeout)

// fromFolder does work that looks into the content folder, and waits no longer than folderTimeout and for the end of the program. Work may
// go on after that, and must touch nothing that others use.
func fromFolder[T any](w *world, ctx context.Context, work func() (T, error)) (T, error) {
	type result struct {
		value T
		err   error
	}
	var none T
	if !w.folder.TryLock() {
		return none, errFolderBusy
	}
	done := make(chan result, 1)
	go func() {
		var r result
		r.err = fault.Try(func() (err error) { // a fault of the program in reading leaves what was there
			r.value, err = work()
			return err
		})
		w.folder.Unlock()
		done <- r
	}()
	select {
	case r := <-done:
		return r.value, r.err
	case <-w.after(folderTimeout):
		return none, errFolderSlow
	case <-ctx.Done():
		return none, ctx.Err()
	}
}

// content reads a folder and checks it, or gives what is built in, which was checked when it was built.
func (w *world) content(ctx context.Context, dir string) (content, error) {
	if dir == "" {
		return loadContent("")
	}
	return fromFolder(w, ctx, func() (content, error) { return w.checked(dir) })
}

// checked reads content and checks it.
func (w *world) checked(dir string) (content, error) {
	c, err := loadContent(dir)
	if err != nil {
		return c, err
	}
	problems := bot.Check(c.set, c.catalog, w.channels.words())
	return c, append(problems, c.set.Ahead(time.Now())...).Err()
}

// target says what a content folder's names lead to now, where one of them is a link: a deployment that flips a link above or in the folder changes
// nothing in the folders that are watched.
func target(dir string) string {
	var out []string
	look := func(path string) {
		to, err := filepath.EvalSymlinks(path)
		if err != nil {
			to = err.Error()
		}
		out = append(out, to)
	}
	for _, sub := range []string{"flows", "locales"} {
		folder := filepath.Join(dir, sub)
		look(folder)
		entries, _ := os.ReadDir(folder)
		for _, e := range entries {
			if e.Type()&os.ModeSymlink != 0 {
				look(filepath.Join(folder, e.Name()))
			}
		}
	}
	return strings.Join(out, "\n")
}
