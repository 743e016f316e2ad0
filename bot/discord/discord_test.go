package discord_test

import (
	"context"
	"crypto/ed25519"
	"encoding/hex"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"motkraft/bot"
	"motkraft/bot/adaptertest"
	"motkraft/bot/channel"
	"motkraft/bot/discord"
	"motkraft/bot/discord/standin"
)

// newServer is the strict stand-in; with MOTKRAFT_TEST_SPECS it knows the platform's own description of every request. It waits for answers as long
// as a slow machine may need, where a test does not say how long: what is tested is not how quick the machine is.
func newServer(tb testing.TB, opts standin.Options) *standin.Server {
	tb.Helper()
	if opts.FirstAnswer == 0 {
		opts.FirstAnswer = standin.Patience
	}
	if dir := os.Getenv("MOTKRAFT_TEST_SPECS"); dir != "" {
		opts.Spec = filepath.Join(dir, "discord-openapi.json")
	} else if strings.Contains(os.Getenv("MOTKRAFT_TEST_REQUIRE"), "specs") {
		tb.Fatal("MOTKRAFT_TEST_SPECS does not name the folder of the platforms' descriptions")
	}
	server := standin.New(tb, opts)
	tb.Cleanup(func() {
		for _, v := range server.Violations() {
			tb.Errorf("what no correct program does: %s", v)
		}
	})
	return server
}

// ways are the two ways in. Every test of what people see goes both.
var ways = map[string]func(tb testing.TB, server *standin.Server, opts discord.Options) door{
	"gateway": func(_ testing.TB, _ *standin.Server, opts discord.Options) door { return door{d: discord.New(opts)} },
	"http":    overHTTP,
}

// door is an adapter with one of the ways in.
type door struct {
	d      *discord.Discord
	url    string       // over HTTP
	breaks *atomic.Bool // over HTTP: Discord is gone when the answer is written
}

// overHTTP takes interactions as signed requests.
func overHTTP(tb testing.TB, server *standin.Server, opts discord.Options) door {
	key, err := hex.DecodeString(server.PublicKey)
	if err != nil {
		tb.Fatal(err)
	}
	opts.PublicKey = ed25519.PublicKey(key)
	d, breaks := discord.New(opts), &atomic.Bool{}
	ours := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if breaks.Load() {
			rw = &broken{rw, server.Canaries()}
		}
		d.ServeHTTP(rw, r)
	}))
	tb.Cleanup(ours.Close)
	server.Forward(ours.URL + "/discord")
	return door{d, ours.URL + "/discord", breaks}
}

// broken is a connection that is gone. What it says holds all that it knows.
type broken struct {
	http.ResponseWriter
	canaries []string
}

func (b *broken) Write([]byte) (int, error) {
	b.ResponseWriter.WriteHeader(http.StatusBadGateway)
	return 0, errors.New("write: broken pipe " + strings.Join(b.canaries, " "))
}

// say gives the key for words, told apart where Discord wants it, and nothing for those that would stand in the place of the suite's own.
func say(lang, key string, _ ...string) string {
	switch {
	case key == "discord.cleared":
		return ""
	case strings.HasPrefix(key, "discord.name-"):
		return lang + strings.TrimPrefix(key, "discord.name-")
	case key == "discord.language": // of which no two may be the same
		return lang
	}
	return key
}

func options(server *standin.Server) discord.Options {
	return discord.Options{
		FirstAnswer: server.FirstAnswer,
		Core: channel.Core{
			Say: say, Languages: []string{"sv", "en"},
			Match:  func(locale string) string { return locale[:2] },
			Topics: func(string) []bot.Topic { return []bot.Topic{{Code: "k1", Label: "En fråga"}} },
		},
		Token: server.Token, API: server.API,
	}
}

// begun waits until the adapter takes what people do.
func begun(server *standin.Server, overHTTP bool) {
	if overHTTP {
		server.Wait("the start", func() bool { return server.Calls("GET commands") > 0 })
	} else {
		server.Gateway().WaitReady()
	}
}

// Every screen of the content that ships, in each language, comes through Discord whole: as a new answer and as an edited one, without
// anything that the platform would refuse.
func TestEveryScreen(t *testing.T) {
	b := adaptertest.Shipped(t, func(error) {})
	screens := adaptertest.Screens(t, b, b.Languages())
	const least = 200 // a hundred nodes, two languages
	if len(screens) < least {
		t.Fatalf("%d screens, expected at least %d", len(screens), least)
	}
	for way := range ways {
		t.Run(way, func(t *testing.T) { adaptertest.EveryScreen(t, newStage(t, way), screens) })
	}
}

// world is the real bot on the stand-in.
type world struct {
	*standin.Server
	bot  *bot.Bot
	opts discord.Options
	door

	handler bot.Handler // default: the bot

	mu     sync.Mutex
	failed []error
	stop   func() // tells Run to stop and waits for its end
	ended  chan error
}

// newWorld starts the real bot on one of the ways in.
func newWorld(tb testing.TB, way string, opts standin.Options) *world {
	tb.Helper()
	w := prepare(tb, opts)
	w.start(tb, way)
	return w
}

// prepare makes all but the adapter.
func prepare(tb testing.TB, opts standin.Options) *world {
	tb.Helper()
	w := &world{Server: newServer(tb, opts)}
	w.bot = adaptertest.Shipped(tb, func(err error) {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.failed = append(w.failed, err)
	})
	w.opts = options(w.Server)
	w.opts.Say, w.opts.Match, w.opts.Topics = w.bot.Say, w.bot.Match, w.bot.Topics
	tb.Cleanup(func() { w.assertQuiet(tb) })
	return w
}

// start runs an adapter, as a new process would, until it takes what people do.
func (w *world) start(tb testing.TB, way string) {
	tb.Helper()
	w.run(tb, way)
	begun(w.Server, way == "http")
}

func (w *world) run(tb testing.TB, way string) {
	tb.Helper()
	w.door = ways[way](tb, w.Server, w.opts)
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	var h bot.Handler = w.bot
	if w.handler != nil {
		h = w.handler
	}
	go func() { ended <- w.d.Run(ctx, h) }()
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
	tb.Cleanup(func() { w.stop() })
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

// pressing presses the button with a label on the newest message, and waits for the answer.
func pressing(tb testing.TB, p *standin.Person, label string) {
	tb.Helper()
	seen := p.Messages()
	if len(seen) > 0 {
		on := seen[len(seen)-1]
		for _, b := range on.Buttons() {
			if b.Label == label {
				answered(tb, p.PressOn(on.ID, b.CustomID))
				return
			}
		}
	}
	tb.Fatalf("no button %q is shown: %+v", label, seen)
}

func answered(tb testing.TB, act *standin.Act) {
	tb.Helper()
	if status := act.Wait(); status != standin.Answered {
		tb.Fatalf("the act is %v: %s", status, act.Why())
	}
}

// shows waits until there is one message, with a text, which this person alone sees.
func shows(tb testing.TB, p *standin.Person, part string) standin.Message {
	tb.Helper()
	if !p.Wait("one message with "+part, func(m []standin.Message) bool {
		return len(m) == 1 && m[0].Ephemeral && strings.Contains(m[0].Reads, part)
	}) {
		tb.FailNow()
	}
	return p.Messages()[0]
}
