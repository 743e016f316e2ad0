package telegram_test

import (
	"testing"
	"time"

	"motkraft/bot/adaptertest"
	"motkraft/bot/telegram"
	"motkraft/bot/telegram/standin"
)

// Every screen of the content that ships, in each language, comes through Telegram whole: sent and edited, without a call that the platform
// would refuse.
func TestEveryScreen(t *testing.T) {
	b := adaptertest.Shipped(t, func(error) {})
	screens := adaptertest.Screens(t, b, b.Languages())
	const least = 200 // a hundred nodes, two languages
	if len(screens) < least {
		t.Fatalf("%d screens, expected at least %d", len(screens), least)
	}
	server := newServer(t, standin.Options{})
	adaptertest.EveryScreen(t, &adaptertest.Stage{
		Adapter: telegram.New(options(server)),
		Join: func(tb testing.TB, lang string) adaptertest.Person {
			return &person{tb: tb, server: server, Person: server.Join(lang)}
		},
		Refuse:   func(int) {},
		Canaries: server.Canaries,
		Grace:    20 * time.Second,
	}, screens)
	t.Logf("%d screens", len(screens))
}
