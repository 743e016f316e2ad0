package bot

import (
	"bytes"
	"context"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"motkraft/flows"
	"motkraft/locales"
)

// sweden is the time zone of the content that ships.
var sweden = func() *time.Location {
	campaign, problems := flows.LoadCampaign(flows.Embedded)
	if len(problems) > 0 {
		panic(problems)
	}
	return campaign.Zone
}()

// aMonday is an ordinary working day, 10:00 in Sweden.
var aMonday = time.Date(2026, 11, 23, 10, 0, 0, 0, sweden)

// embedded is the content that ships.
func embedded(t testing.TB) (*flows.Set, *locales.Catalog) {
	t.Helper()
	set, problems := flows.Load(flows.Embedded)
	catalog, more := locales.Load(locales.Embedded, set.Campaign.Language)
	if err := append(problems, more...).Err(); err != nil {
		t.Fatal(err)
	}
	return set, catalog
}

// key is a key for tests: 32 times one byte.
func key(b byte) []byte { return bytes.Repeat([]byte{b}, keySize) }

func testSealer(t testing.TB, keys ...[]byte) *Sealer {
	t.Helper()
	s, err := NewSealer(keys...)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func newBot(t testing.TB) *Bot {
	t.Helper()
	set, catalog := embedded(t)
	b, err := New(set, catalog, Options{Sealer: testSealer(t, key(1)), Now: func() time.Time { return aMonday }})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// at gives the state of a node, reached from the first screen.
func at(lang string, node flows.ID) State {
	return State{Node: node.Ref(), Trail: [4]flows.Ref{flows.Welcome.Ref()}}.in(lang)
}

// where finds the state that a message shows: the language button leads to it in another language.
func where(t testing.TB, b *Bot, m Message) (State, flows.ID) {
	t.Helper()
	for _, button := range m.Buttons {
		for _, other := range b.catalog.Languages() {
			if button.Kind == Standing && other != m.Lang && button.Label == b.catalog.Say(other, keyLanguage) {
				st, _ := b.opts.Sealer.Open(button.Data)
				st = st.in(m.Lang)
				if here, ok := b.opts.Sealer.Open(m.Here); ok && here != st {
					t.Errorf("the answer says it is at %+v and shows %+v", here, st)
				}
				return st, b.set.ByRef(st.Node).ID
			}
		}
	}
	t.Fatalf("no language button below:\n%s", m.Text)
	return State{}, ""
}

// press finds a button by its label and presses it.
func press(t testing.TB, b *Bot, m Message, label string) Message {
	t.Helper()
	i := slices.IndexFunc(m.Buttons, func(b Button) bool { return b.Label == label && b.Data != "" })
	if i < 0 {
		t.Fatalf("no button %q below:\n%s", label, m.Text)
	}
	return b.Handle(context.Background(), Update{Data: m.Buttons[i].Data})
}

func TestCoreKnowsNoNetwork(t *testing.T) {
	out, err := exec.Command("go", "list", "-deps", ".").Output()
	if err != nil {
		t.Fatal(err)
	}
	deps := strings.Fields(string(out))
	if !slices.Contains(deps, "motkraft/flows") {
		t.Fatal("go list did not list what the core needs")
	}
	for _, banned := range []string{"net", "net/http"} {
		if slices.Contains(deps, banned) {
			t.Errorf("the core imports %s", banned)
		}
	}
}

// Every screen has acute help first among the standing buttons and clear last, and keeps to the bounds, wherever one can come by pressing.
func TestEveryScreenWithinBounds(t *testing.T) {
	b := newBot(t)
	seen := 0
	walk(b, func(st State, m Message) {
		seen++
		words := b.render.langs[st.Lang]
		var standing []Button
		for _, button := range m.Buttons {
			if n := len(button.Data) + len(button.URL) + len(button.Phone); n == 0 || button.Data != "" && (button.URL != "" || button.Phone != "") {
				t.Errorf("%q leads to %d things", button.Label, n)
			}
			if button.Data != "" && len(button.Data) != MaxData {
				t.Errorf("data of %d characters", len(button.Data))
			}
			if n := utf16Len(button.Label); n == 0 || n > MaxLabel {
				t.Errorf("label %q has %d characters", button.Label, n)
			}
			if button.Kind == Standing {
				standing = append(standing, button)
			}
		}
		if utf16Len(m.Text) > MaxText || m.Text == "" || len(m.Buttons) > MaxButtons {
			t.Errorf("%d characters and %d buttons", utf16Len(m.Text), len(m.Buttons))
		}
		if standing[0].Label != words.say(keyAcute) || standing[len(standing)-1].Label != words.say(keyClear) {
			t.Errorf("standing buttons %q", standing)
		}
	})
	if seen < 1000 {
		t.Errorf("only %d screens were walked", seen)
	}
	t.Logf("%d states", seen)
}

// walk visits every screen that can be reached by pressing, without telling two ways to the same screen apart: the trail only decides
// where "back" leads.
func walk(b *Bot, visit func(State, Message)) {
	type screen struct {
		lang  [2]byte
		place flows.Place
		node  flows.Ref
	}
	seen := map[screen]bool{}
	queue := []State{b.engine.first(b.catalog.Default()).State}
	for len(queue) > 0 {
		st := queue[0]
		queue = queue[1:]
		s := screen{st.Lang, st.Place, st.Node}
		if seen[s] {
			continue
		}
		seen[s] = true
		m := b.Handle(context.Background(), Update{Data: b.opts.Sealer.Seal(st)})
		visit(st, m)
		for _, button := range m.Buttons {
			if next, ok := b.opts.Sealer.Open(button.Data); ok {
				queue = append(queue, next)
			}
		}
	}
}

func TestConversation(t *testing.T) {
	b := newBot(t)
	m := b.Handle(context.Background(), Update{Lang: "sv-SE"})
	if _, id := where(t, b, m); id != flows.Welcome || m.Lang != "sv" {
		t.Fatalf("began at %s in %s", id, m.Lang)
	}
	m = press(t, b, m, "Jag köper sex, eller tänker på det")
	m = press(t, b, m, "Hitta samtal nära mig")
	m = press(t, b, m, "Skåne län")
	if !strings.Contains(m.Text, "020-35 40 40") {
		t.Errorf("no Evonhuset in Skåne:\n%s", m.Text)
	}
	before := m
	m = press(t, b, m, "In English")
	if st, id := where(t, b, m); id != "buy/referral" || st.Place != 12 || m.Lang != "en" {
		t.Errorf("the language's change led to %s, place %d, language %s", id, st.Place, m.Lang)
	}
	m = press(t, b, m, "På svenska")
	if m.Text != before.Text {
		t.Errorf("there and back is another screen:\n%s", m.Text)
	}
	m = press(t, b, m, "Akut hjälp")
	if _, id := where(t, b, m); id != flows.Acute {
		t.Errorf("acute help is %s", id)
	}
	m = press(t, b, m, "Tillbaka")
	if m.Text != before.Text {
		t.Errorf("back from acute help is another screen:\n%s", m.Text)
	}
	m = press(t, b, m, "Tillbaka")
	if st, id := where(t, b, m); id != "buy/place" || st.Place != 0 {
		t.Errorf("back from the referral is %s with place %d", id, st.Place)
	}
	m = press(t, b, m, "Rensa")
	if st, _ := where(t, b, m); !m.Clear || st.Place != 0 || st.Trail != [4]flows.Ref{} {
		t.Errorf("clear left %+v", st)
	}
}

// Whoever answered the question for the place is not asked again, and can change the answer.
func TestPlaceIsAskedOnce(t *testing.T) {
	b := newBot(t)
	m := b.Handle(context.Background(), Update{Lang: "sv", Text: "MALMOE, qwertz malmø"})
	if st, id := where(t, b, m); st.Place != 1280 || id != flows.Welcome {
		t.Fatalf("typed place gave %s, place %d", id, st.Place)
	}
	if !strings.Contains(m.Text, "Malmö") {
		t.Errorf("the place that was understood is not named:\n%s", m.Text)
	}
	if strings.Contains(m.Text, "MALMOE") || strings.Contains(m.Text, "qwertz") {
		t.Error("what was typed is said back")
	}
	m = press(t, b, m, "Jag köper sex, eller tänker på det")
	m = press(t, b, m, "Hitta samtal nära mig")
	if _, id := where(t, b, m); id != "buy/referral" {
		t.Fatalf("asked again: %s", id)
	}
	m = press(t, b, m, "Välj ort")
	if st, id := where(t, b, m); id != "buy/place" || st.Place != 0 {
		t.Errorf("changing the place led to %s, place %d", id, st.Place)
	}
}

func TestDoorsOpenTheirNodes(t *testing.T) {
	b := newBot(t)
	if len(b.set.Doors) == 0 {
		t.Fatal("no doors")
	}
	for _, d := range b.set.Doors {
		m := b.Handle(context.Background(), Update{Start: d.Code, Lang: "en"})
		if _, id := where(t, b, m); id != d.To {
			t.Errorf("door %s opens %s, expected %s", d.Code, id, d.To)
		}
	}
	for _, code := range []string{"", "nonsense", "../k1", strings.Repeat("k", 1<<16)} {
		m := b.Handle(context.Background(), Update{Start: code, Lang: "en"})
		if _, id := where(t, b, m); id != flows.Welcome {
			t.Errorf("the unknown code of %d characters opens %s", len(code), id)
		}
	}
}

// Back shows the last four screens and none before them, and after Clear or Start over none at all: whoever holds the phone then sees where the person
// is, and not where they were.
func TestBackForgets(t *testing.T) {
	b := newBot(t)
	walk(b, func(st State, m Message) {
		for _, key := range []string{keyClear, keyStart} {
			label := b.catalog.Say(m.Lang, key)
			i := slices.IndexFunc(m.Buttons, func(button Button) bool { return button.Kind == Standing && button.Label == label })
			if i < 0 {
				continue // the screen itself
			}
			to, ok := b.opts.Sealer.Open(m.Buttons[i].Data)
			if !ok || to.Trail != (State{}).Trail {
				t.Fatalf("%s on %v leaves the way %v", key, st, to.Trail)
			}
			back := b.catalog.Say(m.Lang, keyBack)
			after := b.Handle(t.Context(), Update{Data: m.Buttons[i].Data})
			if slices.ContainsFunc(after.Buttons, func(button Button) bool { return button.Label == back }) {
				t.Fatalf("after %s on %v there is a way back", key, st)
			}
		}
	})
	st := at("sv", "buy/start")
	for _, to := range []flows.ID{"sell/start", "young/start", "worried/start", "counter/start", "controlled/start"} {
		st = st.forward(to.Ref())
	}
	for range len(st.Trail) {
		st = st.back()
	}
	if st.Node != flows.ID("sell/start").Ref() || st.back().Node != (flows.Ref{}) {
		t.Errorf("four steps back from the fifth lead to %v, and on to %v", st.Node, st.back().Node)
	}
}
