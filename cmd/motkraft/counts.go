package main

import (
	"context"
	"errors"
	"net/http"
	"path"
	"slices"
	"strings"
	"time"

	"motkraft/bot/count"
	"motkraft/flows"
)

// counts reads the settings for the statistics; a nil store where nothing is counted.
func (s *settings) counts() (count.Store, count.Calendar) {
	address, campaigns := s.value("COUNTS"), s.value("CAMPAIGNS")
	calendar, err := count.ParseCalendar(campaigns)
	if err != nil {
		s.fault("%sCAMPAIGNS: %v", prefix, err)
	}
	if address == "" {
		if campaigns != "" {
			s.fault("%sCAMPAIGNS is set without %sCOUNTS: set both, or neither", prefix, prefix)
		}
		return nil, nil
	}
	store, err := count.Open(address)
	if err != nil {
		s.fault("%sCOUNTS: %v", prefix, err)
	}
	return store, calendar
}

// proveTimeout is how long a start waits for the store of the counts.
const proveTimeout = time.Second

// proveCounts adds nothing to the store, so that one that cannot be used is told of now and not in a day. A Redis may be away for a while, and
// so may a file that another process has locked or whose file system hangs: that delays no start, and comes in the log.
func (s *settings) proveCounts(ctx context.Context, store count.Store) {
	if store == nil {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, proveTimeout)
	defer cancel()
	err := store.Add(ctx, count.Batch{})
	var refusal count.Refusal
	_, file := store.(*count.File)
	switch {
	case err == nil:
	case errors.As(err, &refusal):
		s.fault("%sCOUNTS: %v", prefix, err)
	case file && !errors.Is(err, context.DeadlineExceeded) && !errors.Is(err, context.Canceled):
		s.fault("%sCOUNTS: %v: name a file in a folder that this user may write to", prefix, err)
	}
}

// groups are what conversations can be counted under, in order.
func groups(set *flows.Set) (groups []string) {
	for _, n := range set.Nodes {
		if n.Refer != nil && !slices.Contains(groups, n.Group) {
			groups = append(groups, n.Group)
		}
	}
	slices.Sort(groups)
	return groups
}

// screensFile begins the names of the files that hold the web chat's screens.
const screensFile = "screens."

// fetches tells of each answer that holds the web chat's screens as a whole. A browser that has them already is not told of.
func fetches(page http.Handler, told func()) http.Handler {
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet || !strings.HasPrefix(path.Base(r.URL.Path), screensFile) {
			page.ServeHTTP(rw, r)
			return
		}
		answer := &statusWriter{ResponseWriter: rw, status: http.StatusOK}
		page.ServeHTTP(answer, r)
		if answer.status == http.StatusOK {
			told()
		}
	})
}

// statusWriter keeps the status of an answer.
type statusWriter struct {
	http.ResponseWriter
	status int
}

func (s *statusWriter) WriteHeader(status int) {
	s.status = status
	s.ResponseWriter.WriteHeader(status)
}

// Unwrap lets http.ResponseController through.
func (s *statusWriter) Unwrap() http.ResponseWriter { return s.ResponseWriter }
