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

	telegram *telegram.Telegram // that runs, or ran last
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
	w.ended, w.telegram = ended, t
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
