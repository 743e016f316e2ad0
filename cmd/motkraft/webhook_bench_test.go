//go:build unix

package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	standard "github.com/standard-webhooks/standard-webhooks/libraries/go"
)

// hookSigner makes signed requests as bytes.
type hookSigner struct {
	sign *standard.Webhook
	mu   sync.Mutex
	n    int
}

func newHookSigner(tb testing.TB) *hookSigner {
	tb.Helper()
	sign, err := standard.NewWebhook(hookSecret)
	if err != nil {
		tb.Fatal(err)
	}
	return &hookSigner{sign: sign}
}

func (h *hookSigner) request(query int, update map[string]string) []byte {
	h.mu.Lock()
	h.n++
	id := fmt.Sprintf("msg_%024d", h.n)
	h.mu.Unlock()
	body, err := json.Marshal(update)
	if err != nil {
		panic(err)
	}
	now := time.Now()
	signature, err := h.sign.Sign(id, now, body)
	if err != nil {
		panic(err)
	}
	return fmt.Appendf(nil, "POST /webhook?%d HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\nwebhook-id: %s\r\nwebhook-timestamp: %d\r\n"+
		"webhook-signature: %s\r\nContent-Length: %d\r\n\r\n%s", query, id, now.Unix(), signature, len(body), body)
}

// buttonsIn finds the data of all buttons in an answer.
func buttonsIn(body []byte) (out []string) {
	const mark = `"data":"`
	for {
		i := bytes.Index(body, []byte(mark))
		if i < 0 {
			return out
		}
		body = body[i+len(mark):]
		out = append(out, string(body[:bytes.IndexByte(body, '"')]))
	}
}

// pressed asks and gives the answer, which must be a screen.
func (l *line) pressed(tb testing.TB, request []byte) (head string, body []byte) {
	head, body, err := l.ask(request)
	if err != nil || !strings.HasPrefix(head, "HTTP/1.1 200") {
		tb.Fatalf("%v: %s%s", err, head, body)
	}
	return head, body
}

// walk gives some screens along a way from the first: what they were asked with and what they are.
func walk(tb testing.TB, l *line, sign *hookSigner, n int) (updates []map[string]string, answers []benchAnswer) {
	random := rand.New(rand.NewPCG(3, 3))
	update := map[string]string{"lang": "sv"}
	for len(updates) < n {
		head, body := l.pressed(tb, sign.request(0, update))
		updates = append(updates, update)
		a := benchAnswer{Header: map[string]string{}, Body: string(body)}
		for _, row := range strings.Split(head, "\r\n")[1:] {
			if name, value, ok := strings.Cut(row, ": "); ok && name != "Date" {
				a.Header[name] = value
			}
		}
		answers = append(answers, a)
		buttons := buttonsIn(body)
		update = map[string]string{"data": buttons[random.IntN(len(buttons))], "lang": "sv"}
	}
	return updates, answers
}

// screens is how many different screens the benchmarks ask for in turn.
const screens = 8

// beside starts the whole program, and a bare handler that reads and writes the same bytes.
func beside(b *testing.B) (program, bare *child, sign *hookSigner, updates []map[string]string) {
	b.Helper()
	sign = newHookSigner(b)
	program = startChild(b, benchServer)
	updates, answers := walk(b, dial(b, program.addr), sign, screens)
	environ, err := json.Marshal(answers)
	if err != nil {
		b.Fatal(err)
	}
	return program, startChild(b, benchBare, "BENCH_ANSWERS="+string(environ)), sign, updates
}

// BenchmarkWebhook sets the whole program beside a bare handler that reads and writes the same bytes: how many requests each answers in a second
// of its own processor time. They take turns, so that whatever else the machine does falls on both.
func BenchmarkWebhook(b *testing.B) {
	const (
		rounds = 10
		each   = 2000 // requests a round
		lines  = 4
	)
	program, bare, sign, updates := beside(b)
	open := map[*child][]*line{}
	for range lines {
		open[program] = append(open[program], dial(b, program.addr))
		open[bare] = append(open[bare], dial(b, bare.addr))
	}
	load := func(c *child) time.Duration {
		before := c.used(b).CPU
		var all sync.WaitGroup
		for _, l := range open[c] {
			all.Go(func() {
				for i := range each / lines {
					n := i % screens
					if head, _, err := l.ask(sign.request(n, updates[n])); err != nil || !strings.HasPrefix(head, "HTTP/1.1 200") {
						b.Errorf("%v: %s", err, head)
						return
					}
				}
			})
		}
		all.Wait()
		return time.Duration(c.used(b).CPU-before) * time.Microsecond
	}
	load(program)
	load(bare)
	for b.Loop() {
		var ours, theirs time.Duration
		var ratios []float64
		for range rounds {
			o, t := load(program), load(bare)
			ours, theirs = ours+o, theirs+t
			ratios = append(ratios, float64(t)/float64(o))
		}
		slices.Sort(ratios)
		b.ReportMetric(rounds*each/ours.Seconds(), "req/cpu-s")
		b.ReportMetric(rounds*each/theirs.Seconds(), "bare-req/cpu-s")
		b.ReportMetric(ratios[len(ratios)/2], "ratio")
	}
}

// pace asks at a steady rate over many lines, whether answers come or not, and gives how long each took from the moment it was due.
func pace(tb testing.TB, addr string, sign *hookSigner, updates []map[string]string, rate, n int) []time.Duration {
	const lines = 64
	due := make(chan time.Time, n)
	took := make([][]time.Duration, lines)
	var all sync.WaitGroup
	for i := range lines {
		l := dial(tb, addr)
		all.Go(func() {
			for at := range due {
				n := len(took[i]) % len(updates)
				if head, _, err := l.ask(sign.request(n, updates[n])); err != nil || !strings.HasPrefix(head, "HTTP/1.1 200") {
					tb.Errorf("%v: %s", err, head)
					return
				}
				took[i] = append(took[i], time.Since(at))
			}
		})
	}
	start := time.Now()
	for i := range n {
		at := start.Add(time.Duration(i) * time.Second / time.Duration(rate))
		time.Sleep(time.Until(at))
		due <- at
	}
	close(due)
	all.Wait()
	out := slices.Concat(took...)
	slices.Sort(out)
	return out
}

// BenchmarkWebhookLatency asks 2,000 times a second for five seconds, with caller and server on the same machine. The bare handler is asked
// likewise: what it takes as well is the machine's.
func BenchmarkWebhookLatency(b *testing.B) {
	const rate, seconds = 2000, 5
	program, bare, sign, updates := beside(b)
	for b.Loop() {
		for name, c := range map[string]*child{"": program, "bare-": bare} {
			pace(b, c.addr, sign, updates, rate, rate) // warms up
			took := pace(b, c.addr, sign, updates, rate, rate*seconds)
			for share, unit := range map[float64]string{0.5: "p50-ms", 0.99: "p99-ms"} {
				b.ReportMetric(took[int(share*float64(len(took)-1))].Seconds()*1000, name+unit)
			}
		}
	}
}

// BenchmarkWebhookMemory presses a million buttons in random order, each of another state, and says by how much the server's resident memory has
// grown since it was warm: by less than 10 MB, or it fails. What is resident goes up and down with the collection of memory, so it is looked at often,
// and the most is compared with the most.
func BenchmarkWebhookMemory(b *testing.B) {
	const (
		presses = 1_000_000
		warm    = 200_000 // by then the ids that are remembered are as many as may be
		looks   = 20      // at what is resident, in each of both
		pool    = 10_000  // buttons to choose from
		lines   = 8
	)
	sign := newHookSigner(b)
	program := startChild(b, benchServer)
	var mu sync.Mutex
	random := rand.New(rand.NewPCG(7, 7))
	var known []string
	var open []*line
	for range lines {
		open = append(open, dial(b, program.addr))
	}
	press := func(n int) {
		var all sync.WaitGroup
		for _, l := range open {
			all.Go(func() {
				for range n / lines {
					update := map[string]string{"lang": "sv"}
					mu.Lock()
					if len(known) > 0 {
						update["data"] = known[random.IntN(len(known))]
					}
					mu.Unlock()
					head, body, err := l.ask(sign.request(0, update))
					if err != nil || !strings.HasPrefix(head, "HTTP/1.1 200") {
						b.Errorf("%v: %s", err, head)
						return
					}
					buttons := buttonsIn(body)
					mu.Lock()
					for range 2 {
						data := buttons[random.IntN(len(buttons))]
						if len(known) < pool {
							known = append(known, data)
						} else {
							known[random.IntN(pool)] = data
						}
					}
					mu.Unlock()
				}
			})
		}
		all.Wait()
	}
	// most presses n times and gives the most that was resident meanwhile.
	most := func(n int) (resident int64) {
		for range looks {
			press(n / looks)
			resident = max(resident, program.used(b).Resident)
		}
		return resident
	}
	before := most(warm)
	if before == 0 {
		lacks(b, "system", "it does not tell what is resident")
	}
	for b.Loop() {
		grown := most(presses) - before
		b.ReportMetric(float64(before)/(1<<20), "warm-MB")
		b.ReportMetric(float64(grown)/(1<<20), "grown-MB")
		if grown >= 10<<20 {
			b.Errorf("the server has grown by %d kB, expected less than 10 MB", grown>>10)
		}
	}
}
