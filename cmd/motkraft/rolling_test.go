package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"go.yaml.in/yaml/v3"

	discord "motkraft/bot/discord/standin"
	telegram "motkraft/bot/telegram/standin"
)

// probing is how often Kubernetes asks a pod whether it is ready.
type probing struct {
	Period int `yaml:"periodSeconds"`
	Misses int `yaml:"failureThreshold"`
}

// manifestEnviron gives the environment of a pod of kubernetes.yaml, with the files of these secrets, and how it is probed.
func manifestEnviron(t *testing.T, secrets map[string]string) (environ []string, ready probing) {
	t.Helper()
	const folder = "/secrets/"
	dir := t.TempDir()
	for name, secret := range secrets {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(secret), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	documents := yaml.NewDecoder(bytes.NewReader(readFile(t, "deploy/kubernetes.yaml")))
	for {
		var d struct {
			Kind string
			Data map[string]string
			Spec struct {
				Template struct {
					Spec struct {
						Containers []struct {
							Env            []struct{ Name, Value string }
							ReadinessProbe probing `yaml:"readinessProbe"`
						}
					}
				}
			}
		}
		if err := documents.Decode(&d); err == io.EOF {
			return environ, ready
		} else if err != nil {
			t.Fatal(err)
		}
		for name, value := range d.Data {
			environ = append(environ, name+"="+value)
		}
		if d.Kind != "Deployment" {
			continue
		}
		ready = d.Spec.Template.Spec.Containers[0].ReadinessProbe
		for _, e := range d.Spec.Template.Spec.Containers[0].Env {
			environ = append(environ, e.Name+"="+strings.Replace(e.Value, folder, dir+"/", 1))
		}
	}
}

// Three replicas with the settings of kubernetes.yaml are changed for new ones, one after the other, while people talk on every channel: no press
// fails, and every conversation goes on at another replica.
func TestRollingRestart(t *testing.T) {
	tg, dc := telegram.New(t, telegram.Options{}), discord.New(t, discord.Options{})
	environ, ready := manifestEnviron(t, map[string]string{
		"key": "Y2FuYXJ5LWtleS1vZi10aGlydHktdHdvLWJ5dGVzISE=", "telegram-token": tg.Token, "telegram-webhook-secret": "canary", "discord-token": dc.Token,
		"webhook-secrets": hookSecret, "counts": filepath.Join(t.TempDir(), "counts.json"),
	})
	environ = append(environ, "MOTKRAFT_TELEGRAM_API="+tg.URL, "MOTKRAFT_DISCORD_API="+dc.API, "MOTKRAFT_DISCORD_PUBLIC_KEY="+dc.PublicKey)
	b := newBalancer(t, time.Duration(ready.Period)*time.Second, ready.Misses)
	tg.ForwardWebhook(b.URL)
	dc.Forward(b.URL + "/discord")
	var olds, news []*replica
	for i := range 3 {
		olds = append(olds, b.add(t, fmt.Sprint("old ", i), environ))
	}
	tg.Wait("the webhook", func() bool { return tg.WebhookURL() != "" })

	// A new one meets its platforms late: until then nothing may be sent to it.
	var tgAway, dcAway atomic.Int64
	tg.Fail(func(c telegram.Call) *telegram.Fault {
		if c.Method == "getMe" && tgAway.Add(-1) >= 0 {
			return &telegram.Fault{Kind: telegram.Drop}
		}
		return nil
	})
	dc.Fail(func(c discord.Call) *discord.Fault {
		if c.Route == "GET application" && dcAway.Add(-1) >= 0 {
			return &discord.Fault{Kind: discord.Drop}
		}
		return nil
	})

	l := &load{b: b, t: t, tg: tg, dc: dc}
	l.begin()
	l.pass()
	for i, old := range olds {
		tgAway.Store(3)
		dcAway.Store(3)
		news = append(news, b.add(t, fmt.Sprint("new ", i), environ))
		l.pass()
		old.understood(t)
		old.stop()
		if code := <-old.code; code != exitOK {
			t.Errorf("%s ended with %d", old.name, code)
		}
		l.pass()
	}
	l.end()
	for _, r := range news {
		r.understood(t)
		r.stop()
		<-r.code
	}
	b.change(func() {
		for _, failure := range b.failures {
			t.Error(failure)
		}
		t.Logf("%d requests, %d failed", b.requests, len(b.failures))
	})
	if v := append(tg.Violations(), dc.Violations()...); len(v) > 0 {
		t.Errorf("calls that no correct program makes: %q", v)
	}
}

// load is people who talk until they are told to stop.
type load struct {
	t      *testing.T
	b      *balancer
	tg     *telegram.Server
	dc     *discord.Server
	people []*walker
	all    sync.WaitGroup
	ending atomic.Bool
}

// walker is somebody who talks. Each step gives the replica that answered, "" where that can not be told.
type walker struct {
	what          string
	step          func() (string, error)
	steps, others int // others: at another replica than the step before
}

func (l *load) begin() {
	for i := range 4 {
		l.talk("the webhook", l.onWebhook(uint64(i)))
		l.talk("the page", l.onPage())
		l.talk("telegram", l.onTelegram())
		l.talk("discord", l.onDiscord())
	}
}

func (l *load) talk(what string, step func() (string, error)) {
	w := &walker{what: what, step: step}
	l.people = append(l.people, w)
	l.all.Go(func() {
		last := ""
		for !l.ending.Load() {
			at, err := w.step()
			if err != nil {
				l.b.fail("on %s: %v", what, err)
			}
			l.b.change(func() {
				w.steps++
				if at != last && last != "" {
					w.others++
				}
			})
			last = at
			time.Sleep(10 * time.Millisecond) // a person reads
		}
	})
}

// pass lets everybody go three steps, which is as many as there are replicas.
func (l *load) pass() {
	var before []int
	l.b.change(func() {
		for _, w := range l.people {
			before = append(before, w.steps)
		}
	})
	l.b.wait(func() bool {
		for i, w := range l.people {
			if w.steps < before[i]+3 {
				return false
			}
		}
		return true
	})
}

func (l *load) end() {
	l.ending.Store(true)
	l.all.Wait()
	for _, w := range l.people {
		if w.what != "the page" && w.others == 0 {
			l.t.Errorf("a conversation on %s stayed at one replica for %d steps", w.what, w.steps)
		}
	}
}

func (l *load) onWebhook(seed uint64) func() (string, error) {
	random := rand.New(rand.NewPCG(seed, 1))
	update := map[string]string{"lang": "sv"}
	return func() (string, error) {
		answer, err := http.DefaultClient.Do(hookRequest(l.t, l.b.URL, update))
		if err != nil {
			return "", err
		}
		defer answer.Body.Close()
		var got struct{ Messages []hookScreen }
		if err := json.NewDecoder(answer.Body).Decode(&got); err != nil || len(got.Messages) != 1 {
			return "", fmt.Errorf("no screen: %v", err)
		}
		var data []string
		for _, b := range got.Messages[0].Buttons {
			if b.Data != "" {
				data = append(data, b.Data)
			}
		}
		update = map[string]string{"lang": "sv", "data": data[random.IntN(len(data))]}
		return answer.Header.Get("Replica"), nil
	}
}

func (l *load) onPage() func() (string, error) {
	return func() (string, error) {
		for _, path := range []string{"/", "/screens.sv.json"} {
			answer, err := http.Get(l.b.URL + path)
			if err != nil {
				return "", err
			}
			n, err := io.Copy(io.Discard, answer.Body)
			answer.Body.Close()
			if err != nil || n == 0 {
				return "", fmt.Errorf("%d bytes, %v", n, err)
			}
		}
		return "", nil
	}
}

func (l *load) onTelegram() func() (string, error) {
	p := l.tg.Join("sv")
	who := fmt.Sprintf(`"id":%d,`, p.ID)
	l.b.follow(who)
	do := func() { p.Start("k1") }
	return func() (string, error) {
		before := p.Answers()
		do()
		p.WaitAnswers(before)
		do = func() { p.PressButton(0) }
		return l.b.last(who), nil
	}
}

func (l *load) onDiscord() func() (string, error) {
	p := l.dc.Join("sv-SE")
	who := fmt.Sprintf("%q", p.ID)
	l.b.follow(who)
	do := func() *discord.Act { return p.Command("support", nil) }
	return func() (string, error) {
		act := do()
		if status := act.Wait(); status != discord.Answered {
			return "", fmt.Errorf("%v: %s", status, act.Why())
		}
		do = func() *discord.Act { return p.PressButton(0) }
		return l.b.last(who), nil
	}
}
