package bot

import (
	"context"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"motkraft/flows"
)

// observedBot is a bot whose outcomes are collected.
func observedBot(t *testing.T) (b *Bot, outcomes *[]Outcome) {
	t.Helper()
	outcomes = &[]Outcome{}
	set, catalog := embedded(t)
	b, err := New(set, catalog, Options{
		Sealer: testSealer(t, key(1)),
		Now:    func() time.Time { return aMonday },
		Observe: func(channel string, o Outcome) {
			if channel != "kiosk" {
				t.Errorf("told of channel %q", channel)
			}
			*outcomes = append(*outcomes, o)
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	return b, outcomes
}

func TestOutcomes(t *testing.T) {
	b, outcomes := observedBot(t)
	at := func(node flows.ID) string { return b.opts.Sealer.Seal(at("sv", node)) }
	counted := State{Node: flows.ID("buy/place").Ref(), Counted: true}.in("sv")
	for _, c := range []struct {
		name string
		u    Update
		want Outcome
	}{
		{"nothing", Update{}, Outcome{Kind: Arrived}},
		{"a door", Update{Start: "k1"}, Outcome{Kind: Arrived}},
		{"an unknown door", Update{Start: "nonsense"}, Outcome{Kind: Arrived}},
		{"a question", Update{Data: at("buy/start")}, Outcome{Kind: Stepped}},
		{"a referral", Update{Data: at("buy/referral")}, Outcome{Stepped, "buy"}},
		{"acute help", Update{Data: at(flows.Acute)}, Outcome{Stepped, "acute"}},
		{"the first contacts", Update{Data: at("start/contacts")}, Outcome{Stepped, "acute"}},
		{"foreign data", Update{Data: "nonsense"}, Outcome{Kind: Strayed}},
		{"words", Update{Data: at("buy/start"), Text: "jag vill dö"}, Outcome{Understood, "acute"}},
		{"a place to a question", Update{Data: at("worried/start"), Text: "Malmö"}, Outcome{Kind: Understood}},
		{"a place that leads on from a question", Update{Data: at("buy/start"), Text: "Malmö"}, Outcome{Understood, "buy"}},
		{"words on an unknown screen", Update{Text: "jag vill dö"}, Outcome{Kind: Understood}},
		{"words that say nothing", Update{Data: at("buy/start"), Text: "asdf qwer"}, Outcome{Kind: NotUnderstood}},
		{"a place that leads on", Update{Data: at("buy/place"), Text: "Malmö"}, Outcome{Understood, "buy"}},
		{"counted before", Update{Data: b.opts.Sealer.Seal(counted), Text: "Malmö"}, Outcome{Kind: Understood}},
	} {
		*outcomes = nil
		plain := b.Handle(context.Background(), c.u)
		if len(*outcomes) != 0 {
			t.Errorf("%s: told without a channel", c.name)
		}
		m := b.For("kiosk").Handle(context.Background(), c.u)
		if got := *outcomes; len(got) != 1 || got[0] != c.want {
			t.Errorf("%s: %+v, expected %+v", c.name, got, c.want)
		}
		if m.Text != plain.Text || len(m.Buttons) != len(plain.Buttons) {
			t.Errorf("%s: another answer where it is observed", c.name)
		}
	}
}

// However somebody walks, types, goes back, changes the language or starts over, their conversation is counted at most once until they
// clear it; and whoever presses their way to a referral is counted.
func TestConversationIsCountedOnce(t *testing.T) {
	b, outcomes := observedBot(t)
	h := b.For("kiosk")
	random := rand.New(rand.NewPCG(3, 4))
	typed := []string{"jag vill dö", "Malmö", "börja om", "tillbaka", "english", "asdf", "help"}
	total, pressed := 0, 0
	for range 300 {
		m := h.Handle(context.Background(), Update{Lang: "sv"})
		*outcomes = nil
		here, met, words := "", false, false
		for range 60 {
			if random.IntN(4) == 0 {
				words = true
				m = h.Handle(context.Background(), Update{Data: here, Text: typed[random.IntN(len(typed))]})
				here = m.Here
			} else {
				ways := slices.DeleteFunc(slices.Clone(m.Buttons), func(b Button) bool { return b.Data == "" })
				here = ways[random.IntN(len(ways))].Data
				m = h.Handle(context.Background(), Update{Data: here})
				st, _ := b.opts.Sealer.Open(here)
				met = met || !words && b.engine.resolve(st).refers()
			}
			if m.Clear {
				break
			}
		}
		counted := 0
		for _, o := range *outcomes {
			if o.Group != "" {
				counted++
			}
		}
		if counted > 1 {
			t.Fatalf("one conversation was counted %d times: %+v", counted, *outcomes)
		}
		if met && counted == 0 {
			t.Error("a conversation that came to a referral by pressing was not counted")
		}
		if met {
			pressed++
		}
		total += counted
	}
	if total < 150 || pressed < 100 {
		t.Errorf("of 300 conversations %d were counted, %d of them by pressing: too few to show anything", total, pressed)
	}
}

// What comes after "clear" is another conversation: nothing of the one before is left in the buttons, that it was counted neither.
func TestClearForgetsTheCount(t *testing.T) {
	b := newBot(t)
	m := b.Handle(context.Background(), Update{Lang: "sv"})
	m = press(t, b, m, "Akut hjälp")
	if st, _ := where(t, b, m); !st.Counted {
		t.Error("a referral's buttons do not say that it was counted")
	}
	m = press(t, b, m, "Rensa")
	if st, _ := where(t, b, m); st.Counted {
		t.Error("the neutral screen's buttons say that something was counted before")
	}
}
