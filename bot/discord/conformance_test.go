package discord_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"motkraft/bot"
	"motkraft/bot/adaptertest"
	"motkraft/bot/discord"
	"motkraft/bot/discord/standin"
)

func TestConformance(t *testing.T) {
	for way := range ways {
		t.Run(way, func(t *testing.T) {
			adaptertest.Run(t, func(tb testing.TB) *adaptertest.Stage { return newStage(tb, way) })
		})
	}
}

// newStage is an adapter for the suite, with one of the ways in. Of everybody Discord says a language. Over HTTP an answer is the response to
// Discord's own request, which nobody can tell to wait.
func newStage(tb testing.TB, way string) *adaptertest.Stage {
	server := newServer(tb, standin.Options{})
	in := ways[way](tb, server, options(server))
	f := &faults{server: server, wait: map[string]bool{}, told: map[string]bool{}}
	server.Fail(f.plan)
	stage := &adaptertest.Stage{
		Adapter: in.d,
		Join: func(tb testing.TB, lang string) adaptertest.Person {
			if lang == "sv" {
				lang = "sv-SE" // Discord knows no "sv"
			}
			return &person{tb: tb, server: server, Person: server.Join(lang), faults: f, overHTTP: way == "http"}
		},
		Refuse: func(n int) {
			f.refuseNext(n)
			if in.breaks != nil {
				in.breaks.Store(n > 0)
			}
		},
		Canaries:  server.Canaries,
		Grace:     20 * time.Second,
		NoTyping:  true,
		Vanishes:  true,
		Unordered: way == "http",
		Room:      func(tb testing.TB, p adaptertest.Person) adaptertest.Room { return newRoom(tb, server, p.(*person)) },
		Away:      f.goAway,
	}
	switch way {
	case "http":
		stage.Adapter = &wired{in.d, server}
	case "gateway":
		stage.RetryAfter, stage.Early = func(p adaptertest.Person) time.Duration { return f.tellToWait(p.(*person).ID) }, server.RetryEarly
	}
	return stage
}

// faults are what the suite plans.
type faults struct {
	server *standin.Server

	mu     sync.Mutex
	refuse int             // the next answers
	wait   map[string]bool // by the person: the answer to their next act is told to wait
	told   map[string]bool // the same by the interaction
	away   bool
}

func (f *faults) plan(c standin.Call) *standin.Fault {
	f.mu.Lock()
	defer f.mu.Unlock()
	switch {
	case f.away:
		return &standin.Fault{Kind: standin.Drop}
	case c.Route != "POST callback":
		return nil
	case f.told[c.Interaction]:
		delete(f.told, c.Interaction)
		return &standin.Fault{Status: 429, RetryAfter: time.Second}
	case f.refuse > 0:
		f.refuse--
		return &standin.Fault{Status: 400, Code: 50035}
	}
	return nil
}

// does lets a person act. Where the answer is to wait, no call is answered until it is known which interaction came of the act.
func (f *faults) does(person string, act func() *standin.Act) {
	f.mu.Lock()
	waits := f.wait[person]
	delete(f.wait, person)
	if !waits {
		f.mu.Unlock()
		act()
		return
	}
	defer f.mu.Unlock()
	f.told[act().ID] = true
}

func (f *faults) refuseNext(n int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.refuse = n
}

func (f *faults) tellToWait(person string) time.Duration {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.wait[person] = true
	return time.Second
}

// goAway lets every call from now on be without an answer, and cuts the gateway. Over HTTP what people do would still come: nobody acts
// meanwhile.
func (f *faults) goAway(away bool) {
	f.mu.Lock()
	f.away = away
	f.mu.Unlock()
	f.server.Gateway().Away(away)
}

// newRoom is the server's channel with a panel in it, seen by a member who does nothing.
func newRoom(tb testing.TB, server *standin.Server, p *person) adaptertest.Room {
	begun(server, p.overHTTP)
	server.Wait("the commands", func() bool { return server.Calls("PUT commands") > 0 })
	owner, other := server.JoinManager("sv-SE"), server.Join("sv-SE")
	answered(tb, owner.Command("panel", nil))
	seen := other.Messages()
	panel := seen[len(seen)-1]
	if len(panel.Buttons()) != 1 {
		tb.Fatalf("the panel is %+v", panel)
	}
	uses := func(command string, options map[string]string) func() {
		return func() { answered(tb, p.Command(command, options)) }
	}
	press := func(data string) { answered(tb, p.PressOn(panel.ID, data)) }
	return adaptertest.Room{
		Press: press,
		Acts: []func(){
			func() { press(panel.Buttons()[0].CustomID) },
			uses("support", nil), uses("support", map[string]string{"topic": "k1"}), uses("help", nil), uses("privacy", nil),
		},
		Seen: func() []adaptertest.Shown {
			var all []adaptertest.Shown
			for _, m := range other.Messages() {
				all = append(all, shown(m))
			}
			return all
		},
	}
}

// wired is the adapter with the connections that its answers by HTTP go over: as in the program, the end comes when these have been read.
type wired struct {
	*discord.Discord
	server *standin.Server
}

// Run ends when no answer is on its way any more.
func (w *wired) Run(ctx context.Context, h bot.Handler) error {
	err := w.Discord.Run(ctx, h)
	w.server.Settle()
	return err
}

// person plays the suite's person on the stand-in.
type person struct {
	*standin.Person
	tb       testing.TB
	server   *standin.Server
	faults   *faults
	overHTTP bool
	before   int // answers before the last act
}

func (p *person) Arrive() {
	begun(p.server, p.overHTTP)
	p.before = p.Answers()
	p.faults.does(p.ID, func() *standin.Act { return p.Command("support", nil) })
}

func (p *person) Press(i int) {
	begun(p.server, p.overHTTP) // after a cut, when there is a session again
	p.before = p.Answers()
	p.faults.does(p.ID, func() *standin.Act { return p.PressButton(i) })
}

func (p *person) Type(string) { p.tb.Error("nobody can type to the bot here") }

func (p *person) Screen() adaptertest.Shown {
	p.WaitAnswers(p.before)
	screens := p.Messages()
	if len(screens) == 0 {
		p.tb.Fatal("no screen is shown")
	}
	last := screens[len(screens)-1]
	if !last.Ephemeral {
		p.tb.Error("an answer that all can see")
	}
	return shown(last)
}

func shown(m standin.Message) adaptertest.Shown {
	s := adaptertest.Shown{Text: m.Reads}
	for _, b := range m.Buttons() {
		s.Buttons = append(s.Buttons, adaptertest.Button{Label: b.Label, Data: b.CustomID, URL: b.URL})
	}
	return s
}

func (p *person) Visible() []string {
	var out []string
	for _, m := range p.Messages() {
		out = append(out, m.Reads)
	}
	return out
}
