//go:build unix

package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
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

// TestChaos lets everything go wrong that can while people talk on every channel. From its first phase to its last, one person on each floods it:
// presses on the platforms, of which one is told to wait, signed and unsigned requests at the webhook, requests and idle connections at the page.
// Beside that the platforms fail, the content is changed for better and for worse, and the program is killed, stopped, and given another key.
//
// Whoever does not flood gets the right screen for each press. Without trouble on the platform that is after at most a second for nineteen of
// twenty on each channel, or five times what they waited without any flood. Nobody's press is lost: on Telegram what was not confirmed comes again
// after a kill; on Discord and by HTTP what was under way is gone with its connection, as with any program, and is sent again, which is asserted of
// no other time. For that an answer may come twice on Telegram, which is counted by phase and bounded by what was under way.
//
// Replicas that are changed one after the other are TestRollingRestart's, an end with calls that hang TestEndsWhateverHangs's.
func TestChaos(t *testing.T) {
	if testing.Short() {
		t.Skip("takes about a minute; run it without -short")
	}
	c := newChaos(t)
	c.start(keyOne)
	c.phase("quiet")
	c.flood()
	c.phase("flood")

	c.trouble(true)
	c.phase("trouble")
	c.trouble(false)
	c.phase("after it")

	c.first.Store([]string{firstWords, otherWords})
	edit(t, filepath.Join(c.content, "locales", "sv.yaml"), firstWords, otherWords)
	c.says(readAgain)
	c.rest(func() { c.first.Store([]string{otherWords}) })
	c.phase("new content")
	edit(t, filepath.Join(c.content, "flows", "buy.yaml"), "to: ", "to: nowhere/")
	c.says(oldStays)
	c.phase("bad content")
	edit(t, filepath.Join(c.content, "flows", "buy.yaml"), "to: nowhere/", "to: ")

	c.down(syscall.SIGKILL)
	c.start(keyOne)
	c.phase("killed")
	c.down(syscall.SIGTERM)
	c.start(keyTwo + "," + keyOne)
	c.phase("stopped, another key")
	c.end()
}

const (
	keyOne = "Y2FuYXJ5LWtleS1vZi10aGlydHktdHdvLWJ5dGVzISE="
	keyTwo = "YW5vdGhlci1rZXktb2YtdGhpcnR5LXR3by1ieXRlcyE="

	firstWords = "Vad gäller det?"
	otherWords = "Vad handlar det om?"

	flooder = "127.0.0.9" // people who do not flood come from 127.0.0.1
)

// turn is what somebody does, and what they read then; "": the first screen's words.
type turn struct{ press, types, reads string }

// round is what people do over and over. Where nothing can be typed, that is pressed instead.
var round = []turn{
	{press: "Jag köper sex, eller tänker på det", reads: "Vad stämmer bäst just nu?"},
	{press: "Jag vill sluta, eller funderar", reads: "Vad vill du titta på?"},
	{press: "Akut hjälp", reads: "116 016"},
	{press: "Tillbaka", reads: "Vad vill du titta på?"},
	{press: "Visa kontakter nu", types: "jag vill dö", reads: "1177"},
	{press: "Börja om"},
}

// chaos is the program, its platforms, and the people who talk.
type chaos struct {
	*testing.T
	tg      *telegram.Server
	dc      *discord.Server
	content string
	process *process
	said    []*buffer                // what each process wrote
	public  atomic.Pointer[string]   // where the program is, or was
	first   atomic.Value             // []string: any of which stands on the first screen
	quiet   map[string]time.Duration // the 95th percentile in the first phase, by channel

	client http.Client
	people []*talker
	moved  chan struct{} // somebody has gone a step
	gate   sync.RWMutex  // held to read for each thing that somebody does
	ending atomic.Bool
	all    sync.WaitGroup

	downs    atomic.Int64 // how often the program went
	away     atomic.Bool  // it is down, or has just come back
	troubled atomic.Bool  // the platforms make trouble: Discord's first answers may not come through
	again    atomic.Int64 // what had to be pressed or sent again
	done     atomic.Int64 // calls that a platform carried out and did not answer
	doubled  int64        // answers that came twice, up to the last phase
	floods   atomic.Int64 // what the flooding people did

	flooded *telegram.Person // who is told to wait
	calm    atomic.Bool      // and presses nothing for the moment
	unlucky func() error     // sees whether those are answered for whom calls hung

	mu   sync.Mutex
	data canaries
}

// talker is somebody who talks.
type talker struct {
	channel string
	step    func(turn) error // nil: not started; does it, and waits until it is answered rightly
	answers func() int       // how many answers they have seen; nil: there is one to a request

	mu    sync.Mutex
	steps int
	took  []time.Duration // of the steps since the phase began that the program was there for
}

func newChaos(t *testing.T) *chaos {
	c := &chaos{T: t, tg: telegram.New(t, telegram.Options{}), dc: discord.New(t, discord.Options{FirstAnswer: 10 * time.Second}), moved: make(chan struct{}, 1), quiet: map[string]time.Duration{},
		content: filepath.Join(t.TempDir(), "content"), data: canaries{}}
	if err := copyContent("../..", c.content); err != nil {
		t.Fatal(err)
	}
	c.first.Store([]string{firstWords})
	c.client.Transport = &http.Transport{MaxIdleConnsPerHost: 16}
	ways := map[string]func() *talker{"telegram": c.onTelegram, "discord": c.onDiscord, "webhook": c.onWebhook, "web": c.onPage}
	for _, channel := range channels() {
		way := ways[channel.Name]
		if way == nil {
			t.Fatalf("nobody talks on %s: what becomes of people there is not looked at", channel.Name)
		}
		for range 4 {
			p := way()
			p.channel = channel.Name
			c.people = append(c.people, p)
		}
	}
	return c
}

// start starts the program with a key, and lets the people begin.
func (c *chaos) start(key string) {
	c.Helper()
	c.process = startProcess(c.T, c.TempDir(), "MOTKRAFT_KEY="+key, "MOTKRAFT_CONTENT="+c.content, "MOTKRAFT_WEBHOOK_SECRETS="+hookSecret, "MOTKRAFT_DRAIN=0s",
		"MOTKRAFT_TELEGRAM_TOKEN="+c.tg.Token, "MOTKRAFT_TELEGRAM_API="+c.tg.URL, "MOTKRAFT_DISCORD_TOKEN="+c.dc.Token, "MOTKRAFT_DISCORD_API="+c.dc.API)
	c.said = append(c.said, c.process.stderr)
	public := c.process.public
	c.public.Store(&public)
	c.dc.Gateway().WaitReady()
	c.away.Store(false)
	if len(c.said) > 1 {
		return
	}
	for _, p := range c.people {
		c.all.Go(func() { c.talk(p) })
	}
}

// gone reports whether the program was away at any time since; it is asked for before what may be lost.
func (c *chaos) gone() (since func() bool) {
	away, downs := c.away.Load(), c.downs.Load()
	return func() bool { return away || downs != c.downs.Load() }
}

func (c *chaos) talk(p *talker) {
	for i := -1; !c.ending.Load(); i++ { // before the rounds somebody begins
		var do turn
		if i >= 0 {
			do = round[i%len(round)]
		}
		c.gate.RLock()
		began, gone := time.Now(), c.gone()
		err := p.step(do)
		p.mu.Lock()
		p.steps++
		if !gone() {
			p.took = append(p.took, time.Since(began))
		}
		p.mu.Unlock()
		c.gate.RUnlock()
		if err != nil {
			c.Errorf("on %s, %+v: %v", p.channel, do, err)
			return
		}
		select {
		case c.moved <- struct{}{}:
		default:
		}
		time.Sleep(5 * time.Millisecond) // a person reads
	}
}

// phase lets everybody go a few rounds, and looks how long it took and how many answers came twice.
func (c *chaos) phase(name string) {
	c.Helper()
	steps := 4 * len(round)
	floods := c.floods.Load()
	var before []int
	for _, p := range c.people {
		p.mu.Lock()
		before = append(before, p.steps)
		p.took = nil
		p.mu.Unlock()
	}
	if c.flooded != nil {
		c.tg.WaitFor(c.flooded, 5*time.Second)
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
				c.Fatalf("%s: somebody on %s does not get on; the program says\n%s", name, p.channel, c.process.stderr)
			}
			if c.Failed() {
				c.FailNow()
			}
		}
	}
	var by []string
	for _, channel := range channels() {
		took := c.p95(channel.Name)
		by = append(by, fmt.Sprintf("%s %v", channel.Name, took.Round(100*time.Microsecond)))
		quiet, measured := c.quiet[channel.Name]
		if !measured {
			c.quiet[channel.Name] = took
		} else if took > max(time.Second, 5*quiet) {
			c.Errorf("%s: on %s the 95th percentile of those who do not flood is %v, expected at most a second, or five times the %v without a flood", name, channel.Name, took, quiet)
		}
	}
	if c.flooded != nil && c.floods.Load() == floods {
		c.Errorf("%s: nobody flooded", name)
	}
	doubled := c.countDoubled()
	c.Logf("%-20s 95th percentiles: %s; answered twice: %d; the flood: %d", name, strings.Join(by, ", "), doubled, c.floods.Load()-floods)
	most := c.done.Swap(0)
	if name == "killed" {
		most = int64(len(c.people))
	}
	if doubled > most {
		c.Errorf("%s: %d answers came twice, expected at most %d", name, doubled, most)
	}
}

// rest does something while nobody does anything, not even those who flood.
func (c *chaos) rest(do func()) {
	c.gate.Lock()
	defer c.gate.Unlock()
	do()
}

// countDoubled gives how many answers more there were than things that people did, since it was asked last.
func (c *chaos) countDoubled() (n int64) {
	c.rest(func() {
		c.tg.WaitConfirmed()
		for _, p := range c.people {
			if p.answers != nil {
				n += int64(p.answers() - p.steps)
			}
		}
	})
	n, c.doubled = n-c.doubled, n
	return n
}

// p95 is how long a step on a channel took since the phase began, for all but the slowest twentieth.
func (c *chaos) p95(channel string) time.Duration {
	var took []time.Duration
	for _, p := range c.people {
		if p.channel == channel {
			p.mu.Lock()
			took = append(took, p.took...)
			p.mu.Unlock()
		}
	}
	slices.Sort(took)
	return took[len(took)*95/100]
}

// down ends the program by a signal, having looked whether it understood everything. A stop ends well, within the time that the watchdog gives it,
// and some more for a busy machine. When it is killed nobody floods Telegram: there a flood pushes what is in hand out of the window of what can be
// asked for again, and only what is in it survives a kill (poll.go).
func (c *chaos) down(s syscall.Signal) {
	c.Helper()
	got := scrape(c.T, c.process.admin)
	for _, channel := range channels() {
		if n := value(got, "motkraft_updates_total", channel.Name, "strayed"); n > 0 {
			c.Errorf("%v presses on %s were not understood", n, channel.Name)
		}
	}
	if s == syscall.SIGKILL {
		c.calm.Store(true)
		defer c.calm.Store(false)
		var before []int64
		for _, u := range c.tg.Updates() {
			before = append(before, u.Update)
		}
		c.tg.WaitConfirmed(before...)
	}
	time.Sleep(rand.N(time.Second)) // whatever they are doing then
	c.away.Store(true)
	c.downs.Add(1)
	began := time.Now()
	c.process.signal(c.T, s)
	err := c.process.end(c.T)
	if s == syscall.SIGTERM && err != nil {
		c.Errorf("after SIGTERM it ended with %v:\n%s", err, c.process.stderr)
	}
	if took := time.Since(began); took > 20*time.Second {
		c.Errorf("%v until it ended", took)
	} else {
		c.Logf("it ended %v after the signal %q", took.Round(time.Millisecond), s)
	}
}

// says waits until the program has written a line.
func (c *chaos) says(line string) {
	c.Helper()
	until(c.T, "it says "+line, func() bool { return strings.Contains(c.process.stderr.String(), line) })
}

// flood lets one person on each channel do without waiting what they can, until the end.
func (c *chaos) flood() {
	tg, dc := c.tg.Join("sv"), c.dc.Join("sv-SE")
	tg.Start("")
	tg.WaitAnswers(0)
	dc.Command("support", nil).Wait()
	c.flooded = tg
	from := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(flooder)}}
	client := http.Client{Transport: &http.Transport{DialContext: from.DialContext}}
	send := func(req *http.Request, err error) {
		if err != nil {
			c.Error(err)
			return
		}
		if answer, err := client.Do(req); err == nil {
			io.Copy(io.Discard, answer.Body)
			answer.Body.Close()
		}
	}
	var idle []net.Conn
	for _, act := range []func(){
		func() {
			if !c.calm.Load() {
				tg.PressButton(0)
			}
		},
		func() { dc.PressButton(0) },
		func() { send(http.NewRequest("POST", *c.public.Load()+"/webhook", strings.NewReader("{}"))) },
		func() { send(hookRequest(c.T, *c.public.Load(), map[string]string{"lang": "sv"}), nil) },
		func() { send(http.NewRequest("GET", *c.public.Load()+"/screens.sv.json", nil)) },
		func() {
			if conn, err := from.Dial("tcp", strings.TrimPrefix(*c.public.Load(), "http://")); err == nil {
				idle = append(idle, conn)
			}
			if len(idle) > 600 { // more than the program gives one address
				idle[0].Close()
				idle = idle[1:]
			}
		},
	} {
		c.all.Go(func() {
			for !c.ending.Load() {
				c.gate.RLock()
				act()
				c.gate.RUnlock()
				c.floods.Add(1)
				time.Sleep(4 * time.Millisecond)
			}
		})
	}
	c.Cleanup(func() {
		for _, conn := range idle {
			conn.Close()
		}
	})
}

// trouble lets the platforms fail one call in ten, each time in another way, and hang for two people who do nothing else.
func (c *chaos) trouble(on bool) {
	c.troubled.Store(on)
	if !on {
		c.tg.Fail(nil)
		c.dc.Fail(nil)
		if err := c.unlucky(); err != nil {
			c.Error(err)
		}
		return
	}
	onTelegram, onDiscord := c.tg.Join("sv"), c.dc.Join("sv-SE")
	const one = 10
	var n atomic.Int64
	c.tg.Fail(func(call telegram.Call) *telegram.Fault {
		if call.Chat == onTelegram.ID {
			return &telegram.Fault{Kind: telegram.Hang}
		}
		kinds := []telegram.Fault{{Kind: telegram.Refuse, Status: 500}, {Kind: telegram.Drop}, {Kind: telegram.HTML}, {Kind: telegram.Half},
			{Kind: telegram.Refuse, Status: 429, RetryAfter: 1}, {Kind: telegram.BadJSON}, {Kind: telegram.Drop, Done: true}}
		i := n.Add(1)
		if i%one != 0 {
			return nil
		}
		f := kinds[i/one%int64(len(kinds))]
		if f.Done && !strings.HasSuffix(call.Method, "Message") && !strings.HasPrefix(call.Method, "editMessage") {
			return nil
		}
		if f.Done {
			c.done.Add(1)
		}
		return &f
	})
	hang := onDiscord.Command("support", nil)
	c.dc.Fail(func(call discord.Call) *discord.Fault {
		if call.Interaction == hang.ID {
			return &discord.Fault{Kind: discord.Hang}
		}
		if i := n.Add(1); i%one == 0 && !strings.HasPrefix(call.Route, "GET gateway") {
			kinds := []discord.Fault{{Kind: discord.Drop}, {Kind: discord.HTML}, {Kind: discord.Refuse, Status: 500}, {Kind: discord.Half, Status: 500},
				{Kind: discord.Refuse, Status: 429, RetryAfter: time.Second}}
			return &kinds[i/one%int64(len(kinds))]
		}
		return nil
	})
	onTelegram.Start("k1")
	c.unlucky = func() error {
		onTelegram.WaitAnswers(0)
		if hang.Wait() == discord.Answered {
			return nil // it came before the trouble
		}
		if again := onDiscord.Command("support", nil); again.Wait() != discord.Answered {
			return fmt.Errorf("after the trouble somebody on Discord is not answered: %v: %s", again.Status(), again.Why())
		}
		return nil
	}
}

// end lets everybody finish, and looks at what remains.
func (c *chaos) end() {
	c.ending.Store(true)
	c.all.Wait()
	c.tg.WaitConfirmed()
	c.down(syscall.SIGTERM)
	c.data.add(c.tg.Canaries()...)
	c.data.add(c.dc.Canaries()...)
	c.data.add(keyOne, keyTwo, hookSecret, flooder)
	for i, said := range c.said {
		for _, hit := range c.data.hits(said.String()) {
			c.Errorf("the %d. process has told of %q", i+1, hit)
		}
	}
	steps := 0
	for _, p := range c.people {
		steps += p.steps
	}
	c.Logf("%d things that %d people did, %d of them again; %d answers came twice; looked for %d canaries in %d processes' output",
		steps, len(c.people), c.again.Load(), c.doubled, len(c.data), len(c.said))
}

// seen remembers a button's data, which nobody may find in what the program writes.
func (c *chaos) seen(data string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.data.add(data)
}

// right reports whether a screen is the one that a turn leads to.
func (c *chaos) right(do turn, text string) bool {
	words := []string{do.reads}
	if do.reads == "" {
		words = c.first.Load().([]string)
	}
	return slices.ContainsFunc(words, func(s string) bool { return strings.Contains(text, s) })
}

// find gives the data of the button that a turn presses.
func (c *chaos) find(do turn, n int, button func(i int) (label, data string)) (string, error) {
	for i := range n {
		label, data := button(i)
		if data != "" && strings.Contains(label, do.press) {
			c.seen(data)
			return data, nil
		}
	}
	return "", fmt.Errorf("no button %q", do.press)
}

func (c *chaos) onTelegram() *talker {
	p := c.tg.Join("sv")
	return &talker{answers: p.Answers, step: func(do turn) error {
		screen := func(seen []telegram.Message) (last telegram.Message) {
			for _, m := range seen {
				if m.FromBot {
					last = m
				}
			}
			return last
		}
		switch now := screen(p.Messages()); {
		case do.types != "":
			p.Type(do.types)
		case do.press == "" && do.reads == "":
			p.Start("")
		default:
			buttons := now.Buttons()
			data, err := c.find(do, len(buttons), func(i int) (string, string) { return buttons[i].Text, buttons[i].Data })
			if err != nil {
				return fmt.Errorf("%w on %.80q", err, now.Text)
			}
			p.PressOn(now.ID, data)
		}
		if !p.Wait("the right screen", func(seen []telegram.Message) bool { return c.right(do, screen(seen).Text) }) {
			return errors.New("it is lost, or was answered wrongly")
		}
		return nil
	}}
}

func (c *chaos) onDiscord() *talker {
	p := c.dc.Join("sv-SE")
	return &talker{step: func(do turn) error {
		for try := 0; ; try++ {
			gone := c.gone()
			var act *discord.Act
			if do.press == "" {
				act = p.Command("support", nil)
			} else {
				seen := p.Messages()
				now := seen[len(seen)-1]
				buttons := now.Buttons()
				data, err := c.find(do, len(buttons), func(i int) (string, string) { return buttons[i].Label, buttons[i].CustomID })
				if err != nil {
					return fmt.Errorf("%w on %.80q", err, now.Reads)
				}
				act = p.PressOn(now.ID, data)
			}
			if act.Wait() == discord.Answered {
				seen := p.Messages()
				if now := seen[len(seen)-1]; !c.right(do, now.Reads) {
					return fmt.Errorf("it was answered %.80q", now.Reads)
				}
				return nil
			}
			if !gone() && !c.troubled.Load() || try > 600 {
				return fmt.Errorf("it is lost: %v: %s", act.Status(), act.Why())
			}
			c.again.Add(1)
			time.Sleep(50 * time.Millisecond)
		}
	}}
}

func (c *chaos) onWebhook() *talker {
	var screen hookScreen
	return &talker{step: func(do turn) error {
		update := map[string]string{"lang": "sv"}
		if do.press != "" {
			data, err := c.find(do, len(screen.Buttons), func(i int) (string, string) { return screen.Buttons[i].Label, screen.Buttons[i].Data })
			if err != nil && do.types == "" {
				return fmt.Errorf("%w on %.80q", err, screen.Text)
			}
			update["data"] = data
		}
		if do.types != "" {
			update["data"], update["text"] = screen.Here, do.types
		}
		return c.ask(hookRequest(c.T, *c.public.Load(), update), func(body io.Reader) error {
			var got struct{ Messages []hookScreen }
			if err := json.NewDecoder(body).Decode(&got); err != nil || len(got.Messages) != 1 {
				return fmt.Errorf("no screen: %v", err)
			}
			if screen = got.Messages[0]; !c.right(do, screen.Text) {
				return fmt.Errorf("it was answered %.80q", screen.Text)
			}
			return nil
		})
	}}
}

// onPage is somebody who opens the page and gets the screens: all that the page asks for.
func (c *chaos) onPage() *talker {
	return &talker{step: func(turn) error {
		for path, has := range map[string]func(string) bool{
			"/":                func(s string) bool { return strings.HasSuffix(strings.TrimSpace(s), "</html>") },
			"/screens.sv.json": func(s string) bool { return json.Valid([]byte(s)) && c.right(turn{}, s) },
		} {
			req, err := http.NewRequest("GET", *c.public.Load()+path, nil)
			if err != nil {
				return err
			}
			if err := c.ask(req, func(body io.Reader) error {
				got, err := io.ReadAll(body)
				if err == nil && !has(string(got)) {
					err = fmt.Errorf("%s is not what it should be", path)
				}
				return err
			}); err != nil {
				return err
			}
		}
		return nil
	}}
}

// ask sends a request until it is answered, as a sender and a person do while the program is away. At other times the first try must do.
func (c *chaos) ask(req *http.Request, read func(io.Reader) error) error {
	for try := 0; ; try++ {
		gone := c.gone()
		target, err := url.Parse(*c.public.Load())
		if err != nil {
			return err
		}
		req.URL.Host = target.Host
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
		if !gone() || try > 600 {
			return fmt.Errorf("after %d tries: %w", try, err)
		}
		c.again.Add(1)
		time.Sleep(50 * time.Millisecond)
	}
}
