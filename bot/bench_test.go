package bot

import (
	"context"
	"testing"

	"motkraft/flows"
)

// benched are the screens that the two benchmarks take in turn: the first one, a question, a place question, a referral with local
// services, acute help, and the neutral one.
func benched(b *testing.B, bot *Bot) (data []string, screens []Message) {
	b.Helper()
	for _, st := range []State{
		bot.engine.First("sv"),
		at("sv", "buy/unsure"),
		at("en", "sell/place"),
		{Node: flows.ID("buy/referral").Ref(), Place: 12, Lang: [2]byte{'s', 'v'}, Trail: [4]flows.Ref{flows.Welcome.Ref()}},
		at("en", flows.Acute),
		at("sv", flows.Cleared),
	} {
		d := bot.opts.Sealer.Seal(st)
		data = append(data, d)
		screens = append(screens, bot.Handle(context.Background(), Update{Data: d}))
	}
	return data, screens
}

// BenchmarkPress is the whole way of a press: open, show, render with every button sealed.
func BenchmarkPress(b *testing.B) {
	bot := newBot(b)
	data, _ := benched(b, bot)
	i := 0
	b.ReportAllocs()
	for b.Loop() {
		bot.Handle(context.Background(), Update{Data: data[i%len(data)]})
		i++
	}
}

// BenchmarkSeals is the part of it that can not be prepared: one opening, and as many seals as the same screens have.
func BenchmarkSeals(b *testing.B) {
	bot := newBot(b)
	data, screens := benched(b, bot)
	sealer := bot.opts.Sealer
	i := 0
	b.ReportAllocs()
	for b.Loop() {
		st, _ := sealer.Open(data[i%len(data)])
		for _, button := range screens[i%len(data)].Buttons {
			if button.Data != "" {
				sealer.Seal(st)
			}
		}
		i++
	}
}
