package count

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gomodule/redigo/redis"
)

// patience is how long a test waits before it calls a thing missing: never a measure of speed.
const patience = time.Minute

// Two channels that are counted.
const (
	telegram = "telegram"
	webhook  = "webhook"
)

var counted = []string{telegram, webhook}

var (
	buy     = Key{"2026-H1", telegram, "buy"}
	acute   = Key{"2026-H1", webhook, "acute"}
	fetched = Key{"2026-09-14", Web, Fetched}
)

// TestStores holds every store to what Store says.
func TestStores(t *testing.T) {
	for name, open := range map[string]func(t *testing.T) func() Store{
		"file": func(t *testing.T) func() Store {
			path := filepath.Join(t.TempDir(), "counts.json")
			return func() Store { return mustOpen(t, path) }
		},
		"redis": func(t *testing.T) func() Store {
			server := startRedis(t)
			return func() Store { return mustOpen(t, server.address) }
		},
	} {
		t.Run(name, func(t *testing.T) {
			open := open(t)
			t.Run("nothing was added", func(t *testing.T) {
				if kept := read(t, open()); len(kept.Counts) != 0 || kept.Secret != nil {
					t.Errorf("a fresh store keeps %+v", kept)
				}
			})
			t.Run("adding nothing makes the secret", func(t *testing.T) {
				add(t, open(), "", Counts{})
				if kept := read(t, open()); len(kept.Counts) != 0 || len(kept.Secret) != secretSize {
					t.Errorf("kept %+v", kept)
				}
			})
			secret := read(t, open()).Secret
			t.Run("adds", func(t *testing.T) {
				s := open()
				add(t, s, "a", Counts{buy: 2, fetched: 1})
				add(t, s, "b", Counts{buy: 3, acute: 1 << 40})
				holds(t, open(), Counts{buy: 5, fetched: 1, acute: 1 << 40})
			})
			t.Run("the same batch again", func(t *testing.T) {
				s := open()
				before := read(t, s).Counts
				for range 3 {
					add(t, s, "again", Counts{buy: 1})
				}
				before[buy]++
				holds(t, s, before)
			})
			t.Run("several count together", func(t *testing.T) {
				before := read(t, open()).Counts
				const replicas, batches = 8, 20
				var all sync.WaitGroup
				for r := range replicas {
					s := open()
					for i := range batches {
						all.Go(func() { add(t, s, fmt.Sprint("many", r, i), Counts{buy: 1, acute: 2}) })
					}
				}
				all.Wait()
				before[buy] += replicas * batches
				before[acute] += 2 * replicas * batches
				holds(t, open(), before)
			})
			t.Run("the secret stays", func(t *testing.T) {
				if got := read(t, open()).Secret; string(got) != string(secret) {
					t.Error("the secret was made anew: what was published would be published again with other noise")
				}
			})
			t.Run("a context that is done", func(t *testing.T) {
				before := read(t, open()).Counts
				ctx, cancel := context.WithCancel(t.Context())
				cancel()
				s := open()
				if err := s.Add(ctx, Batch{ID: "late", Counts: Counts{buy: 1}}); err == nil {
					before[buy]++ // it may be as quick
				}
				holds(t, open(), before)
			})
		})
	}
}

// What stands in a file and in a Redis after use is what the list of holdings names, and nothing else.
func TestHoldingsAreAll(t *testing.T) {
	path := filepath.Join(t.TempDir(), "counts.json")
	add(t, mustOpen(t, path), "a", Counts{buy: 1})
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var fields map[string]any
	if err := json.Unmarshal(data, &fields); err != nil || len(fields) == 0 {
		t.Fatalf("%v in %s", err, data)
	}
	known := func(name string, of func(holding) string) bool {
		return slices.ContainsFunc(holdings, func(h holding) bool { return of(h) != "" && strings.HasPrefix(name, strings.TrimSuffix(of(h), "ID")) })
	}
	for name := range fields {
		if !known(name, func(h holding) string { return h.file }) {
			t.Errorf("the file has %q, which is not in the list", name)
		}
	}
	if names, _ := filepath.Glob(filepath.Join(filepath.Dir(path), "*")); len(names) != 2 { // and the lock
		t.Errorf("in the folder stand %q", names)
	}

	server := startRedis(t)
	add(t, mustOpen(t, server.address), "a", Counts{buy: 1})
	client, err := mustOpen(t, server.address).(*Redis).at.dial(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	names, err := redis.Strings(client.Do("KEYS", "*"))
	if err != nil || len(names) != len(holdings) {
		t.Errorf("in Redis stand %q, %v; expected one of each holding", names, err)
	}
	for _, name := range names {
		if !known(name, func(h holding) string { return h.redis }) {
			t.Errorf("Redis has %q, which is not in the list", name)
		}
		seconds, err := redis.Int(client.Do("TTL", name))
		if left := time.Duration(seconds) * time.Second; err != nil || strings.HasPrefix(name, redisAdded) && (left <= giveUp || left > batchMemory) {
			t.Errorf("a batch's name is kept for %v, %v", left, err)
		}
	}
}

func TestFileOfSomethingElseIsLeftAlone(t *testing.T) {
	for name, data := range map[string]string{
		"empty":         "",
		"other":         `{"name": "something"}`,
		"no secret":     `{"secret": "", "counts": {}}`,
		"short secret":  `{"secret": "c2hvcnQ=", "counts": {}}`,
		"no counts":     `{"secret": "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="}`,
		"unknown field": `{"secret": "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", "counts": {}, "people": []}`,
		"rest behind":   `{"secret": "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", "counts": {}} {"counts": {}}`,
		"words behind":  `{"secret": "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", "counts": {}}` + "\ngarbage",
		"half behind":   `{"secret": "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", "counts": {}}}`,
	} {
		path := filepath.Join(t.TempDir(), "counts.json")
		if err := os.WriteFile(path, []byte(data), 0o600); err != nil {
			t.Fatal(err)
		}
		s := mustOpen(t, path)
		if err := s.Add(t.Context(), Batch{ID: "a", Counts: Counts{buy: 1}}); err == nil || strings.Contains(err.Error(), path) {
			t.Errorf("%s: %v", name, err)
		}
		if got, _ := os.ReadFile(path); string(got) != data {
			t.Errorf("%s was overwritten", name)
		}
	}
	for _, key := range []string{"2026-H3/telegram/buy", "2026-H1/tele-gram/buy", "2026-H1/telegram/Buy", "2026-H1/web/buy", "2026-9-1/telegram/buy", "x"} {
		if _, err := newKept(newSecret(), map[string]int64{key: 1}); err == nil {
			t.Errorf("the key %q was taken", key)
		}
	}
	if _, err := newKept(newSecret(), map[string]int64{buy.String(): -1}); err == nil {
		t.Error("a count below nothing was taken")
	}
}

func TestOpenTellsNoAddress(t *testing.T) {
	for _, address := range []string{"http://canary", "redis://:canary@host:port:port", "redis://:canary@[", "unix://"} {
		if _, err := Open(address); err == nil || strings.Contains(err.Error(), "canary") {
			t.Errorf("%q: %v", address, err)
		}
	}
	s := mustOpen(t, "redis://person:canary@127.0.0.1:1")
	err := s.Add(t.Context(), Batch{ID: "a", Counts: Counts{buy: 1}})
	if err == nil || strings.Contains(err.Error(), "canary") {
		t.Errorf("nobody there: %v", err)
	}
}

func mustOpen(t *testing.T, address string) Store {
	t.Helper()
	s, err := Open(address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func add(t *testing.T, s Store, id string, counts Counts) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	for {
		err := s.Add(ctx, Batch{ID: id, Counts: counts})
		if err == nil {
			return
		}
		// On a busy machine a store may not answer in time. The batch is given again, as the Counter does.
		if _, ok := s.(*Redis); !ok && !errors.Is(err, context.DeadlineExceeded) || ctx.Err() != nil {
			t.Error(err)
			return
		}
	}
}

func read(t *testing.T, s Store) Kept {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	for {
		kept, err := s.Read(ctx)
		if err == nil {
			return kept
		}
		if _, ok := s.(*Redis); !ok && !errors.Is(err, context.DeadlineExceeded) || ctx.Err() != nil {
			t.Fatal(err)
		}
	}
}

func holds(t *testing.T, s Store, want Counts) {
	t.Helper()
	got := read(t, s).Counts
	for key, n := range want {
		if got[key] != n {
			t.Errorf("%s is %d, expected %d", key, got[key], n)
		}
	}
	if len(got) != len(want) {
		t.Errorf("kept %v, expected %v", got, want)
	}
}
