package adaptertest

import (
	"slices"
	"strings"
	"testing"

	"motkraft/bot"
)

// Room is a place on the platform where one person acts and others read along: a group chat, a channel of a server. Each act returns once the
// adapter is done with it, as far as the platform can tell. A room has one kind of act at least.
type Room struct {
	// Type says something there; nil where the platform passes nothing on that is said there.
	Type func(text string)

	// Press presses a button with this data there, whether one is shown or not; nil where the platform has no buttons there.
	Press func(data string)

	// Acts are what else there is to do there, each once: a command that calls the bot by name, a button that the adapter itself puts there.
	Acts []func()

	// Seen gives all that the bot has shown there that others can see or have seen. Required.
	Seen func() []Shown
}

// keepsRoomsSilent: whatever a person types or presses in a room, others there see nothing of a screen, no button that leads into the
// conversation, and nothing of who did it and what. The bot stays silent there, or says something neutral, or answers the person privately;
// which of these, the suite does not ask. The private conversation goes on as if nothing had been.
func keepsRoomsSilent(tb testing.TB, stage *Stage) {
	if stage.Room == nil {
		tb.Skip("nobody can meet the bot in a room here")
	}
	confidential := bot.Message{
		Text: "Förtroligt: här finns någon att tala med.\nDu får vara anonym hos oss.",
		Lang: "sv",
		Buttons: []bot.Button{
			{Label: "Förtrolig webbplats", URL: "https://example.org/confidential", Kind: bot.Contact},
			way("Förtroligt vägval", "confidentialWay"),
			{Label: "Förtrolig hjälp nu", Data: "confidentialHelp", Kind: bot.Standing},
		},
	}
	p := start(tb, stage, func(bot.Update) bot.Message { return confidential })
	known := p.arrive("sv", confidential)
	p.staysPrivate(known, confidential)
	known.Press(0)
	p.sees(known, confidential)

	stranger := p.join("sv") // has not spoken to the bot in private yet
	p.staysPrivate(stranger, confidential)
	stranger.Arrive()
	p.sees(stranger, confidential)
}

// What a person might say to the bot in a room by mistake. Which commands there are, the bot may say openly; what else was said, it may not.
var (
	saidInRoom     = []string{"jag har köpt sex och vill sluta", "hjälp mig därifrån", "hemlig-dörr"}
	commandsInRoom = []string{"/start", "/start hemlig-dörr", "/help", "/privacy"}
)

// staysPrivate lets a person do all that there is to do in a room, and looks at it with others' eyes after each act.
func (p *play) staysPrivate(person Person, screen bot.Message) {
	p.tb.Helper()
	room := p.stage.Room(p.tb, person)
	if room.Seen == nil || room.Type == nil && room.Press == nil && len(room.Acts) == 0 {
		p.tb.Fatal("the room lacks Seen, or all kinds of acts: nothing can be found in it")
	}
	secrets := append(secretsOf(screen), saidInRoom...)
	var acts []func()
	if room.Type != nil {
		for _, text := range slices.Concat(saidInRoom, commandsInRoom) {
			acts = append(acts, func() { room.Type(text) })
		}
	}
	if room.Press != nil {
		for _, b := range screen.Buttons {
			if b.Data != "" {
				acts = append(acts, func() { room.Press(b.Data) })
			}
		}
	}
	for _, act := range append(acts, room.Acts...) {
		act()
		p.showsNone(room, secrets)
	}
	within(aWhile, func() bool { p.showsNone(room, secrets); return false })
}

// showsNone fails the case for the first thing that others in the room can read and must not.
func (p *play) showsNone(room Room, secrets []string) {
	p.tb.Helper()
	for _, s := range room.Seen() {
		parts := []string{s.Text}
		for _, b := range s.Buttons {
			parts = append(parts, b.Label, b.Data, b.URL, b.Copy)
		}
		shown := strings.Join(parts, "\n")
		for _, secret := range slices.Concat(p.stage.Canaries(), secrets) {
			if len(secret) >= minCanary && holds(shown, secret) {
				p.tb.Fatalf("others in the room can see %s, in %s", short(secret), short(shown))
			}
		}
	}
}

// secretsOf is all that can be read on a screen, and where its buttons lead.
func secretsOf(m bot.Message) []string {
	out := strings.Split(m.Text, "\n")
	for _, b := range m.Buttons {
		out = append(out, b.Label, b.Data, b.URL)
	}
	return out
}
