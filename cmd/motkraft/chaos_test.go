//go:build unix

package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	discord "motkraft/bot/discord/standin"
	telegram "motkraft/bot/telegram/standin"
)

// TestChaos lets everything go wrong that can while people talk on every channel: one person on each floods it, the platforms refuse, tell to wait,
// drop connections and answer with a proxy's page, the content is changed for better and for worse, the program is killed, is stopped, and comes
// back with another key. Nobody's press is lost, and a flood costs nobody else much.
//
// On Telegram what was not confirmed comes again after a kill, so a press may be answered twice: that is counted and told. On Discord and the
// page what was under way when the program went is gone with its connection, as it is with any program, and the person presses again; that is
// asserted of no other time. Nothing is asserted of the flooding people but that they are there.
func TestChaos(t *testing.T) {
	if testing.Short() {
		t.Skip("takes about a minute; run it without -short")
	}
	c := newChaos(t)
	c.start(keyOne)
	c.pass()
	quiet := c.p95()

	t.Log("a flood on each channel")
	c.flood()
	c.pass()
	if loud := c.p95(); loud > max(time.Second, 5*quiet) {
		t.Errorf("while one person floods each channel, the others' 95th percentile is %v, expected at most a second, or five times the %v without", loud, quiet)
	} else {
		t.Logf("the others' 95th percentile: %v without a flood, %v with one on each channel", quiet, loud)
	}

	t.Log("the platforms make trouble")
	c.trouble(true)
	c.pass()
	c.trouble(false)
	c.pass()

	t.Log("the content changes, for better and for worse")
	edit(t, filepath.Join(c.content, "locales", "sv.yaml"), "Vad gäller det?", "Vad handlar det om?")
	c.says(readAgain)
	edit(t, filepath.Join(c.content, "flows", "buy.yaml"), "to: ", "to: nowhere/")
	c.says(oldStays)
	c.pass()
	edit(t, filepath.Join(c.content, "flows", "buy.yaml"), "to: nowhere/", "to: ")

	t.Log("it is killed")
	c.down(syscall.SIGKILL)
	c.start(keyOne)
	c.pass()

	t.Log("it is stopped, and comes back with a new key before the old one")
	c.down(syscall.SIGTERM)
	c.start(keyTwo + "," + keyOne)
	c.pass()
	c.end()
}

const (
	keyOne = "Y2FuYXJ5LWtleS1vZi10aGlydHktdHdvLWJ5dGVzISE="
	keyTwo = "YW5vdGhlci1rZXktb2YtdGhpcnR5LXR3by1ieXRlcyE="
)

// chaos is the program, its platforms, and the people who talk.
type chaos struct {
	*testing.T
	tg      *telegram.Server
	dc      *discord.Server
	target  atomic.Pointer[url.URL] // where the program is, or was
	content string
	process *process
	said    []*buffer // what each process wrote

	client   http.Client
	people   []*talker
	moved    chan struct{} // somebody has gone a step
	downs    atomic.Int64  // how often the program went
	troubled atomic.Bool   // the platforms make trouble: Discord's three seconds may be over before it answers them
	ending   atomic.Bool
	away     atomic.Bool // the program is down, or has just come back
	all      sync.WaitGroup
	again    atomic.Int64 // presses that had to be pressed again
	doubled  atomic.Int64 // presses that were answered more than once
}

// talker is somebody who talks, and how long each of their steps took since somebody looked last.
type talker struct {
	channel string
	step    func() error

	mu    sync.Mutex
	steps int
	took  []time.Duration
}

func newChaos(t *testing.T) *chaos {
	c := &chaos{T: t, tg: telegram.New(t, telegram.Options{}), dc: discord.New(t, discord.Options{}), moved: make(chan struct{}, 1), content: filepath.Join(t.TempDir(), "content")}
	if err := copyContent("../..", c.content); err != nil {
		t.Fatal(err)
	}
	c.client.Transport = &http.Transport{}
	ways := map[string]func() func() error{"telegram": c.onTelegram, "discord": c.onDiscord, "webhook": c.onWebhook, "web": c.onPage}
	for _, channel := range channels() {
		way := ways[channel.Name]
		if way == nil {
			t.Fatalf("nobody talks on %s: what becomes of people there is not looked at", channel.Name)
		}
		for range 4 {
			c.people = append(c.people, &talker{channel: channel.Name, step: way()})
		}
	}
	return c
}

// start starts the program with a key, and lets the people begin, who wait for nothing but answers.
func (c *chaos) start(key string) {
	c.Helper()
	c.process = startProcess(c.T, c.TempDir(), "MOTKRAFT_KEY="+key, "MOTKRAFT_CONTENT="+c.content, "MOTKRAFT_WEBHOOK_SECRETS="+hookSecret, "MOTKRAFT_DRAIN=0s",
		"MOTKRAFT_TELEGRAM_TOKEN="+c.tg.Token, "MOTKRAFT_TELEGRAM_API="+c.tg.URL, "MOTKRAFT_DISCORD_TOKEN="+c.dc.Token, "MOTKRAFT_DISCORD_API="+c.dc.API)
	c.said = append(c.said, c.process.stderr)
	target, err := url.Parse(c.process.public)
	if err != nil {
		c.Fatal(err)
	}
	c.target.Store(target)
	c.dc.Gateway().WaitReady()
	c.away.Store(false)
	if len(c.said) > 1 {
		return
	}
	for _, p := range c.people {
		c.all.Go(func() { c.talk(p) })
	}
}

func (c *chaos) talk(p *talker) {
	for !c.ending.Load() {
		began := time.Now()
		if err := p.step(); err != nil {
			c.Errorf("on %s: %v", p.channel, err)
			return
		}
		p.mu.Lock()
		p.steps++
		p.took = append(p.took, time.Since(began))
		p.mu.Unlock()
		select {
		case c.moved <- struct{}{}:
		default:
		}
		time.Sleep(5 * time.Millisecond) // a person reads
	}
}

// pass lets everybody go twenty steps.
func (c *chaos) pass() {
	c.Helper()
	const steps = 20
	var before []int
	for _, p := range c.people {
		p.mu.Lock()
		before = append(before, p.steps)
		p.took = nil
		p.mu.Unlock()
	}
	limit := time.After(3 * time.Minute)
	for i, p := range c.people {
		for {
			p.mu.Lock()
			done := p.steps >= before[i]+steps
			p.mu.Unlock()
			if done {
				break
			}
			select {
			case <-c.moved:
			case <-time.After(50 * time.Millisecond):
			case <-limit:
				c.Fatalf("somebody on %s does not get on; the program says\n%s", p.channel, c.process.stderr)
			}
			if c.Failed() {
				c.FailNow()
			}
		}
	}
}

// p95 is how long a step took since the last look, for all but the slowest twentieth.
func (c *chaos) p95() time.Duration {
	var took []time.Duration
	for _, p := range c.people {
		p.mu.Lock()
		took = append(took, p.took...)
		p.mu.Unlock()
	}
	slices.Sort(took)
	return took[len(took)*95/100]
}

// down ends the program by a signal. A stop ends well and soon; the bound is one against hanging.
func (c *chaos) down(s syscall.Signal) {
	c.Helper()
	c.away.Store(true)
	c.downs.Add(1)
	c.process.signal(c.T, s)
	if err := c.process.end(c.T); s == syscall.SIGTERM && err != nil {
		c.Errorf("after SIGTERM it ended with %v:\n%s", err, c.process.stderr)
	}
}

// says waits until the program has written a line.
func (c *chaos) says(line string) {
	c.Helper()
	until(c.T, "it says "+line, func() bool { return strings.Contains(c.process.stderr.String(), line) })
}

// flood lets somebody press on each channel without waiting for answers, and be told to wait for it. It is over by itself.
func (c *chaos) flood() {
	const presses = 150
	tg, dc := c.tg.Join("sv"), c.dc.Join("sv-SE")
	before := tg.Answers()
	tg.Start("")
	tg.WaitAnswers(before)
	dc.Command("support", nil).Wait()
	c.tg.WaitFor(tg, 10*time.Second)
	c.all.Go(func() {
		for range presses {
			tg.PressButton(0)
			dc.PressButton(0)
			if answer, err := http.Post(c.process.public+"/webhook", "application/json", strings.NewReader("{}")); err == nil { // unsigned
				io.Copy(io.Discard, answer.Body)
				answer.Body.Close()
			}
		}
	})
}

// trouble lets the platforms fail one call in five, each time in another way.
func (c *chaos) trouble(on bool) {
	c.troubled.Store(on)
	if !on {
		c.tg.Fail(nil)
		c.dc.Fail(nil)
		return
	}
	kinds := []telegram.Fault{{Kind: telegram.Refuse, Status: 500}, {Kind: telegram.Drop}, {Kind: telegram.HTML}, {Kind: telegram.Refuse, Status: 429, RetryAfter: 1}, {Kind: telegram.BadJSON}}
	var n atomic.Int64
	c.tg.Fail(func(telegram.Call) *telegram.Fault {
		if i := n.Add(1); i%5 == 0 {
			return &kinds[i/5%int64(len(kinds))]
		}
		return nil
	})
	c.dc.Fail(func(call discord.Call) *discord.Fault {
		if i := n.Add(1); i%5 == 0 && !strings.HasPrefix(call.Route, "GET gateway") {
			return &discord.Fault{Kind: []discord.FaultKind{discord.Drop, discord.HTML}[i/5%2]}
		}
		return nil
	})
}

// end lets everybody finish, and looks at what remains.
func (c *chaos) end() {
	c.ending.Store(true)
	c.all.Wait()
	c.tg.WaitConfirmed()
	got := scrape(c.T, c.process.admin)
	for _, channel := range channels() {
		if n := value(got, "motkraft_updates_total", channel.Name, "strayed"); n > 0 {
			c.Errorf("%v presses on %s were not understood after the key was changed", n, channel.Name)
		}
	}
	c.down(syscall.SIGTERM)
	for i, said := range c.said {
		for _, canary := range slices.Concat(c.tg.Canaries(), c.dc.Canaries(), []string{keyOne, keyTwo, hookSecret}) {
			if strings.Contains(said.String(), canary) {
				c.Errorf("the %d. process has told of %q", i+1, canary)
			}
		}
	}
	steps := 0
	for _, p := range c.people {
		steps += p.steps
	}
	c.Logf("%d presses of %d people; %d were answered twice, %d pressed again", steps, len(c.people), c.doubled.Load(), c.again.Load())
}

func (c *chaos) onTelegram() func() error {
	p := c.tg.Join("sv")
	do := func() { p.Start("k1") }
	return func() error {
		before := p.Answers()
		do()
		if !p.WaitAnswers(before) {
			return errors.New("a press is lost")
		}
		if n := p.Answers() - before; n > 1 {
			c.doubled.Add(int64(n - 1))
		}
		do = func() { p.PressButton(0) }
		return nil
	}
}

func (c *chaos) onDiscord() func() error {
	p := c.dc.Join("sv-SE")
	started := false
	return func() error {
		for try := 0; ; try++ {
			away, downs := c.away.Load(), c.downs.Load()
			do := func() *discord.Act { return p.Command("support", nil) }
			if started {
				do = func() *discord.Act { return p.PressButton(0) }
			}
			done := do()
			if done.Wait() == discord.Answered {
				started = true
				return nil
			}
			if !away && downs == c.downs.Load() && !c.troubled.Load() || try > 50 {
				return fmt.Errorf("a press is lost: %v: %s", done.Status(), done.Why())
			}
			c.again.Add(1)
			time.Sleep(50 * time.Millisecond)
		}
	}
}

func (c *chaos) onWebhook() func() error {
	update := map[string]string{"lang": "sv"}
	return func() error {
		req := hookRequest(c.T, c.target.Load().String(), update)
		var screen hookScreen
		if err := c.ask(req, func(body io.Reader) error {
			var got struct{ Messages []hookScreen }
			if err := json.NewDecoder(body).Decode(&got); err != nil || len(got.Messages) != 1 {
				return fmt.Errorf("no screen: %v", err)
			}
			screen = got.Messages[0]
			return nil
		}); err != nil {
			return err
		}
		i := slices.IndexFunc(screen.Buttons, func(b struct{ Label, Data, Kind string }) bool { return b.Data != "" })
		update = map[string]string{"lang": "sv", "data": screen.Buttons[i].Data}
		return nil
	}
}

func (c *chaos) onPage() func() error {
	return func() error {
		for _, path := range []string{"/", "/screens.sv.json"} {
			req, err := http.NewRequest("GET", c.target.Load().String()+path, nil)
			if err != nil {
				return err
			}
			if err := c.ask(req, func(body io.Reader) error {
				n, err := io.Copy(io.Discard, body)
				if n == 0 || err != nil {
					return fmt.Errorf("%d bytes, %v", n, err)
				}
				return nil
			}); err != nil {
				return err
			}
		}
		return nil
	}
}

// ask sends a request until it is answered, as a sender and a person do while the program is away. At other times the first try must do.
func (c *chaos) ask(req *http.Request, read func(io.Reader) error) error {
	for try := 0; ; try++ {
		away, downs := c.away.Load(), c.downs.Load()
		req.URL.Host = c.target.Load().Host
		if req.GetBody != nil {
			req.Body, _ = req.GetBody()
		}
		answer, err := c.client.Do(req)
		if err == nil {
			if err = fmt.Errorf("status %d", answer.StatusCode); answer.StatusCode == http.StatusOK {
				err = read(answer.Body)
			}
			answer.Body.Close()
		}
		if err == nil {
			return nil
		}
		if !away && downs == c.downs.Load() || try > 600 {
			return fmt.Errorf("after %d tries: %w", try, err)
		}
		c.again.Add(1)
		time.Sleep(50 * time.Millisecond)
	}
}
