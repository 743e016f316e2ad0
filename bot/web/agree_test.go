package web_test

import (
	"fmt"
	"io/fs"
	"math/rand/v2"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"motkraft/bot"
	"motkraft/flows"
)

// moments are when hours are said in every way that there is; booked is how many days before them the browser got its hours.
var moments = []struct {
	name   string
	at     time.Time
	booked int
}{
	{"office hours", aMonday, 0},
	{"office hours, page open since long", aMonday, 13},
	{"night", stockholm("2026-11-22 03:10"), 0},
	{"minutes before closing", stockholm("2026-11-20 16:29"), 1},
	{"holiday eve", stockholm("2026-12-23 23:00"), 0},
	{"before long holidays", stockholm("2026-12-17 18:05"), 3},
	{"midsummer", stockholm("2027-06-25 12:00"), 2},
	{"the clock goes forward", stockholm("2027-03-28 03:30"), 1},
	{"the clock goes back", stockholm("2026-10-25 01:30"), 0},
	{"the hour that comes twice, again", time.Date(2026, 10, 25, 1, 30, 0, 0, time.UTC), 0},
	{"midnight", stockholm("2027-01-01 00:00"), 0},
}

// Once the next opening may lie past the hours that the browser has, nobody is told only that it is closed: the schedule stands there.
func TestHoursNearTheirEnd(t *testing.T) {
	s := newSite(t, nil)
	p := open(t, s, "/", "sv")
	plans := 0
	for _, booked := range []int{14, 20, 27} {
		at := aMonday.AddDate(0, 0, booked)
		for _, book := range s.bot.Draw(s.now(), 1, nil) {
			closed := ", " + s.label(book.Lang, "hours.closed")
			nodes, steps := s.referrals(book.Lang)
			for i, screen := range s.walks(p, at, steps) {
				n, text := nodes[i], screen.Text
				for line := range strings.SplitSeq(text, "\n") {
					if strings.HasSuffix(line, closed) {
						t.Errorf("after %d days %s says only %q", booked, n.ID, line)
					}
				}
				for _, service := range n.Refer.At(0) {
					for _, c := range book.Services[service.Index].Contacts {
						if h := c.Hours; h != nil && h.Plan != "" && strings.Contains(text, c.Line+", "+h.Plan) {
							plans++
						}
					}
				}
			}
		}
	}
	if plans < 5 {
		t.Errorf("%d schedules were shown, expected at least 5", plans)
	}
}

// walkerShow puts the script's own walker into the page, as it is fetched there, and gives the screens of steps: each a state, or a
// button's index on the screen before, or a text that is typed at a state or on the screen before.
const walkerShow = `(async () => {
	const { Walker } = await import('/motkraft.js');
	const kept = (globalThis.walkers ??= {}); // by the day of their hours
	if (!kept[DAY]) {
		const books = {};
		for (const lang of LANGS) {
			do books[lang] = await (await fetch('/screens.' + lang + '.json')).json();
			while (books[lang].from !== DAY); // whoever asks while a new day is made gets the last one's
		}
		kept[DAY] = new Walker(books);
	}
	const walker = kept[DAY];
	let screen, here;
	return STEPS.map(({ state, button, text }) => {
		const heard = text ? walker.hear(state ?? here, text) : { state: state ?? screen.buttons[button].to };
		here = heard.state;
		screen = walker.show(heard.state, NOW, heard.line);
		const said = ({ name, about, ways }) => [name, ...ways.map(({ line, hours }) => (hours ? line + ', ' + hours : line)), about].join('\n');
		const more = (i) => (i === 0 && screen.more && !screen.urgent ? [screen.more] : []);
		return {
			text: [screen.say, ...screen.offers.flatMap(({ head, note, cards }, i) => {
				const [first, ...others] = cards.map(said);
				return [head, first, ...more(i), ...others, ...(note ? [note] : [])];
			}), ...(screen.urgent && screen.more ? [screen.more] : [])].join('\n\n'), lang: screen.lang, clear: screen.clear,
			buttons: screen.buttons.map(({ kind, label, url, phone }) => ({ kind, label, url: url ?? '', phone: phone ?? '' })),
		};
	});
})()`

// step is a state to show, or the button to press on the screen before. With a text, that is typed at the state or on the screen before.
type step struct {
	State  *state `json:"state,omitempty"`
	Button int    `json:"button"`
	Text   string `json:"text,omitempty"`
}

// state is a bot.State as the script has it.
type state struct {
	Lang  string      `json:"lang"`
	Place flows.Place `json:"place"`
	Node  flows.ID    `json:"node"`
	Trail []flows.ID  `json:"trail"`
}

// walked is a screen as both walkers can say it.
type walked struct {
	Text, Lang string
	Clear      bool
	Buttons    []walkedButton
}

type walkedButton struct{ Kind, Label, URL, Phone string }

func asWalked(m bot.Message) walked {
	w := walked{Text: m.Text, Lang: m.Lang, Clear: m.Clear}
	for _, b := range m.Buttons {
		w.Buttons = append(w.Buttons, walkedButton{kinds[b.Kind], b.Label, b.URL, b.Phone})
	}
	return w
}

// walks shows the steps through the script at a moment, with the hours of the site's own day.
func (s *site) walks(p *tab, at time.Time, steps []step) []walked {
	p.Helper()
	return eval[[]walked](p, strings.NewReplacer("LANGS", asJSON(s.catalog.Languages()), "STEPS", asJSON(steps), "NOW", fmt.Sprint(at.UnixMilli()),
		"DAY", fmt.Sprint(s.set.Campaign.Midnight(s.now()).Unix())).Replace(walkerShow))
}

// agree shows the steps through the script and compares.
func agree(p *tab, s *site, at time.Time, steps []step, want []walked) {
	p.Helper()
	got := s.walks(p, at, steps)
	if len(got) != len(want) || len(want) == 0 {
		p.Fatalf("%d screens, expected %d, and some", len(got), len(want))
	}
	for i := range want {
		if !reflect.DeepEqual(got[i], want[i]) {
			p.Fatalf("screen %d, %s: the browser's walker says\n%s\nand the bot\n%s", i, asJSON(steps[i]), asJSON(got[i]), asJSON(want[i]))
		}
	}
}

// Two walkers press the same buttons at random and must say the same at every step. Now and then both are put down somewhere else, so
// that the walk is not always near the first screen.
func TestWalkersAgree(t *testing.T) {
	const (
		presses  = 200 // for each moment and language
		leap     = 16  // presses from one new place to the next
		homeward = 6   // presses before a leap that go back, as far as there is a way
		enough   = 300
	)
	s := newSite(t, nil)
	p := open(t, s, "/", "sv")
	counted := map[string]int{}
	for i, moment := range moments {
		for j, lang := range s.catalog.Languages() {
			random := rand.New(rand.NewPCG(uint64(i), uint64(j)))
			s.at(moment.at)
			var steps []step
			var want []walked
			var screen bot.Message
			show := func(next step, data string) {
				screen = s.bot.Handle(t.Context(), bot.Update{Data: data, Lang: lang})
				steps, want = append(steps, next), append(want, asWalked(screen))
			}
			show(step{State: &state{Lang: lang, Node: flows.Welcome, Trail: []flows.ID{}}}, "")
			for n := range presses {
				if n%leap == leap-1 {
					st, data := s.somewhere(random, lang)
					show(step{State: &st}, data)
				}
				b := choose(random, screen.Buttons)
				if n%leap >= leap-1-homeward {
					back := s.label(screen.Lang, "button.back")
					if i := slices.IndexFunc(screen.Buttons, func(b bot.Button) bool { return b.Label == back }); i >= 0 {
						b = i
					}
				}
				show(step{Button: b}, screen.Buttons[b].Data)
				counted[screen.Lang]++
			}
			s.at(moment.at.AddDate(0, 0, -moment.booked))
			t.Run(moment.name+"/"+lang, func(t *testing.T) { agree(&tab{T: t, ctx: p.ctx}, s, moment.at, steps, want) })
		}
	}
	for _, lang := range s.catalog.Languages() {
		if counted[lang] < enough {
			t.Errorf("%d presses in %q, expected at least %d", counted[lang], lang, enough)
		}
	}
}

// somewhere is a state at random, as the script has it and sealed: mostly at or after a question for the place.
func (s *site) somewhere(random *rand.Rand, lang string) (state, string) {
	nodes := slices.DeleteFunc(slices.Clone(s.set.Nodes), func(n *flows.Node) bool { return n.Ask == nil && n.Change == nil && random.IntN(3) > 0 })
	node, before := nodes[random.IntN(len(nodes))], nodes[random.IntN(len(nodes))]
	places := s.set.Distinct()
	return s.state(lang, places[random.IntN(len(places))], node, before)
}

// state is a place in the conversation, as the script has it and sealed.
func (s *site) state(lang string, at flows.Place, node *flows.Node, before ...*flows.Node) (state, string) {
	st := state{Lang: lang, Place: at, Node: node.ID, Trail: []flows.ID{}}
	sealed := bot.State{Lang: [2]byte([]byte(lang)), Place: at, Node: node.Ref}
	for i, n := range before {
		st.Trail = append(st.Trail, n.ID)
		sealed.Trail[i] = n.Ref
	}
	return st, s.sealer.Seal(sealed)
}

// choose picks a button that leads on; the screen's own thrice as often, so that the walk comes about in the tree.
func choose(random *rand.Rand, buttons []bot.Button) int {
	var out []int
	for i, b := range buttons {
		switch {
		case b.Data == "":
		case b.Kind == bot.Option:
			out = append(out, i, i, i)
		default:
			out = append(out, i)
		}
	}
	return out[random.IntN(len(out))]
}

// Every node, with every place that makes a difference, in every language, straight away.
func TestWalkersAgreeEverywhere(t *testing.T) {
	everywhere(t, newSite(t, nil), func(*flows.Node) bool { return true })
}

// Hours that no service has yet: so rare that over holidays the next opening is weeks away, unknown ones, those past midnight, and those that go on
// for days.
func TestWalkersAgreeOnRareHours(t *testing.T) {
	hours := regexp.MustCompile(`hours: (mon|wed|daily)[^\n]*`)
	rare := []string{"thu 10-12", "fri-sun 20-04", "fri 12-24, sat-sun 00-24, mon 00-08", "mon-sun 00-24", "mon+thu 08:30-09:15, holidays 23:30-00:30"}
	data, err := fs.ReadFile(flows.Embedded, "services.yaml")
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	data = hours.ReplaceAllFunc(data, func([]byte) []byte { n++; return []byte("hours: " + rare[n%len(rare)]) })
	if n < len(rare) {
		t.Fatalf("%d hours were changed, expected at least %d", n, len(rare))
	}
	files := fstest.MapFS{"services.yaml": {Data: data}}
	entries, _ := fs.ReadDir(flows.Embedded, ".")
	for _, e := range entries {
		if e.Name() != "services.yaml" {
			data, _ := fs.ReadFile(flows.Embedded, e.Name())
			files[e.Name()] = &fstest.MapFile{Data: data}
		}
	}
	set, problems := flows.Load(files)
	if err := problems.Err(); err != nil {
		t.Fatal(err)
	}
	_, catalog := content()
	everywhere(t, newSiteOf(t, set, catalog), func(n *flows.Node) bool { return n.Refer != nil })
}

// everywhere compares the nodes that are wanted, those that show services at every moment.
func everywhere(t *testing.T, s *site, wanted func(*flows.Node) bool) {
	p := open(t, s, "/", "sv")
	for i, moment := range moments {
		var steps []step
		var want []walked
		s.at(moment.at)
		for _, lang := range s.catalog.Languages() {
			for _, n := range s.set.Nodes {
				if n.Refer == nil && i > 0 || !wanted(n) {
					continue // says the same at any hour
				}
				for _, at := range s.set.Distinct() {
					if at != 0 && n.Ask == nil && (n.Refer == nil || !n.Refer.Near) {
						continue // says the same everywhere
					}
					st, data := s.state(lang, at, n, s.set.Node(flows.Acute), s.set.Node(flows.Welcome))
					steps = append(steps, step{State: &st})
					want = append(want, asWalked(s.bot.Handle(t.Context(), bot.Update{Data: data})))
				}
			}
		}
		s.at(moment.at.AddDate(0, 0, -moment.booked))
		t.Run(moment.name, func(t *testing.T) { agree(&tab{T: t, ctx: p.ctx}, s, moment.at, steps, want) })
	}
}

// referrals are the nodes that show services, and the steps that show them.
func (s *site) referrals(lang string) (nodes []*flows.Node, steps []step) {
	for _, n := range s.set.Nodes {
		if n.Refer != nil {
			st, _ := s.state(lang, 0, n)
			nodes, steps = append(nodes, n), append(steps, step{State: &st})
		}
	}
	return nodes, steps
}

// A page that has been open for longer than its hours reach says no longer who is open now, but when they are; who always answers still does. So
// does one on a machine whose clock is wrong by that much.
func TestHoursBeyondTheScreens(t *testing.T) {
	s := newSite(t, nil)
	p := open(t, s, "/", "sv")
	plans := 0
	for name, at := range map[string]time.Time{"later": aMonday.AddDate(0, 0, 28), "a clock that is late": aMonday.AddDate(-1, 0, 0)} {
		for _, book := range s.bot.Draw(s.now(), 1, nil) {
			nodes, steps := s.referrals(book.Lang)
			for i, screen := range s.walks(p, at, steps) {
				n, text := nodes[i], screen.Text
				_, later, _ := strings.Cut(text, s.label(book.Lang, "referral.later"))
				for _, service := range n.Refer.At(0) {
					for _, c := range book.Services[service.Index].Contacts {
						h := c.Hours
						switch {
						case h == nil:
						case h.Always && !strings.Contains(text, c.Line+", "+s.label(book.Lang, "hours.always")):
							t.Errorf("%s, %s: %s does not always answer:\n%s", name, n.ID, c.Line, text)
						case h.Plan != "" && service.AnswersAlways() && !strings.Contains(text, c.Line+", "+h.Plan),
							h.Plan != "" && !service.AnswersAlways() && !strings.Contains(later, c.Line+", "+h.Plan):
							t.Errorf("%s, %s: %q does not stand among the later ones behind %q:\n%s", name, n.ID, h.Plan, c.Line, text)
						case h.Plan != "":
							plans++
						}
					}
				}
			}
		}
	}
	if plans < 20 {
		t.Errorf("%d schedules were shown, expected at least 20", plans)
	}
}
