package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	discord "motkraft/bot/discord/standin"
	"motkraft/bot/telegram/standin"
)

// A fault in a handler is a 500 that says nothing; where half an answer has gone out the connection is cut. The log says where it was.
func TestPanicInAHandler(t *testing.T) {
	for _, c := range []struct {
		name    string
		handler http.HandlerFunc
		status  int // 0: cut
		logged  bool
	}{
		{"before the answer", func(http.ResponseWriter, *http.Request) { panic("canary") }, 500, true},
		{"in the answer", func(rw http.ResponseWriter, _ *http.Request) {
			rw.WriteHeader(200)
			http.NewResponseController(rw).Flush()
			panic(errors.New("canary"))
		}, 0, true},
		{"meant", func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, 0, false},
	} {
		log := &buffer{}
		server := httptest.NewUnstartedServer(harden(newLogger(log), c.handler))
		server.Config.ErrorLog = noLog
		server.Start()
		status := 0
		if answer, err := http.Get(server.URL); err == nil {
			body, err := io.ReadAll(answer.Body)
			answer.Body.Close()
			if err == nil {
				status = answer.StatusCode
			}
			if strings.Contains(string(body), "canary") || strings.Contains(string(body), "goroutine") {
				t.Errorf("%s: the answer says %q", c.name, body)
			}
		}
		server.Close()
		if status != c.status {
			t.Errorf("%s: status %d, expected %d", c.name, status, c.status)
		}
		if said := log.String(); strings.Contains(said, "canary") || strings.Contains(said, "TestPanicInAHandler.func") != c.logged {
			t.Errorf("%s: the log says %s", c.name, said)
		}
	}
}

// Every answer on the public address has the headers of the pages, whatever it is and whoever gives it. The address of a channel that is off is not
// there, whatever is done to it; how the webhook is called can be read all the same.
func TestHeadersEverywhere(t *testing.T) {
	off, on := start(t), start(t, "MOTKRAFT_WEBHOOK_SECRETS="+hookSecret)
	for _, c := range []struct {
		r            *running
		method, path string
		status       int
	}{
		{off, "GET", "/", 200}, {off, "GET", "/nothing", 404}, {off, "POST", "/", 405}, {off, "GET", "/a/b/c", 404},
		{off, "GET", "/webhook", 404}, {off, "POST", "/webhook", 404}, {off, "GET", "/telegram", 404}, {off, "POST", "/telegram", 404},
		{off, "GET", "/discord", 404}, {off, "POST", "/discord", 404}, {off, "GET", "/openapi.yaml", 200},
		{on, "GET", "/webhook", 405}, {on, "POST", "/webhook", 401}, {on, "GET", "/openapi.yaml", 200},
	} {
		req, err := http.NewRequest(c.method, c.r.public+c.path, nil)
		if err != nil {
			t.Fatal(err)
		}
		answer, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		answer.Body.Close()
		if answer.StatusCode != c.status {
			t.Errorf("%s %s gives %d, expected %d", c.method, c.path, answer.StatusCode, c.status)
		}
		for name, want := range map[string]string{
			"Content-Security-Policy": "default-src 'none'", "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer",
			"Cross-Origin-Resource-Policy": "same-origin", "X-Robots-Tag": "noarchive",
		} {
			if got := answer.Header.Get(name); !strings.HasPrefix(got, want) {
				t.Errorf("%s %s says %s: %q", c.method, c.path, name, got)
			}
		}
	}
}

// Nothing says which program or version answers.
func TestNoBanner(t *testing.T) {
	r := start(t, "MOTKRAFT_WEBHOOK_SECRETS="+hookSecret)
	for _, address := range []string{r.public + "/", r.public + "/nothing", r.public + "/webhook", r.admin + "/readyz"} {
		answer, err := http.Get(address)
		if err != nil {
			t.Fatal(err)
		}
		answer.Body.Close()
		for _, name := range []string{"Server", "X-Powered-By", "Via"} {
			if got := answer.Header.Get(name); got != "" {
				t.Errorf("%s says %s: %s", address, name, got)
			}
		}
	}
}

// everything serves all routes that there are, and gives their addresses and paths.
func everything(t *testing.T) (r *running, routes map[string][]string) {
	t.Helper()
	platform, other := standin.New(t, standin.Options{}), discord.New(t, discord.Options{})
	// As a proxy the test may have more connections than another address: those that were refused stay open for half a second.
	r = start(t, "MOTKRAFT_TRUSTED_PROXIES=127.0.0.0/8", "MOTKRAFT_WEBHOOK_SECRETS="+hookSecret, "MOTKRAFT_TELEGRAM_TOKEN="+platform.Token, "MOTKRAFT_TELEGRAM_API="+platform.URL,
		"MOTKRAFT_DISCORD_TOKEN="+other.Token, "MOTKRAFT_DISCORD_API="+other.API, "MOTKRAFT_DISCORD_PUBLIC_KEY="+other.PublicKey,
		"MOTKRAFT_TELEGRAM_WEBHOOK_URL=https://bot.example.se/telegram", "MOTKRAFT_TELEGRAM_WEBHOOK_SECRET=secret_canary")
	return r, map[string][]string{
		r.public: {"/", "/motkraft.js", "/page.css", "/screens.sv.json", "/webhook", "/openapi.yaml", "/telegram", "/discord", "/nothing", "*", "/%00%ff/../.."},
		r.admin:  {"/healthz", "/readyz", "/metrics", "/nothing"},
	}
}

// Ten thousand requests that no client would send, on every path: each gets an answer that blames the request, or none; nothing panics, nothing is
// kept.
func TestMalformedRequests(t *testing.T) {
	r, routes := everything(t)
	var targets [][2]string
	for address, paths := range routes {
		for _, path := range paths {
			targets = append(targets, [2]string{strings.TrimPrefix(address, "http://"), path})
		}
	}
	slices.SortFunc(targets, func(a, b [2]string) int { return strings.Compare(a[1], b[1]) })
	round := func(n int) map[string]int {
		var mu sync.Mutex
		statuses := map[string]int{}
		var next atomic.Int64
		var all sync.WaitGroup
		for range 8 {
			all.Go(func() {
				for i := next.Add(1); i <= int64(n); i = next.Add(1) {
					random := rand.New(rand.NewPCG(uint64(i), uint64(n)))
					target := targets[random.IntN(len(targets))]
					kind := malformed[random.IntN(len(malformed))]
					status := throw(target[0], kind.make(random, target[1]))
					if status >= 500 && status != kind.protocol {
						t.Errorf("%s on %s gives %d", kind.name, target[1], status)
					}
					mu.Lock()
					statuses[fmt.Sprint(status)]++
					mu.Unlock()
				}
			})
		}
		all.Wait()
		return statuses
	}
	round(1000)
	before, goroutines := settled()
	statuses := round(10_000)
	t.Logf("answers by status (0: none): %v", statuses)
	for _, status := range []string{"200", "400", "401", "404", "405", "413", "431"} {
		if statuses[status] == 0 {
			t.Errorf("no answer with %s: the requests do not try what they should (%v)", status, slices.Sorted(maps.Keys(statuses)))
		}
	}
	until(t, "all connections are done with", func() bool { _, n := settled(); return n <= goroutines+8 })
	if after, _ := settled(); after > before+4<<20 {
		t.Errorf("the heap has grown from %d to %d kB", before>>10, after>>10)
	}
	for path, want := range map[string]int{r.public + "/": 200, r.admin + "/readyz": 200} {
		if got := status(t, path); got != want {
			t.Errorf("after all that %s gives %d", path, got)
		}
	}
	if log := r.log.String(); strings.Contains(log, "a fault of the program") || strings.Contains(log, `"ERROR"`) {
		t.Errorf("the log tells of faults:\n%s", log)
	}
}

// settled is the heap in bytes after a collection, and how many goroutines there are.
func settled() (heap uint64, goroutines int) {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc, runtime.NumGoroutine()
}

// throw sends bytes, says that there are no more, and gives the first answer's status; 0 where there is none.
func throw(addr string, data []byte) int {
	c, err := net.Dial("tcp", addr)
	if err != nil {
		return 0
	}
	defer c.Close()
	go func() {
		c.Write(data)
		c.(*net.TCPConn).CloseWrite()
	}()
	answer, err := http.ReadResponse(bufio.NewReader(c), nil)
	if err != nil {
		return 0
	}
	answer.Body.Close()
	return answer.StatusCode
}

// malformed are the kinds of bad requests. To two of them the standard library answers as the protocol has it: 505 to a version that it does not
// speak (RFC 9110, 15.6.6), 501 to a transfer coding that it does not know (RFC 9112, 6.1). No other may get anything over 499.
var malformed = []struct {
	name     string
	protocol int
	make     func(r *rand.Rand, path string) []byte
}{
	{"random bytes", 0, func(r *rand.Rand, _ string) []byte { return noise(r, 1+r.IntN(4000)) }},
	{"random bytes behind a line", 0, func(r *rand.Rand, path string) []byte {
		return slices.Concat([]byte("POST "+path+" HTTP/1.1\r\n"), noise(r, r.IntN(2000)), []byte("\r\n\r\n"))
	}},
	{"random body", 0, func(r *rand.Rand, path string) []byte {
		body := noise(r, r.IntN(3000))
		head := fmt.Sprintf("POST %s HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nwebhook-id: %d\r\nwebhook-timestamp: %d\r\nwebhook-signature: v1,AAAA\r\n"+
			"X-Telegram-Bot-Api-Secret-Token: secret_canary\r\nContent-Length: %d\r\n\r\n", path, r.Uint64(), time.Now().Unix(), len(body))
		return append([]byte(head), body...)
	}},
	{"another length", 0, func(r *rand.Rand, path string) []byte {
		return []byte(fmt.Sprintf("POST %s HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n{\"text\":\"a\"}", path, r.IntN(1<<20)-1000))
	}},
	{"large body", 0, func(r *rand.Rand, path string) []byte {
		return append([]byte(fmt.Sprintf("POST %s HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 2001:db8:%x::1\r\nContent-Length: 20000\r\n\r\n", path, r.IntN(1<<16))), bytes.Repeat([]byte("x"), 20000)...)
	}},
	{"bad chunks", 0, func(r *rand.Rand, path string) []byte {
		return append([]byte("POST "+path+" HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"), noise(r, r.IntN(200))...)
	}},
	{"large header", 0, func(r *rand.Rand, path string) []byte {
		return []byte("GET " + path + " HTTP/1.1\r\nHost: a\r\nX: " + strings.Repeat("y", 20_000+r.IntN(10_000)) + "\r\n\r\n")
	}},
	{"odd headers", 0, func(r *rand.Rand, path string) []byte {
		var b strings.Builder
		fmt.Fprintf(&b, "%s %s HTTP/1.%d\r\nHost: a\r\n", []string{"GET", "HEAD", "POST", "PUT", "OPTIONS", "TRACE", "get"}[r.IntN(7)], path, r.IntN(2))
		for _, name := range []string{"Accept-Language", "Range", "If-None-Match", "If-Modified-Since", "If-Range", "Accept-Encoding", "X-Forwarded-For", "Expect", "Connection", "Cookie"} {
			if r.IntN(2) == 0 {
				fmt.Fprintf(&b, "%s: %s\r\n", name, odd[r.IntN(len(odd))])
			}
		}
		return []byte(b.String() + "\r\n")
	}},
	{"odd path", 0, func(r *rand.Rand, path string) []byte {
		return slices.Concat([]byte("GET "+path), bytes.ReplaceAll(noise(r, r.IntN(30)), []byte(" "), nil), []byte(" HTTP/1.1\r\nHost: a\r\n\r\n"))
	}},
	{"cut short", 0, func(r *rand.Rand, path string) []byte {
		whole := "GET " + path + " HTTP/1.1\r\nHost: a\r\nAccept: */*\r\n\r\n"
		return []byte(whole[:r.IntN(len(whole))])
	}},
	{"another version", 505, func(r *rand.Rand, path string) []byte {
		return []byte(fmt.Sprintf("GET %s HTTP/%d.%d\r\nHost: a\r\n\r\n", path, r.IntN(10), r.IntN(10)))
	}},
	{"another coding", 501, func(_ *rand.Rand, path string) []byte {
		return []byte("POST " + path + " HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: canary\r\n\r\n")
	}},
}

// odd are values that some parser might stumble over.
var odd = []string{"", "*", "bytes=0-", "bytes=-1", "bytes=9999999999999999999-", "bytes=1-0,0-1,5-", "sv;q=9,en;q=x,,;;", "x-" + strings.Repeat("a-", 500), "\"", "W/\"x",
	"100-continue", "close, upgrade", "10.0.0.1,::1,%%%", "\xff\xfe", "Sat, 31 Feb 2026 99:99:99 GMT", "sv-u-" + strings.Repeat("aa-", 100) + "x"}

func noise(r *rand.Rand, n int) []byte {
	out := make([]byte, n)
	for i := range out {
		out[i] = byte(r.Uint32())
	}
	return out
}

// Lines that dawdle over a header or a body are cut, and meanwhile everybody else is answered.
func TestSlowloris(t *testing.T) {
	r := start(t, "MOTKRAFT_WEBHOOK_SECRETS="+hookSecret)
	addr := strings.TrimPrefix(r.public, "http://")
	const each = 200
	var cut atomic.Int64
	for i, head := range []string{"GET / HTTP/1.1\r\nHost: a\r\nX: ", "POST /webhook HTTP/1.1\r\nHost: a\r\nContent-Length: 10000\r\n\r\n"} {
		from := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.IPv4(127, 0, 0, byte(2+i))}} // no address may have all of them
		for range each {
			c, err := from.Dial("tcp", addr)
			if err != nil {
				t.Fatal(err)
			}
			defer c.Close()
			go func() {
				io.WriteString(c, head)
				for {
					if _, err := io.WriteString(c, "x"); err != nil {
						cut.Add(1)
						return
					}
					time.Sleep(100 * time.Millisecond)
				}
			}()
		}
	}
	for range 20 {
		if got := status(t, r.public+"/"); got != 200 {
			t.Errorf("the page gives %d", got)
		}
		r.ask(t, map[string]string{"lang": "sv"})
	}
	until(t, "all dawdlers are cut", func() bool { return cut.Load() == 2*each })
}
