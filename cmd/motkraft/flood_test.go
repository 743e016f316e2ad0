package main

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"motkraft/bot/webhook"
	"motkraft/bot/webhook/webhooktest"
)

func TestCrowd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newCrowd(2, 3)
		who, other := []byte("canary"), []byte("other")
		for range 3 {
			if wait := c.wait(who); wait != 0 {
				t.Fatalf("within the burst: wait %v", wait)
			}
		}
		for range 5 { // what has to wait is not counted
			if wait := c.wait(who); wait != 500*time.Millisecond {
				t.Fatalf("after the burst: wait %v", wait)
			}
		}
		if wait := c.wait(other); wait != 0 {
			t.Errorf("somebody else: wait %v", wait)
		}
		time.Sleep(500 * time.Millisecond)
		if wait := c.wait(who); wait != 0 {
			t.Errorf("when the time has come: wait %v", wait)
		}
		if wait := c.wait(who); wait == 0 {
			t.Error("and the one after that: no wait")
		}
		if strings.Contains(fmt.Sprintf("%+v", c.known), "canary") {
			t.Error("who it was is kept")
		}
	})
}

// After an hour all is forgotten, although nobody comes, and the next one is known under another key.
func TestCrowdForgets(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newCrowd(2, 1)
		kept := func() (known int, key [32]byte) {
			synctest.Wait()
			c.mu.Lock()
			defer c.mu.Unlock()
			return len(c.known), c.key
		}
		var last [32]byte
		for hour := range 3 {
			c.wait([]byte("canary"))
			_, key := kept()
			if key == last {
				t.Errorf("hour %d: the key is that of the hour before", hour)
			}
			time.Sleep(forgetAfter - time.Second)
			if known, now := kept(); known != 1 || now != key {
				t.Errorf("hour %d: %d are known before the hour is over", hour, known)
			}
			time.Sleep(time.Second)
			if known, now := kept(); known != 0 || now != [32]byte{} {
				t.Errorf("hour %d: %d are known in an idle night, and there is a key: %v", hour, known, now != [32]byte{})
			}
			last = key
		}
	})
}

func TestCrowdIsBounded(t *testing.T) {
	c := newCrowd(2, 1)
	for i := range 3 * maxKnown {
		c.wait([]byte(strconv.Itoa(i)))
	}
	if len(c.known) != maxKnown {
		t.Errorf("%d are known, expected %d", len(c.known), maxKnown)
	}
}

func TestChatsOfChannelsAreApart(t *testing.T) {
	c := newCrowd(2, 1)
	a, b := c.chats("telegram"), c.chats("other")
	if a("1") != 0 || a("1") == 0 || a("2") != 0 || b("1") != 0 {
		t.Error("chats are mixed up")
	}
}

func TestClient(t *testing.T) {
	w, _ := newWorld(t.Context(), "MOTKRAFT_TRUSTED_PROXIES=10.0.0.0/8,192.0.2.7, 2001:db8:1::/48")
	s := &settings{getenv: w.getenv}
	by := s.proxies()
	if s.faults != nil || len(by) != 3 {
		t.Fatalf("%v %v", by, s.faults)
	}
	for _, c := range []struct{ peer, forwarded, same string }{
		{"198.51.100.1:5", "203.0.113.9", "198.51.100.1:9"}, // not trusted: what it says is nothing
		{"10.1.2.3:5", "203.0.113.9", "203.0.113.9:1"},
		{"10.1.2.3:5", "203.0.113.9:77", "203.0.113.9:1"},
		{"10.1.2.3:5", "1.1.1.1, 203.0.113.9, 192.0.2.7", "203.0.113.9:1"}, // the first one is the caller's own invention
		{"10.1.2.3:5", "203.0.113.9, nonsense", "10.1.2.3:1"},
		{"10.1.2.3:5", "", "10.1.2.3:1"},
		{"10.1.2.3:5", "10.9.9.9", "10.9.9.9:1"},
		{"[::ffff:10.1.2.3]:5", "203.0.113.9", "203.0.113.9:1"},
		{"[2001:db8:1::1]:5", "2001:db8:2::aaaa", "[2001:db8:2::1]:1"},
		{"[2001:db8:2:0:1::1]:5", "", "[2001:db8:2:0:ffff::1%eth0]:1"},
		{"@", "203.0.113.9", "@"},
	} {
		name := func(peer, forwarded string) string {
			r := httptest.NewRequest("GET", "/", nil)
			r.RemoteAddr = peer
			if forwarded != "" {
				r.Header.Set("X-Forwarded-For", forwarded)
			}
			return fmt.Sprintf("%x", by.client(r))
		}
		if got, want := name(c.peer, c.forwarded), name(c.same, ""); got != want {
			t.Errorf("%s for %q counts as %s, expected %s", c.peer, c.forwarded, got, want)
		}
	}
	if fmt.Sprintf("%x", by.client(&http.Request{RemoteAddr: "[2001:db8:2:1::1]:1"})) == fmt.Sprintf("%x", by.client(&http.Request{RemoteAddr: "[2001:db8:2:2::1]:1"})) {
		t.Error("two households count as one")
	}
}

// A flood of bad requests from one address gets 429 with Retry-After. Meanwhile other addresses are told what is wrong, who signs is answered from the
// very same address, and the page is there for all.
func TestFlood(t *testing.T) {
	r := start(t, "MOTKRAFT_WEBHOOK_SECRETS="+hookSecret, "MOTKRAFT_TRUSTED_PROXIES=127.0.0.1")
	described, err := webhooktest.New(webhook.OpenAPI)
	if err != nil {
		t.Fatal(err)
	}
	from := func(req *http.Request, addr string) *http.Response {
		t.Helper()
		req.Header.Set("X-Forwarded-For", addr)
		answer, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Error(err)
			return &http.Response{}
		}
		body, _ := io.ReadAll(answer.Body)
		answer.Body.Close()
		if answer.StatusCode == http.StatusTooManyRequests {
			after, err := strconv.Atoi(answer.Header.Get("Retry-After"))
			if err != nil || after < 1 || answer.Header.Get("Content-Type") != "application/problem+json" || !strings.Contains(string(body), `"status":429`) {
				t.Errorf("429 with %v: %s", answer.Header, body)
			}
			if err := described.Answer(answer.StatusCode, answer.Header, body); err != nil {
				t.Errorf("429 is not as described: %v", err)
			}
		}
		return answer
	}
	bad := func() *http.Request {
		req, err := http.NewRequest("POST", r.public+"/webhook", strings.NewReader(`{"text":"canary"}`))
		if err != nil {
			panic(err) // the address is wrong
		}
		return req
	}
	const flooder = "203.0.113.9"
	var mu sync.Mutex
	statuses := map[int]int{}
	var flood sync.WaitGroup
	for range 8 {
		flood.Go(func() {
			for range 100 {
				answer := from(bad(), flooder)
				mu.Lock()
				statuses[answer.StatusCode]++
				mu.Unlock()
			}
		})
	}
	for range 20 {
		if got := status(t, r.public+"/"); got != 200 {
			t.Errorf("the page gives %d under flood", got)
		}
		if answer := from(hookRequest(t, r.public, map[string]string{"lang": "sv"}), flooder); answer.StatusCode != 200 {
			t.Errorf("a signed request from the address of the flood gives %d", answer.StatusCode)
		}
	}
	flood.Wait()
	if statuses[401] < refusedBurst || statuses[429] == 0 || statuses[401]+statuses[429] != 800 {
		t.Errorf("the flood got %v", statuses)
	}
	if answer := from(bad(), "203.0.113.10"); answer.StatusCode != 401 {
		t.Errorf("another address gets %d", answer.StatusCode)
	}
	if log := withoutAddresses(r); strings.Contains(log, "203.0.113") || strings.Contains(log, "canary") {
		t.Errorf("the log names somebody:\n%s", log)
	}
}
