package discord_test

import (
	"encoding/json"
	"flag"
	"os"
	"strings"
	"testing"

	"motkraft/bot/discord"
	"motkraft/bot/discord/standin"
)

func TestConversation(t *testing.T) {
	for way := range ways {
		t.Run(way, func(t *testing.T) {
			w := newWorld(t, way, standin.Options{})
			p, other := w.Join("sv-SE"), w.Join("en-GB")
			answered(t, p.Command("support", nil))
			first := shows(t, p, "Vad gäller det?")
			if noPreview := 1 << 2; first.Flags&noPreview == 0 || len(first.Mentions) > 0 {
				t.Errorf("flags %d, mentions %v: addresses would be fetched, or people called", first.Flags, first.Mentions)
			}
			for _, step := range []string{"Jag köper sex, eller tänker på det", "Hitta samtal nära mig", "Skåne län"} {
				pressing(t, p, step)
			}
			now := shows(t, p, "020-35 40 40")
			if now.ID != first.ID || now.Edited != 3 {
				t.Errorf("message %s after %d edits, expected the first one, %s, edited three times", now.ID, now.Edited, first.ID)
			}
			if len(other.Messages()) > 0 {
				t.Errorf("another member sees %+v", other.Messages())
			}
			pressing(t, p, "In English")
			shows(t, p, "020-35 40 40")
			pressing(t, p, "Urgent help")
			shows(t, p, "112")
			pressing(t, p, "Clear")
			p.Wait("nothing left", func(m []standin.Message) bool { return len(m) == 0 })
			answered(t, p.Command("support", nil))
			shows(t, p, "Vad gäller det?")
			if errs := w.errors(); len(errs) > 0 {
				t.Errorf("failures: %v", errs)
			}
		})
	}
}

func TestCommands(t *testing.T) {
	for way := range ways {
		t.Run(way, func(t *testing.T) {
			w := newWorld(t, way, standin.Options{})
			w.Wait("the commands", func() bool { return w.Calls("PUT commands") == 1 })
			for _, c := range []struct {
				locale, name string
				options      map[string]string
				shows        string
			}{
				{"sv-SE", "support", nil, "Vad gäller det?"},
				{"en-US", "support", nil, "What is it about?"},
				{"de", "support", nil, ""}, // whatever the default is
				{"sv-SE", "support", map[string]string{"topic": "k1"}, "Vad stämmer bäst just nu?"},
				{"en-GB", "support", map[string]string{"topic": "h1"}, "112"},
				{"sv-SE", "help", nil, "Motkraft"},
				{"sv-SE", "privacy", nil, "Discord ser mer"},
				{"en-US", "privacy", nil, "Discord sees more"},
			} {
				for _, inDM := range []bool{false, true} {
					p := w.Join(c.locale)
					act := p.Command
					if inDM {
						act = p.CommandInDM
					}
					answered(t, act(c.name, c.options))
					m := shows(t, p, c.shows)
					acute := map[string]string{"sv-SE": "Akut hjälp"}[c.locale]
					if acute == "" && c.locale != "de" {
						acute = "Urgent help"
					}
					found := strings.Contains(m.Reads, "112")
					for _, b := range m.Buttons() {
						found = found || b.Label == acute || c.locale == "de"
					}
					if !found {
						t.Errorf("%s in %s has no way to acute help", c.name, c.locale)
					}
				}
			}
		})
	}
}

// The panel is for all to see and says nothing of anybody; each press opens a conversation for the presser alone, also after a restart with
// another key.
func TestPanel(t *testing.T) {
	for way := range ways {
		t.Run(way, func(t *testing.T) {
			w := newWorld(t, way, standin.Options{})
			w.Wait("the commands", func() bool { return w.Calls("PUT commands") == 1 })
			owner, p := w.JoinManager("en-US"), w.Join("sv-SE")
			answered(t, owner.Command("panel", map[string]string{"language": "sv"}))
			seen := p.Messages()
			if len(seen) != 1 || !seen[0].Public || len(seen[0].Buttons()) != 1 || seen[0].Buttons()[0].Label != "Prata privat" {
				t.Fatalf("the member sees %+v", seen)
			}
			answered(t, p.PressOn(seen[0].ID, seen[0].Buttons()[0].CustomID))
			p.Wait("the first screen", func(m []standin.Message) bool {
				return len(m) == 2 && m[1].Ephemeral && strings.Contains(m[1].Reads, "Vad gäller det?")
			})
			if now := owner.Messages(); len(now) != 1 || now[0].Edited != 0 {
				t.Errorf("the owner sees %+v", now)
			}
			if id := seen[0].Buttons()[0].CustomID; id != "motkraft:talk" {
				t.Errorf("the button's id is %q: panels that were posted before no longer work", id)
			}
			answered(t, owner.Command("panel", nil))
			if now := owner.Messages(); !strings.Contains(now[len(now)-1].Reads, "only you can see") {
				t.Errorf("without a language the owner sees %+v", now)
			}
		})
	}
}

var update = flag.Bool("update", false, "write testdata anew")

// TestRegistered holds what is shown before the conversation: the commands, and the invite link. They are registered only where they differ.
func TestRegistered(t *testing.T) {
	w := newWorld(t, "gateway", standin.Options{})
	w.Wait("the commands", func() bool { return w.Calls("PUT commands") == 1 })
	w.stop()
	var body string
	for _, c := range w.Log() {
		if c.Route == "PUT commands" {
			body = c.Body
		}
	}
	var commands any
	if err := json.Unmarshal([]byte(body), &commands); err != nil {
		t.Fatal(err)
	}
	link, err := discord.Invite(t.Context(), w.Token, w.API)
	if err != nil {
		t.Fatal(err)
	}
	got, err := json.MarshalIndent(map[string]any{"commands": commands, "invite": link}, "", "\t")
	if err != nil {
		t.Fatal(err)
	}
	const golden = "testdata/registered.json"
	if *update {
		if err := os.WriteFile(golden, append(got, '\n'), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if string(got)+"\n" != string(want) {
		t.Errorf("registered is\n%s\nexpected what %s says; -update writes it", got, golden)
	}

	w.start(t, "gateway") // a second start finds them there
	w.Wait("a look at the commands", func() bool { return w.Calls("GET commands") == 2 })
	w.stop()
	if n := w.Calls("PUT commands"); n != 1 {
		t.Errorf("registered %d times", n)
	}
	w.SetCommands(strings.NewReplacer("Talk", "Walk", "Only you", "Not only you").Replace(body))
	w.start(t, "gateway")
	w.Wait("the commands anew", func() bool { return w.Calls("PUT commands") == 2 })
}

// An invite with a token that is refused says so, and not which.
func TestInviteRefused(t *testing.T) {
	w := prepare(t, standin.Options{})
	_, err := discord.Invite(t.Context(), "wrong.wrong.wrong", w.API)
	if err == nil || !strings.Contains(err.Error(), "MOTKRAFT_DISCORD_TOKEN") || strings.Contains(err.Error(), "wrong") {
		t.Errorf("said %v", err)
	}
}
