package bot

import (
	"strings"
	"testing"
	"time"

	"motkraft/flows"
)

func TestPartText(t *testing.T) {
	for text, want := range map[string]parted{
		"En mening.":                      {"En mening.", ""},
		"En mening. En till.\n\nEn rad.":  {"En mening.", "En till.\n\nEn rad."},
		"Är det bråttom? Ring 112.":       {"Är det bråttom?", "Ring 112."},
		"Du får vila, t.ex. här. Sedan.":  {"Du får vila, t.ex. här.", "Sedan."},
		"Ring 112.\n\nVänta.":             {"Ring 112.", "Vänta."},
		"Säg: ”Hjälp.” Vänta.":            {"Säg: ”Hjälp.”", "Vänta."},
		"Klockan 08.30 öppnar de. Vänta.": {"Klockan 08.30 öppnar de.", "Vänta."},
		"هل أنت بخير؟ اتصل.":              {"هل أنت بخير؟", "اتصل."},
		"Ingen punkt\n\nEn rad till":      {"Ingen punkt\n\nEn rad till", ""},
		"":                                {"", ""},
	} {
		if got := partText(text); got != want {
			t.Errorf("%q is parted into %q, expected %q", text, got, want)
		}
	}
}

// The first way to reach somebody stands behind one sentence, on every screen with services, in every language and place; what they do and all else
// comes behind it.
func TestCallFirst(t *testing.T) {
	b := newBot(t)
	now := time.Date(2026, 11, 24, 10, 30, 0, 0, b.set.Campaign.Zone)
	seen := 0
	for _, lang := range b.catalog.Languages() {
		for _, n := range b.set.Nodes {
			if n.Refer == nil {
				continue
			}
			for _, at := range b.set.Distinct() {
				st := State{Node: n.Ref, Place: at}.in(lang)
				screen := b.engine.show(b.engine.resolve(st), now, nil)
				w := b.render.langs[st.Lang]
				first := w.cardsOf(screen)[screen.offers[0].service.Index]
				head := w.labels[heads[screen.offers[0].rank]]
				want := strings.Join([]string{w.parts[screen.text].first, head, first.name + "\n" + first.reaches[0].line}, "\n\n")
				if text := w.text(screen, "", now); !strings.HasPrefix(text, want) {
					t.Fatalf("%s, %s at %d begins with\n%.300s\nexpected\n%s", n.ID, lang, at, text, want)
				}
				seen++
			}
		}
	}
	if seen < 1000 {
		t.Errorf("only %d screens looked at", seen)
	}
}

// A question of a flow that has somebody near leads there by a button of its own, where none of its options does: whoever wants to stop is never
// more than two presses from a place.
func TestEveryQuestionLeadsNear(t *testing.T) {
	b := newBot(t)
	questions := 0
	for _, n := range b.set.Nodes {
		if n.Near == nil || n.Near == n || n.Refer != nil || n.Ask != nil {
			continue
		}
		questions++
		leads := 0
		for _, button := range b.Handle(t.Context(), Update{Data: b.opts.Sealer.Seal(State{Node: n.Ref}.in("sv"))}).Buttons {
			if st, ok := b.opts.Sealer.Open(button.Data); button.Kind == Option && ok && st.Node == n.Near.Ref {
				leads++
			}
		}
		if leads != 1 {
			t.Errorf("%s: %d options lead to %s, expected one", n.ID, leads, n.Near.ID)
		}
	}
	if questions < 10 {
		t.Errorf("only %d questions looked at", questions)
	}
	if n := b.set.Node(flows.Welcome); n.Find != nil {
		t.Error("the first screen leads near, and knows not what for")
	}
}
