package telegram_test

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"motkraft/bot"
	"motkraft/bot/adaptertest"
	"motkraft/bot/channel"
	"motkraft/bot/telegram"
	"motkraft/bot/telegram/standin"
)

// newServer is the strict stand-in; with MOTKRAFT_TEST_SPECS it knows the platform's own description of every method.
func newServer(tb testing.TB, opts standin.Options) *standin.Server {
	tb.Helper()
	if dir := os.Getenv("MOTKRAFT_TEST_SPECS"); dir != "" {
		opts.Spec = filepath.Join(dir, "telegram-bot-api.json")
	} else if strings.Contains(os.Getenv("MOTKRAFT_TEST_REQUIRE"), "specs") {
		tb.Fatal("MOTKRAFT_TEST_SPECS does not name the folder of the platforms' descriptions")
	}
	server := standin.New(tb, opts)
	tb.Cleanup(func() {
		for _, v := range server.Violations() {
			tb.Errorf("a call that no correct program makes: %s", v)
		}
	})
	return server
}

// say gives the key for words, and nothing for those that would stand in the place of the suite's own.
func say(_, key string, _ ...string) string {
	if key == "telegram.cleared" || key == "telegram.copy" {
		return ""
	}
	return key
}

func options(server *standin.Server) telegram.Options {
	return telegram.Options{Token: server.Token, API: server.URL, Core: channel.Core{Say: say, Languages: []string{"sv", "en"}}}
}

func TestConformance(t *testing.T) {
	adaptertest.Run(t, func(tb testing.TB) *adaptertest.Stage {
		server := newServer(tb, standin.Options{})
		var mu sync.Mutex
		refuse := 0
		server.Fail(func(c standin.Call) *standin.Fault {
			mu.Lock()
			defer mu.Unlock()
			if refuse == 0 || c.Method != "sendMessage" && c.Method != "editMessageText" {
				return nil
			}
			refuse--
			return &standin.Fault{Status: 400, Description: "Bad Request: no"}
		})
		return &adaptertest.Stage{
			Adapter: telegram.New(options(server)),
			Join: func(tb testing.TB, lang string) adaptertest.Person {
				return &person{tb: tb, server: server, Person: server.Join(lang)}
			},
			Refuse: func(n int) {
				mu.Lock()
				defer mu.Unlock()
				refuse = n
			},
			Canaries: server.Canaries,
			Grace:    20 * time.Second,
		}
	})
}

// person plays the suite's person on the stand-in.
type person struct {
	*standin.Person
	tb     testing.TB
	server *standin.Server
	before int // answers before the last act
}

func (p *person) act(do func() int64) {
	p.before = p.Answers()
	if do() == 0 {
		p.tb.Error("the act could not be done")
	}
}

func (p *person) Arrive()       { p.act(func() int64 { return p.Start("") }) }
func (p *person) Press(i int)   { p.act(func() int64 { return p.PressButton(i) }) }
func (p *person) Type(s string) { p.act(func() int64 { return p.Person.Type(s) }) }

func (p *person) Screen() adaptertest.Shown {
	p.WaitAnswers(p.before)
	// What was typed goes once it is answered.
	p.Wait("only the answer is left", func(m []standin.Message) bool {
		return !slices.ContainsFunc(m, func(m standin.Message) bool { return !m.FromBot })
	})
	screens := p.Screens()
	if len(screens) == 0 {
		p.tb.Fatal("no screen is shown")
	}
	last := screens[len(screens)-1]
	shown := adaptertest.Shown{Text: last.Text}
	for _, b := range last.Buttons() {
		shown.Buttons = append(shown.Buttons, adaptertest.Button{Label: b.Text, Data: b.Data, URL: b.URL, Copy: b.Copy})
	}
	return shown
}

func (p *person) Visible() []string {
	var out []string
	for _, m := range p.Messages() {
		out = append(out, m.Text)
	}
	return out
}

// world is the real bot on the stand-in.
type world struct {
	*standin.Server
	bot     *bot.Bot
	handler bot.Handler // default: the bot
	opts    telegram.Options

	mu     sync.Mutex
	failed []error
	stop   func() // tells Run to stop and waits for its end
	ended  chan error
}

// newWorld starts the real bot by long polling.
func newWorld(tb testing.TB, opts standin.Options) *world {
	tb.Helper()
	w := &world{Server: newServer(tb, opts)}
	w.bot = adaptertest.Shipped(tb, func(err error) {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.failed = append(w.failed, err)
	})
	w.opts = options(w.Server)
	w.opts.Say = w.bot.Say
	w.start(tb)
	tb.Cleanup(func() {
		w.stop()
		w.assertQuiet(tb)
	})
	return w
}

// start runs an adapter, as a new process would.
func (w *world) start(tb testing.TB) *telegram.Telegram {
	tb.Helper()
	t := telegram.New(w.opts)
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	h := w.handler
	if h == nil {
		h = w.bot
	}
	go func() { ended <- t.Run(ctx, h) }()
	w.ended = ended
	w.stop = sync.OnceFunc(func() {
		cancel()
		select {
		case err := <-ended:
			if err != nil {
				tb.Errorf("ended with %v", err)
			}
		case <-time.After(standin.Patience):
			tb.Error("did not stop")
		}
	})
	return t
}

func (w *world) errors() []error {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.failed)
}

// assertQuiet looks for people and secrets in what was told of failures.
func (w *world) assertQuiet(tb testing.TB) {
	tb.Helper()
	for _, err := range w.errors() {
		for _, canary := range w.Canaries() {
			if strings.Contains(err.Error(), canary) {
				tb.Errorf("an error holds %q: %v", canary, err)
			}
		}
	}
}

// label finds the button with a label on the newest screen.
func label(tb testing.TB, p *standin.Person, text string) standin.Button {
	tb.Helper()
	screens := p.Screens()
	if len(screens) > 0 {
		for _, b := range screens[len(screens)-1].Buttons() {
			if b.Text == text {
				return b
			}
		}
	}
	tb.Fatalf("no button %q on the screen", text)
	return standin.Button{}
}

// act waits for the answer to what is done.
func act(tb testing.TB, p *standin.Person, do func() int64) {
	tb.Helper()
	before := p.Answers()
	do()
	if !p.WaitAnswers(before) {
		tb.FailNow()
	}
}

// shows waits until a text stands on the only message of the chat.
func shows(tb testing.TB, p *standin.Person, part string) {
	tb.Helper()
	if !p.Wait("one message with "+part, func(m []standin.Message) bool {
		return len(m) == 1 && m[0].FromBot && strings.Contains(m[0].Text, part)
	}) {
		tb.FailNow()
	}
}
