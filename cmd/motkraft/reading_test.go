package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// A folder that does not answer holds up nothing without a bound, is asked by one at a time, and is read again once it answers.
func TestFolderThatHangs(t *testing.T) {
	w, _ := newWorld(t.Context())
	fires := make(chan time.Time)
	w.after = func(time.Duration) <-chan time.Time { return fires }
	hangs := make(chan struct{})
	work := func() (string, error) {
		<-hangs
		return "read", nil
	}
	go func() { fires <- time.Time{} }()
	if _, err := fromFolder(w, t.Context(), work); !errors.Is(err, errFolderSlow) {
		t.Fatalf("a folder that hangs gave %v, expected %v", err, errFolderSlow)
	}
	if _, err := fromFolder(w, t.Context(), work); !errors.Is(err, errFolderBusy) {
		t.Fatalf("a second reading gave %v, expected %v", err, errFolderBusy)
	}
	close(hangs)
	until(t, "the folder is free again", func() bool {
		got, err := fromFolder(w, t.Context(), work)
		return err == nil && got == "read"
	})
	stopped, stop := context.WithCancel(t.Context())
	stop()
	never := func() (string, error) { select {} }
	if _, err := fromFolder(w, stopped, never); !errors.Is(err, context.Canceled) {
		t.Errorf("a reading at the end gave %v, expected %v", err, context.Canceled)
	}
}

// A fault of the program in reading is an error of that reading alone.
func TestFolderFault(t *testing.T) {
	w, _ := newWorld(t.Context())
	if _, err := fromFolder(w, t.Context(), func() (string, error) { panic("at once") }); err == nil {
		t.Error("a panic gave no error")
	}
	if got, err := fromFolder(w, t.Context(), func() (string, error) { return "read", nil }); got != "read" || err != nil {
		t.Errorf("after it: %q, %v", got, err)
	}
}

// Deployments flip a link: above the folder that is named, the folder itself, or a file in it.
func TestReloadOfFlippedLinks(t *testing.T) {
	for _, what := range []string{"above", "folder", "file"} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			top := t.TempDir()
			for _, release := range []string{"one", "two"} {
				if err := copyContent("../..", filepath.Join(top, release, "content")); err != nil {
					t.Fatal(err)
				}
			}
			edit(t, filepath.Join(top, "two", "content", "locales", "sv.yaml"), "Vad gäller det?", "Vad handlar det om?")
			link, first, second, dir := filepath.Join(top, "current"), "one", "two", filepath.Join(top, "current", "content")
			switch what {
			case "folder":
				first, second, dir = filepath.Join("one", "content"), filepath.Join("two", "content"), link
			case "file":
				dir = filepath.Join(top, "one", "content")
				link = filepath.Join(dir, "locales", "sv.yaml")
				first, second = filepath.Join(top, "words"), filepath.Join(top, "two", "content", "locales", "sv.yaml")
				if err := os.Rename(link, first); err != nil {
					t.Fatal(err)
				}
			}
			flip(t, first, link)
			r := start(t, "MOTKRAFT_CONTENT="+dir, "MOTKRAFT_WEBHOOK_SECRETS="+hookSecret)
			flip(t, second, link)
			until(t, "the new words are spoken", func() bool {
				return strings.Contains(r.ask(t, map[string]string{"lang": "sv"}).Text, "Vad handlar det om?")
			})
		})
	}
}

// flip puts a link in the place of another, as "ln -s" and "mv -T" do.
func flip(t *testing.T, to, link string) {
	t.Helper()
	if err := os.Symlink(to, link+".new"); err != nil {
		lacks(t, "system", "no links here: "+err.Error())
	}
	if err := os.Rename(link+".new", link); err != nil {
		t.Fatal(err)
	}
}

// A day to come where one that was is meant is refused, wherever it stands: nothing would ever be checked again.
func TestDaysToCome(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "content")
	if err := copyContent("../..", dir); err != nil {
		t.Fatal(err)
	}
	edit(t, filepath.Join(dir, "flows", "services.yaml"), "seen: 2026-11-23", "seen: 2099-01-01")
	edit(t, filepath.Join(dir, "flows", "services.yaml"), "verified_on: null", "verified_on: 2099-01-02")
	edit(t, filepath.Join(dir, "flows", "claims.yaml"), "checked: 2025-09", "checked: 2099-09")
	w, _ := newWorld(t.Context())
	_, err := w.content(t.Context(), dir)
	for _, want := range []string{"seen on 2099-01-01, which is still to come", "verified_on on 2099-01-02", "checked on 2099-09-01"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("found %v\nexpected among it %q", err, want)
		}
	}
}
