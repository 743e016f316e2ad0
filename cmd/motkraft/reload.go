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

	"motkraft/bot/fault"
	"motkraft/bot/problem"
)

// linksEvery is how often the links that lead to the content are looked at: a system tells of no link above a folder that is watched.
const linksEvery = 2 * time.Second

// rest is how long a content folder must rest before it is read: an editor writes more than one file.
const rest = 250 * time.Millisecond

// longestRest is after how long it is read although it does not rest.
const longestRest = 5 * time.Second

// maxProblems is how many problems of one content the log is told of: a bad push can have thousands.
const maxProblems = 20

// hangups gives what SIGHUP says. It is asked for before anything else, so that a signal that comes early ends nothing.
func hangups() (hup chan os.Signal, stop func()) {
	hup = make(chan os.Signal, 1)
	signal.Notify(hup, syscall.SIGHUP)
	return hup, func() { signal.Stop(hup) }
}

// reloader goes over to new content when its folder changes or SIGHUP comes. Content with a problem changes nothing: what was there goes
// on, and the log holds every problem.
type reloader struct {
	world *world
	live  *live
	seen  *metrics
	dir   string // "" for the content that is built in, which does not change
	files *fsnotify.Watcher
	links string // where the folder's names led to when it was read
}

// follow starts to watch, and gives a function that waits for the end once ctx is done.
func (w *world) follow(ctx context.Context, hup <-chan os.Signal, dir string, l *live, seen *metrics) (wait func()) {
	r := &reloader{world: w, live: l, seen: seen, dir: dir}
	if dir != "" {
		if whole, err := filepath.Abs(dir); err == nil {
			r.dir = whole
		}
		r.watch()
	}
	var running sync.WaitGroup
	running.Go(func() {
		contained(w.log, "the hot reload", func() {
			if r.files == nil {
				r.run(ctx, hup, nil, nil)
				return
			}
			defer r.files.Close()
			r.run(ctx, hup, r.files.Events, r.files.Errors)
		})
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
	if r.files == nil {
		return
	}
	for _, path := range []string{filepath.Dir(r.dir), r.dir, filepath.Join(r.dir, "flows"), filepath.Join(r.dir, "locales")} {
		_ = r.files.Remove(path) // an error says that it was not watched
		if err := r.files.Add(path); err != nil {
			r.world.log.Warn("a folder of the content is not watched: send SIGHUP when it has changed", "folder", filepath.Base(path), "error", problem.Pathless(err))
		}
	}
}

// concerns reports whether a change in the folders that are watched is one of the content.
func (r *reloader) concerns(path string) bool {
	return path == r.dir || filepath.Dir(path) != filepath.Dir(r.dir)
}

func (r *reloader) run(ctx context.Context, hup <-chan os.Signal, events <-chan fsnotify.Event, errs <-chan error) {
	resting := time.NewTimer(0)
	if !resting.Stop() {
		<-resting.C
	}
	links := time.NewTicker(linksEvery)
	defer links.Stop()
	if r.dir == "" {
		links.Stop()
	}
	r.links, _ = r.target(ctx)
	var since time.Time // of the first change that was not read; zero: there is none
	wait := func() {
		if since.IsZero() {
			since = time.Now()
		}
		resting.Reset(min(rest, longestRest-time.Since(since)))
	}
	for {
		select {
		case <-ctx.Done():
			return
		case e := <-events:
			if r.concerns(e.Name) {
				wait()
			}
			continue
		case <-errs: // events were lost: look
			wait()
			continue
		case <-links.C:
			if to, err := r.target(ctx); err == nil && to != r.links {
				r.links = to
				wait()
			}
			continue
		case <-hup:
		case <-resting.C:
		}
		since = time.Time{}
		// The watch is renewed before the folder is read: what changes while it is read is told of then.
		if to, err := r.target(ctx); err == nil {
			r.links = to
			r.renew()
		}
		r.reload(ctx)
	}
}

// target says where the folder's names lead to.
func (r *reloader) target(ctx context.Context) (string, error) {
	if r.dir == "" {
		return "", nil
	}
	return fromFolder(r.world, ctx, func() (string, error) { return target(r.dir), nil })
}

// reload reads the folder and goes over to it.
func (r *reloader) reload(ctx context.Context) {
	if r.dir == "" {
		r.world.log.Info("the content is the one that is built in, there is nothing to read again", "cure", "set "+prefix+"CONTENT to a folder")
		return
	}
	err := fault.Try(func() error { return r.read(ctx) }) // the old content is still there
	if ctx.Err() != nil {
		return
	}
	said := lines(err)
	for _, line := range said[:min(len(said), maxProblems)] {
		r.world.log.Error("the content has a problem, the old one stays", "problem", line)
	}
	if more := len(said) - maxProblems; more > 0 {
		r.world.log.Error("the content has more problems", "more", more, "cure", "run 'motkraft check' on it, which prints them all")
	}
	if err != nil {
		r.seen.contentRefused()
		return
	}
	r.seen.contentTaken()
	r.world.log.Info("the content was read again")
}

func (r *reloader) read(ctx context.Context) error {
	c, err := r.world.content(ctx, r.dir)
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
