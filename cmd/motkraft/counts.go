package main

import (
	"context"
	"net/http"
	"path"
	"slices"
	"strings"

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

// proveFile writes nothing to a file of counts, so that one that can not be written is told of now and not in a day. A Redis may be away for
// a while: its trouble comes in the log.
func (s *settings) proveFile(ctx context.Context, store count.Store) {
	file, ok := store.(*count.File)
	if !ok {
		return
	}
	if err := file.Add(ctx, count.Batch{}); err != nil {
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
