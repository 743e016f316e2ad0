package main

import (
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	discord "motkraft/bot/discord/standin"
	telegram "motkraft/bot/telegram/standin"
)

// actor is a channel in a test of the whole program: its platform, and people on it. Every channel of the list has one, so that none is left out
// where it is looked at what remains of people, and at whether a rolling restart costs them a press.
type actor struct {
	environ func(byHTTP bool) []string       // what the program is configured with, beside the secrets
	secrets map[string]string                // by the name of their file in deploy/kubernetes.yaml
	meet    func(public string, byHTTP bool) // told where the program is; waits until it and the platform have met

	talk    func(p *people, i int) // what the i-th of a thousand people does
	trouble func(p *people) bool   // from now on the platform makes trouble; false where it has none to make
	hold    func(p *people, n int) // puts n people in hand, whose answers hang, and waits until they are
	settle  func()                 // waits until all that was done is answered or given up
	known   func() []string        // what else people can be known by

	walk func(l *load, i int) func() (replica string, err error) // one of a few people who go on talking, step by step
	away func(times int)                                         // so often the platform does not answer a program that comes to meet it

	wrong func() []string // calls that no correct program makes
}

// actors are how each channel is acted on, by its name.
var actors = map[string]func(*testing.T) actor{
	"web":      webActor,
	"telegram": telegramActor,
	"discord":  discordActor,
	"webhook":  webhookActor,
}

// unacted gives the channels that have no actor.
func (l channelList) unacted() (names []string) {
	for _, c := range l {
		if actors[c.Name] == nil {
			names = append(names, c.Name)
		}
	}
	return names
}

// acted makes the actors of all channels, in the list's order.
func acted(t *testing.T, l channelList) (all []actor) {
	t.Helper()
	if missing := l.unacted(); len(missing) > 0 {
		t.Fatalf("nobody acts on the channels %q: what remains of people there is not looked at", missing)
	}
	for _, c := range l {
		all = append(all, actors[c.Name](t))
	}
	return all
}

// environOf is what the program is configured with for all of them, secrets included.
func environOf(actors []actor, byHTTP bool) (environ []string) {
	for _, a := range actors {
		environ = append(environ, a.environ(byHTTP)...)
		for name, secret := range a.secrets {
			environ = append(environ, prefix+strings.ToUpper(strings.ReplaceAll(name, "-", "_"))+"="+secret)
		}
	}
	return environ
}

// called is an actor whose channel has no platform: it is called.
func called(talk func(*people, int), hold func(*people, int), walk func(*load, int) func() (string, error)) actor {
	return actor{
		environ: func(bool) []string { return nil },
		meet:    func(string, bool) {},
		talk:    talk,
		hold:    hold,
		trouble: func(*people) bool { return false },
		settle:  func() {},
		known:   func() []string { return nil },
		walk:    walk,
		away:    func(int) {},
		wrong:   func() []string { return nil },
	}
}

func webActor(*testing.T) actor {
	return called((*people).onPage, (*people).heldOnPage, func(l *load, _ int) func() (string, error) { return l.onPage() })
}

func webhookActor(*testing.T) actor {
	a := called((*people).onWebhook, (*people).heldOnWebhook, func(l *load, i int) func() (string, error) { return l.onWebhook(uint64(i)) })
	a.secrets = map[string]string{"webhook-secrets": hookSecret}
	return a
}

func telegramActor(t *testing.T) actor {
	tg := telegram.New(t, telegram.Options{})
	return actor{
		environ: func(byHTTP bool) []string {
			env := []string{"MOTKRAFT_TELEGRAM_API=" + tg.URL}
			if byHTTP {
				env = append(env, "MOTKRAFT_TELEGRAM_WEBHOOK_URL=https://canary.example.se/telegram")
			}
			return env
		},
		secrets: map[string]string{"telegram-token": tg.Token, "telegram-webhook-secret": "canary_secret"},
		meet: func(public string, byHTTP bool) {
			if byHTTP {
				tg.ForwardWebhook(public)
				tg.Wait("the webhook", func() bool { return tg.WebhookURL() != "" })
			}
		},
		talk: func(p *people, i int) { p.onTelegram(tg, i) },
		trouble: func(p *people) bool {
			tg.Fail(p.telegramTrouble)
			return true
		},
		hold: func(p *people, n int) {
			tg.Fail(func(c telegram.Call) *telegram.Fault {
				if c.Method == "sendMessage" {
					return &telegram.Fault{Kind: telegram.Hang}
				}
				return nil
			})
			for range n {
				who := tg.Join("sv")
				who.Start("")
				p.seenID(uint64(who.ID))
			}
			tg.Wait("all of them in hand", func() bool { return tg.Calls("sendMessage") >= n })
		},
		settle: func() { tg.WaitConfirmed() },
		known:  tg.Canaries,
		walk:   func(l *load, _ int) func() (string, error) { return l.onTelegram(tg) },
		away: func(times int) {
			var left atomic.Int64
			left.Store(int64(times))
			tg.Fail(func(c telegram.Call) *telegram.Fault {
				if c.Method == "getMe" && left.Add(-1) >= 0 {
					return &telegram.Fault{Kind: telegram.Drop}
				}
				return nil
			})
		},
		wrong: tg.Violations,
	}
}

func discordActor(t *testing.T) actor {
	dc := discord.New(t, discord.Options{})
	return actor{
		environ: func(byHTTP bool) []string {
			env := []string{"MOTKRAFT_DISCORD_API=" + dc.API}
			if byHTTP {
				env = append(env, "MOTKRAFT_DISCORD_PUBLIC_KEY="+dc.PublicKey)
			}
			return env
		},
		secrets: map[string]string{"discord-token": dc.Token},
		meet: func(public string, byHTTP bool) {
			if byHTTP {
				dc.Forward(public + "/discord")
			} else {
				dc.Gateway().WaitReady()
			}
		},
		talk: func(p *people, i int) { p.onDiscord(dc, i) },
		trouble: func(p *people) bool {
			dc.Fail(p.discordTrouble)
			return true
		},
		hold: func(p *people, n int) {
			dc.Fail(func(c discord.Call) *discord.Fault {
				if c.Route == "POST callback" {
					return &discord.Fault{Kind: discord.Hang}
				}
				return nil
			})
			for range n {
				who := dc.Join("sv-SE")
				who.Command("support", nil)
				id, err := strconv.ParseUint(who.ID, 10, 64)
				if err != nil {
					p.t.Error(err)
				}
				p.seenID(id)
			}
			dc.Wait("all of them in hand", func() bool { return dc.Calls("POST callback") >= n })
		},
		settle: func() { dc.Settle() },
		known:  dc.Canaries,
		walk:   func(l *load, _ int) func() (string, error) { return l.onDiscord(dc) },
		away: func(times int) {
			var left atomic.Int64
			left.Store(int64(times))
			dc.Fail(func(c discord.Call) *discord.Fault {
				if c.Route == "GET application" && left.Add(-1) >= 0 {
					return &discord.Fault{Kind: discord.Drop}
				}
				return nil
			})
		},
		wrong: dc.Violations,
	}
}
