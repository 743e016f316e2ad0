package main

import (
	"strings"
	"testing"

	"motkraft/bot/discord/standin"
)

// The whole program on Discord, by either way, to its end: the person is answered, and no line of the log holds anything of them.
func TestServeDiscord(t *testing.T) {
	for _, way := range []string{"gateway", "http"} {
		t.Run(way, func(t *testing.T) {
			platform := standin.New(t, standin.Options{})
			env := []string{"MOTKRAFT_DISCORD_TOKEN=" + platform.Token, "MOTKRAFT_DISCORD_API=" + platform.API}
			if way == "http" {
				env = append(env, "MOTKRAFT_DISCORD_PUBLIC_KEY="+platform.PublicKey)
			}
			r := start(t, env...)
			if way == "http" {
				platform.Forward(r.public + "/discord")
				platform.Wait("the start", func() bool { return platform.Calls("GET commands") > 0 })
			} else {
				platform.Gateway().WaitReady()
			}
			p := platform.Join("en-US")
			act := p.Command("support", map[string]string{"topic": "m1"})
			if act.Wait() != standin.Answered || !strings.Contains(p.Messages()[0].Reads, "want to do something") {
				t.Errorf("the topic is %v (%s) and shows %+v", act.Status(), act.Why(), p.Messages())
			}
			r.stop()
			if code := <-r.code; code != exitOK {
				t.Errorf("ended with %d", code)
			}
			for _, canary := range platform.Canaries() {
				if strings.Contains(r.log.String(), canary) {
					t.Errorf("the log holds %q:\n%s", canary, r.log)
				}
			}
			if v := platform.Violations(); len(v) > 0 {
				t.Errorf("calls that no correct program makes: %q", v)
			}
		})
	}
}

// A token that Discord refuses is told of with its cure, shows as such in /readyz, and leaves the web be.
func TestRefusedDiscordLeavesTheWeb(t *testing.T) {
	platform := standin.New(t, standin.Options{})
	r := start(t, "MOTKRAFT_DISCORD_TOKEN=canary.canary.canary", "MOTKRAFT_DISCORD_API="+platform.API)
	platform.Wait("word of it", func() bool {
		ready, channels := readiness(t, r.admin)
		return ready && channels["discord"] == stateRefused && strings.Contains(r.log.String(), "there is trouble on a channel")
	})
	if log := r.log.String(); !strings.Contains(log, "MOTKRAFT_DISCORD_TOKEN") || strings.Contains(log, "canary") {
		t.Errorf("the log says:\n%s", log)
	}
	if got := status(t, r.public+"/"); got != 200 {
		t.Errorf("the web gives %d", got)
	}
	r.stop()
	<-r.code
}

func TestDiscordFaults(t *testing.T) {
	w, log := newWorld(t.Context(),
		"MOTKRAFT_DISCORD_TOKEN=canary", "MOTKRAFT_DISCORD_API=nonsense", "MOTKRAFT_DISCORD_PUBLIC_KEY=canary")
	if code := w.run([]string{"serve"}); code != exitUsage {
		t.Errorf("ended with %d", code)
	}
	for _, want := range []string{
		"MOTKRAFT_DISCORD_TOKEN is no token", "MOTKRAFT_DISCORD_API is no address", "MOTKRAFT_DISCORD_PUBLIC_KEY is no key",
	} {
		if !strings.Contains(log.String(), want) {
			t.Errorf("nothing says %q:\n%s", want, log)
		}
	}
	if strings.Contains(log.String(), "canary") {
		t.Errorf("a secret is told:\n%s", log)
	}
	w, log = newWorld(t.Context(), "MOTKRAFT_DISCORD_PUBLIC_KEY="+strings.Repeat("0", 64))
	if code := w.run([]string{"serve"}); code != exitUsage || !strings.Contains(log.String(), "without MOTKRAFT_DISCORD_TOKEN") {
		t.Errorf("ended with %d:\n%s", code, log)
	}
}

func TestDiscordInvite(t *testing.T) {
	platform := standin.New(t, standin.Options{})
	w, log := newWorld(t.Context(), "MOTKRAFT_DISCORD_TOKEN="+platform.Token, "MOTKRAFT_DISCORD_API="+platform.API)
	var out strings.Builder
	w.out = &out
	if code := w.run([]string{"discord-invite"}); code != exitOK {
		t.Fatalf("ended with %d:\n%s", code, log)
	}
	if want := "https://discord.com/oauth2/authorize?client_id=" + platform.AppID + "&scope=applications.commands\n"; out.String() != want {
		t.Errorf("printed %q, expected %q", out.String(), want)
	}
	w, log = newWorld(t.Context())
	if code := w.run([]string{"discord-invite"}); code != exitUsage || !strings.Contains(log.String(), "MOTKRAFT_DISCORD_TOKEN is not set") {
		t.Errorf("ended with %d:\n%s", code, log)
	}
}
