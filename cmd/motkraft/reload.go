package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"sync"
	"syscall"
	"time"

	"github.com/fsnotify/fsnotify"

	"motkraft/bot"
	"motkraft/bot/problem"
)

// rest is how long a content folder must rest before it is read: an editor writes more than one file.
const rest = 250 * time.Millisecond

// reloader goes over to new content when its folder changes or SIGHUP comes. Content with a problem changes nothing: what was there goes
// on, and the log holds every problem.
type reloader struct {
	world *world
	live  *live
	seen  *metrics
	dir   string // "" for the content that is built in, which does not change
	files *fsnotify.Watcher
}

// follow starts to watch, and gives a function that waits for the end once ctx is done.
func (w *world) follow(ctx context.Context, dir string, l *live, seen *metrics) (wait func()) {
	r := &reloader{world: w, live: l, seen: seen, dir: dir}
	hup := make(chan os.Signal, 1)
	signal.Notify(hup, syscall.SIGHUP)
	if dir != "" {
		if whole, err := filepath.Abs(dir); err == nil {
			r.dir = whole
		}
		r.watch()
	}
	var running sync.WaitGroup
	running.Go(func() {
		defer signal.Stop(hup)
		r.run(ctx, hup)
	})
	return running.Wait
}

// watch begins to watch the folder. Where the system lets nobody watch, SIGHUP is left.
func (r *reloader) watch() {
	files, err := fsnotify.NewWatcher()
	if err != nil {
		r.world.log.Warn("the content folder is not watched: send SIGHUP when it has changed", "error", err)
		return
	}
	r.files = files
	r.renew()
}

// renew watches what is now under the folder's names: an exchanged folder is another one than was watched. The parent tells when the
// folder itself is exchanged.
func (r *reloader) renew() {
	for _, path := range []string{filepath.Dir(r.dir), r.dir, filepath.Join(r.dir, "flows"), filepath.Join(r.dir, "locales")} {
		_ = r.files.Remove(path) // an error says that it was not watched
		if err := r.files.Add(path); err != nil {
			r.world.log.Warn("a folder of the content is not watched: send SIGHUP when it has changed", "folder", filepath.Base(path), "error", reason(err))
		}
	}
}

// concerns reports whether a change in the folders that are watched is one of the content.
func (r *reloader) concerns(path string) bool {
	return path == r.dir || filepath.Dir(path) != filepath.Dir(r.dir)
}

func (r *reloader) run(ctx context.Context, hup <-chan os.Signal) {
	var events <-chan fsnotify.Event
	var errs <-chan error
	if r.files != nil {
		defer r.files.Close()
		events, errs = r.files.Events, r.files.Errors
	}
	resting := time.NewTimer(0)
	if !resting.Stop() {
		<-resting.C
	}
	for {
		select {
		case <-ctx.Done():
			return
		case e := <-events:
			if r.concerns(e.Name) {
				resting.Reset(rest)
			}
		case <-errs: // events were lost: look
			resting.Reset(rest)
		case <-hup:
			r.reload()
		case <-resting.C:
			r.renew()
			r.reload()
		}
	}
}

// reload reads the folder and goes over to it.
func (r *reloader) reload() {
	if r.dir == "" {
		r.world.log.Info("the content is the one that is built in, there is nothing to read again", "cure", "set "+prefix+"CONTENT to a folder")
		return
	}
	err := r.read()
	for _, line := range lines(err) {
		r.world.log.Error("the content has a problem, the old one stays", "problem", line)
	}
	if err != nil {
		r.seen.contentRefused()
		return
	}
	r.seen.contentTaken()
	r.world.log.Info("the content was read again")
}

// read also survives a fault of the program in reading: the old content is still there.
func (r *reloader) read() (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = bot.Recovered(p)
		}
	}()
	c, err := loadContent(r.dir)
	if err != nil {
		return err
	}
	return r.live.change(c)
}

// lines are the problems that an error is made of.
func lines(err error) []string {
	var out []string
	var problems problem.List
	var usage usageError
	switch {
	case err == nil:
	case errors.As(err, &problems):
		for _, p := range problems {
			out = append(out, p.String())
		}
	case errors.As(err, &usage):
		out = usage
	default:
		out = append(out, fmt.Sprint(err))
	}
	return out
}
