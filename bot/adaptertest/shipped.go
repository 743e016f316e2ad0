package adaptertest

import (
	"bytes"
	"context"
	"testing"

	"motkraft/bot"
	"motkraft/flows"
	"motkraft/locales"
)

// Shipped makes the bot with the content that ships, and a key that outlives it: two of them open each other's buttons. failed is told of
// deliveries that failed.
func Shipped(tb testing.TB, failed func(error)) *bot.Bot {
	tb.Helper()
	set, problems := flows.Load(flows.Embedded)
	catalog, more := locales.Load(locales.Embedded, set.Campaign.Language)
	if err := append(problems, more...).Err(); err != nil {
		tb.Fatal(err)
	}
	sealer, err := bot.NewSealer(bytes.Repeat([]byte("k"), 32))
	if err != nil {
		tb.Fatal(err)
	}
	b, err := bot.New(set, catalog, bot.Options{Sealer: sealer, Failed: func(_ context.Context, err error) { failed(err) }})
	if err != nil {
		tb.Fatal(err)
	}
	return b
}
