package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
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

	"motkraft/bot/channel"
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
	list := channels()
	actors := acted(t, list)
	secrets := map[string]string{"key": "Y2FuYXJ5LWtleS1vZi10aGlydHktdHdvLWJ5dGVzISE=", "counts": filepath.Join(t.TempDir(), "counts.json")}
	for _, a := range actors {
		maps.Copy(secrets, a.secrets)
	}
	environ, ready := manifestEnviron(t, secrets)
	for _, a := range actors {
		environ = append(environ, a.environ(true)...)
	}
	b := newBalancer(t, time.Duration(ready.Period)*time.Second, ready.Misses)
	var olds, news []*replica
	for i := range 3 {
		olds = append(olds, b.add(t, fmt.Sprint("old ", i), environ))
	}
	for _, a := range actors {
		a.meet(b.URL, true)
	}
	l := &load{b: b, t: t, list: list, actors: actors}
	l.begin()
	l.pass()
	for i, old := range olds {
		for _, a := range actors {
			a.away(3) // a new one meets its platforms late: until then nothing may be sent to it
		}
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
	for _, a := range actors {
		if v := a.wrong(); len(v) > 0 {
			t.Errorf("calls that no correct program makes: %q", v)
		}
	}
}

// load is people who talk until they are told to stop.
type load struct {
	t      *testing.T
	b      *balancer
	list   channelList
	actors []actor
	people []*walker
	all    sync.WaitGroup
	ending atomic.Bool
}

// walker is somebody who talks. Each step gives the replica that answered, "" where that cannot be told.
type walker struct {
	channel       channel.Channel
	step          func() (string, error)
	steps, others int // others: at another replica than the step before
}

func (l *load) begin() {
	for i := range 4 {
		for n, a := range l.actors {
			l.talk(l.list[n], a.walk(l, i))
		}
	}
}

func (l *load) talk(on channel.Channel, step func() (string, error)) {
	w := &walker{channel: on, step: step}
	l.people = append(l.people, w)
	l.all.Go(func() {
		last := ""
		for !l.ending.Load() {
			at, err := w.step()
			if err != nil {
				l.b.fail("on %s: %v", on.Name, err)
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
		if w.channel.Open != nil && w.others == 0 {
			l.t.Errorf("a conversation on %s stayed at one replica for %d steps", w.channel.Name, w.steps)
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

func (l *load) onTelegram(tg *telegram.Server) func() (string, error) {
	p := tg.Join("sv")
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

func (l *load) onDiscord(dc *discord.Server) func() (string, error) {
	p := dc.Join("sv-SE")
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
