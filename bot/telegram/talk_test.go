package telegram_test

import (
	"strings"
	"testing"
	"time"

	"motkraft/bot/telegram/standin"
)

func TestConversation(t *testing.T) {
	w := newWorld(t, standin.Options{})
	p := w.Join("sv")
	act(t, p, func() int64 { return p.Start("") })
	shows(t, p, "Vad gäller det?")
	first := p.Screens()[0]
	if !first.Protected || !first.NoPreview {
		t.Errorf("protected %v, without preview %v", first.Protected, first.NoPreview)
	}
	for _, step := range []string{"Jag köper sex, eller tänker på det", "Hitta samtal nära mig", "Skåne län"} {
		act(t, p, func() int64 { return p.Press(label(t, p, step).Data) })
	}
	shows(t, p, "020-35 40 40")
	if now := p.Screens()[0]; now.ID != first.ID || now.Edits != 3 {
		t.Errorf("message %d after %d edits, expected the first one, %d, edited three times", now.ID, now.Edits, first.ID)
	}
	if b := label(t, p, "Kopiera 020354040"); b.Copy != "020354040" {
		t.Errorf("the number's button is %+v", b)
	}
	act(t, p, func() int64 { return p.Type("jag vill inte leva") })
	shows(t, p, "112 SOS Alarm")
	act(t, p, func() int64 { return p.Press(label(t, p, "In English").Data) })
	shows(t, p, "Ambulance and police")
	act(t, p, func() int64 { return p.Press(label(t, p, "Clear").Data) })
	shows(t, p, "delete the chat yourself")
	w.WaitConfirmed()
	w.Wait("the spinners end", func() bool { return p.Spinning() == 0 })
	if errs := w.errors(); len(errs) > 0 {
		t.Errorf("failures: %v", errs)
	}
}

func TestCommands(t *testing.T) {
	w := newWorld(t, standin.Options{})
	p := w.Join("en-GB")
	for _, c := range []struct{ typed, shown string }{
		{"/start", "What is it about?"},
		{"/start k1", "What fits best"},
		{"/start nonsense", "What is it about?"},
		{"/help", "Motkraft"},
		{"/privacy", "Telegram sees more"},
		{"/privacy@" + w.Username, "Telegram sees more"},
		{"/language", "Vad gäller det?"},
		{"/clear", "delete the chat yourself"},
		{"/unknown", "I did not quite get that"},
		{"Malmö", "support for Malmö"},
	} {
		act(t, p, func() int64 { return p.Type(c.typed) })
		if !p.Wait(c.typed+" shows "+c.shown, func(m []standin.Message) bool {
			return len(m) == 1 && m[0].FromBot && strings.Contains(m[0].Text, c.shown)
		}) {
			t.Errorf("%s shows %+v", c.typed, p.Screens())
		}
	}
	// What is no text gets the first screen, and goes too.
	act(t, p, func() int64 {
		return p.TypeRaw(`{"message":{"message_id":$ID,"from":$FROM,"chat":$CHAT,"date":$DATE,"sticker":{}}}`)
	})
	shows(t, p, "What is it about?")
}

// Texts sent one upon the other still leave one screen.
func TestOneScreenAfterManyTexts(t *testing.T) {
	w := newWorld(t, standin.Options{})
	p := w.Join("sv")
	var ids []int64
	for range 5 {
		ids = append(ids, p.Type("hej"), p.Type("/privacy"))
	}
	w.WaitConfirmed(ids...)
	shows(t, p, "Telegram ser mer")
}

func TestRegistersCommandsInEachLanguage(t *testing.T) {
	w := newWorld(t, standin.Options{})
	w.Wait("the last registration", func() bool { return w.ShortDescription("en") != "" })
	for lang, want := range map[string]string{"": "Byt språk", "sv": "Byt språk", "en": "Change language"} {
		commands := w.Commands("all_private_chats", lang)
		if len(commands) != 5 || commands[3].Command != "language" || commands[3].Description != want {
			t.Errorf("commands in %q: %+v", lang, commands)
		}
		if w.Description(lang) == "" {
			t.Errorf("no description in %q", lang)
		}
	}
}

// After 48 hours Telegram lets go of nothing: then the message itself is made neutral.
func TestClearOfWhatIsTooOld(t *testing.T) {
	w := newWorld(t, standin.Options{})
	p := w.Join("sv")
	act(t, p, func() int64 { return p.Start("") })
	shows(t, p, "Vad gäller det?")
	clear := label(t, p, "Rensa").Data
	w.Advance(49 * time.Hour)
	act(t, p, func() int64 { return p.Press(clear) })
	shows(t, p, "ta bort chatten själv")
	act(t, p, func() int64 { return p.Press(label(t, p, "Börja om").Data) })
	w.Advance(49 * time.Hour)
	act(t, p, func() int64 { return p.Type("/clear") })
	p.Wait("what was typed is gone", func(m []standin.Message) bool {
		return len(m) > 0 && m[len(m)-1].FromBot && strings.Contains(m[len(m)-1].Text, "ta bort chatten själv")
	})
}

func TestGroups(t *testing.T) {
	w := newWorld(t, standin.Options{})
	p := w.Join("sv")
	g := w.Group()
	ids := []int64{
		g.Say(p, "jag vill dö"), g.Say(p, "/start"), g.Say(p, "/help"), g.Say(p, "/help@another_bot"), g.Ask(p, "start"), g.Ask(p, "privacy"),
	}
	w.WaitConfirmed(ids...)
	if n := len(g.Screens()); n != 0 {
		t.Errorf("%d answers in a group to what was not for the bot", n)
	}
	w.WaitConfirmed(g.Ask(p, "help"))
	screens := g.Screens()
	if len(screens) != 1 || len(screens[0].Buttons()) != 1 || screens[0].Buttons()[0].URL != "https://t.me/"+w.Username {
		t.Errorf("the answer in a group is %+v", screens)
	}
	if len(g.Messages()) != len(ids)+2 {
		t.Errorf("%d messages in the group, expected %d: none is taken away there", len(g.Messages()), len(ids)+2)
	}
}

// A bot that could read along in groups serves nobody and says how that is mended; it ends nothing.
func TestRefusesToReadAlong(t *testing.T) {
	w := newWorld(t, standin.Options{ReadsGroups: true})
	w.Wait("word of it", func() bool { return len(w.errors()) > 1 })
	if said := w.errors()[0].Error(); !strings.Contains(said, "BotFather, /setprivacy") {
		t.Errorf("told: %q", said)
	}
	if w.Calls("getUpdates") != 0 {
		t.Error("it read all the same")
	}
	if t2 := w.telegram; !t2.Refused() || t2.Reached() {
		t.Errorf("refused: %v, reached: %v", t2.Refused(), t2.Reached())
	}
}
