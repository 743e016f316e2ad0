package telegram_test

import (
	"fmt"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"
	"time"

	"motkraft/bot/adaptertest"
	"motkraft/bot/telegram"
	"motkraft/bot/telegram/standin"
)

// Both ways in, and people of whose language Telegram says nothing: language_code is optional.
func TestConformance(t *testing.T) {
	for name, stage := range map[string]func(tb testing.TB) *adaptertest.Stage{
		"polling": newStage,
		"webhook": func(tb testing.TB) *adaptertest.Stage {
			return newStageWith(tb, func(server *standin.Server, opts telegram.Options) *telegram.Telegram {
				opts.WebhookURL, opts.Secret = "https://bot.example.se/telegram", "secret-canary_1"
				tg := telegram.New(opts)
				public := httptest.NewServer(tg)
				tb.Cleanup(public.Close)
				server.ForwardWebhook(public.URL)
				return tg
			})
		},
		"no_hint": func(tb testing.TB) *adaptertest.Stage {
			stage := newStage(tb)
			stage.NoHint = true
			return stage
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			adaptertest.Run(t, stage)
		})
	}
}

// newStage is an adapter for the suite that polls.
func newStage(tb testing.TB) *adaptertest.Stage {
	return newStageWith(tb, func(_ *standin.Server, opts telegram.Options) *telegram.Telegram { return telegram.New(opts) })
}

func newStageWith(tb testing.TB, adapter func(*standin.Server, telegram.Options) *telegram.Telegram) *adaptertest.Stage {
	server := newServer(tb, standin.Options{})
	f := &faults{wait: map[int64]bool{}}
	server.Fail(f.plan)
	return &adaptertest.Stage{
		Adapter: adapter(server, options(server)),
		Join: func(tb testing.TB, lang string) adaptertest.Person {
			return &person{tb: tb, server: server, Person: server.Join(lang)}
		},
		Refuse:   f.refuseNext,
		Canaries: server.Canaries,
		Grace:    20 * time.Second,
		Room: func(_ testing.TB, p adaptertest.Person) adaptertest.Room {
			return newRoom(server, p.(*person).Person)
		},
		RetryAfter: func(p adaptertest.Person) time.Duration { return f.tellToWait(p.(*person).ID) },
		Early:      server.RetryEarly,
		Away:       f.goAway,
	}
}

// faults are what the suite plans.
type faults struct {
	mu     sync.Mutex
	refuse int            // the next deliveries
	wait   map[int64]bool // the next delivery in the chat
	away   bool
}

func (f *faults) plan(c standin.Call) *standin.Fault {
	f.mu.Lock()
	defer f.mu.Unlock()
	switch delivers := c.Method == "sendMessage" || c.Method == "editMessageText"; {
	case f.away:
		return &standin.Fault{Kind: standin.Drop}
	case !delivers:
		return nil
	case f.wait[c.Chat]:
		delete(f.wait, c.Chat)
		return &standin.Fault{Status: 429, RetryAfter: 1}
	case f.refuse > 0:
		f.refuse--
		return &standin.Fault{Status: 400, Description: "Bad Request: no"}
	}
	return nil
}

func (f *faults) refuseNext(n int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.refuse = n
}

func (f *faults) tellToWait(chat int64) time.Duration {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.wait[chat] = true
	return time.Second
}

// goAway lets every call from now on be without an answer. A poll that hangs stays: nobody acts meanwhile.
func (f *faults) goAway(away bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.away = away
}

// newRoom is a group, in which the bot reads along as if it could read all.
func newRoom(server *standin.Server, p *standin.Person) adaptertest.Room {
	group := server.Group()
	asks := func(command string) func() {
		return func() { server.WaitConfirmed(group.Ask(p, command)) }
	}
	return adaptertest.Room{
		Type: func(text string) { server.WaitConfirmed(group.Say(p, text)) },
		Press: func(data string) {
			server.WaitConfirmed(server.Inject(fmt.Sprintf(`{"callback_query":{"id":"9184736455","chat_instance":"1","data":%q,
				"from":{"id":%d,"is_bot":false,"first_name":%q},
				"message":{"message_id":1,"date":0,"chat":{"id":%d,"type":"group","title":"-"}}}}`, data, p.ID, p.First, group.ID)))
		},
		Acts: []func(){asks("help"), asks("start"), asks("privacy"), asks("clear")},
		Seen: func() []adaptertest.Shown {
			var all []adaptertest.Shown
			for _, m := range group.Ever() {
				if m.FromBot {
					all = append(all, shown(m))
				}
			}
			return all
		},
	}
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
	return shown(screens[len(screens)-1])
}

func shown(m standin.Message) adaptertest.Shown {
	s := adaptertest.Shown{Text: m.Text}
	for _, b := range m.Buttons() {
		s.Buttons = append(s.Buttons, adaptertest.Button{Label: b.Text, Data: b.Data, URL: b.URL, Copy: b.Copy})
	}
	return s
}

func (p *person) Visible() []string {
	var out []string
	for _, m := range p.Messages() {
		out = append(out, m.Text)
	}
	return out
}
