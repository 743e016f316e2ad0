package bot

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"motkraft/flows"
)

// moments are a weekday's forenoon, a Saturday night and Christmas Eve.
var moments = []time.Time{
	time.Date(2026, time.November, 24, 9, 30, 0, 0, time.UTC),
	time.Date(2026, time.November, 28, 22, 0, 0, 0, time.UTC),
	time.Date(2026, time.December, 24, 14, 0, 0, 0, time.UTC),
}

// Whoever said a place is shown who is made for it and for them before every line of the country, at any hour, whether it answers then or
// not. Only the emergency number stands before that.
func TestNearComesFirst(t *testing.T) {
	b := newBot(t)
	seen := 0
	for _, n := range b.set.Nodes {
		if n.Refer == nil {
			continue
		}
		for _, at := range append(b.set.Places.All(), 0, flows.Elsewhere) {
			for _, now := range moments {
				ranked := offers(n.Refer.At(at), now)
				seen += len(ranked)
				near := slices.ContainsFunc(ranked, offer.near)
				for i, o := range ranked {
					if i > 0 && ranked[i-1].rank > o.rank {
						t.Fatalf("%s in %q at %s: %s before %s", n.ID, b.set.Places.Name(at), now, ranked[i-1].service.ID, o.service.ID)
					}
					want := later
					switch {
					case o.service.Local():
						want = 1
					case o.service.ID == "sos-112" && near:
						want = 0
					case o.service.OpenAt(now):
						want = 2
					}
					if o.rank != want {
						t.Fatalf("%s in %q at %s: %s is of rank %d, expected %d", n.ID, b.set.Places.Name(at), now, o.service.ID, o.rank, want)
					}
				}
			}
		}
	}
	if seen < 10_000 {
		t.Errorf("only %d offers looked at", seen)
	}
}

// What a screen of the directory says of who is near: each group under its heading, and that nobody near is sure to answer.
func TestNearIsSaid(t *testing.T) {
	b := newBot(t)
	say := func(key string) string { return b.catalog.Say("sv", key) }
	st := at("sv", "buy/referral")
	for _, c := range []struct {
		place flows.Place
		want  []string // in this order
		not   []string
	}{
		{1480, []string{say(keyNear), "Kast Göteborg", say(keyUnsure), say(keyOpen), "1177"}, []string{none(b, "buy/referral")}},
		{2584, []string{say(keyOpen), "1177", none(b, "buy/referral")}, []string{say(keyNear), say(keyUnsure)}},
		{flows.Elsewhere, []string{say(keyOpen), none(b, "buy/referral")}, []string{say(keyNear), say(keyUnsure)}},
		{0, []string{say(keyOpen)}, []string{none(b, "buy/referral"), say(keyNear), say(keyUnsure)}},
	} {
		st.Place = c.place
		text := b.Handle(context.Background(), Update{Data: b.opts.Sealer.Seal(st)}).Text
		rest := text
		for _, want := range c.want {
			_, after, ok := strings.Cut(rest, want)
			if !ok {
				t.Errorf("place %d: no %q where it was expected in\n%s", c.place, want, text)
			}
			rest = after
		}
		for _, not := range c.not {
			if strings.Contains(text, not) {
				t.Errorf("place %d: says %q, expected nothing of it:\n%s", c.place, not, text)
			}
		}
	}
}

func none(b *Bot, id flows.ID) string {
	if b.catalog.Has("sv", noneKey(id)) {
		return b.catalog.Say("sv", noneKey(id))
	}
	return b.catalog.Say("sv", keyNone)
}

// "Elsewhere" answers the question that was asked and no other: its buttons lead to the referral, and the next question is asked all the same.
func TestElsewhereAnswersOneQuestion(t *testing.T) {
	b := newBot(t)
	m := b.Handle(context.Background(), Update{Data: b.opts.Sealer.Seal(at("sv", "buy/place"))})
	m = press(t, b, m, b.catalog.Say("sv", keyElsewhere))
	if st, id := where(t, b, m); id != "buy/referral" || st.Place != flows.Elsewhere {
		t.Fatalf("elsewhere leads to %s with place %d", id, st.Place)
	}
	st := at("sv", "sell/start")
	st.Place = flows.Elsewhere
	if to := b.engine.enter(st, "sell/place"); to.at.node.ID != "sell/place" {
		t.Errorf("elsewhere was taken for an answer to another question: %s", to.at.node.ID)
	}
}

// Whoever is exploited, controlled or under 18 never reads of a service that it is for those who buy sex, wherever they are and in every language.
func TestEachAudienceReadsItsOwn(t *testing.T) {
	b := newBot(t)
	buyers := map[string][]string{"sv": {"köper sex", "köpt sex", "köpa sex", "sexköp"}, "en": {"buy sex", "buys sex", "bought sex", "buying sex"}}
	seen := 0
	for _, n := range b.set.Nodes {
		if n.Refer == nil || !slices.Contains(b.set.Campaign.Exposed, n.Refer.To) {
			continue
		}
		for lang, words := range buyers {
			cards := b.render.langs[State{}.in(lang).Lang].cards[n.Refer.To]
			for _, s := range n.Refer.Services() {
				seen++
				for _, word := range words {
					if strings.Contains(strings.ToLower(cards[s.Index].about), word) {
						t.Errorf("%s: %s says of %s in %s: %s", n.Refer.Pos, n.ID, s.ID, lang, cards[s.Index].about)
					}
				}
			}
		}
	}
	if seen < 100 {
		t.Errorf("only %d cards looked at", seen)
	}
}
