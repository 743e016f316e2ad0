package main

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"strings"
	"testing"

	dto "github.com/prometheus/client_model/go"

	discord "motkraft/bot/discord/standin"
	telegram "motkraft/bot/telegram/standin"
)

// What the metrics say of a press is the same whatever screen it led to: a short question and acute help, with its cards, change every number by the
// same. Only two things may differ, and tell nothing: which bucket the answer's time is in, and what the system says of the process at any moment
// (CPU in hundredths of a second, memory, files), since a press takes less of it than what it does by itself.
func TestMetricsAreAlikeForAllScreens(t *testing.T) {
	list := channels()
	tg, dc := telegram.New(t, telegram.Options{}), discord.New(t, discord.Options{})
	r := start(t, "MOTKRAFT_TELEGRAM_TOKEN="+tg.Token, "MOTKRAFT_TELEGRAM_API="+tg.URL, "MOTKRAFT_DISCORD_TOKEN="+dc.Token, "MOTKRAFT_DISCORD_API="+dc.API,
		"MOTKRAFT_WEBHOOK_SECRETS="+hookSecret)
	dc.Gateway().WaitReady()
	const short, long = "Jag köper sex, eller tänker på det", "Akut hjälp"
	// Each begins, and gives what presses a button of the first screen by its label and waits for the answer.
	ways := map[string]func() func(label string){
		"telegram": func() func(string) {
			p := tg.Join("sv")
			p.Start("")
			p.WaitAnswers(0)
			return func(label string) {
				before := p.Answers()
				for _, b := range p.Screens()[0].Buttons() {
					if b.Text == label {
						p.Press(b.Data)
					}
				}
				p.WaitAnswers(before)
				tg.WaitConfirmed()
			}
		},
		"discord": func() func(string) {
			p := dc.Join("sv-SE")
			p.Command("support", nil).Wait()
			return func(label string) {
				for _, b := range p.Messages()[0].Buttons() {
					if b.Label == label {
						p.Press(b.CustomID).Wait()
					}
				}
			}
		},
		"webhook": func() func(string) {
			first := r.ask(t, map[string]string{"lang": "sv"})
			return func(label string) { r.ask(t, map[string]string{"data": first.button(t, label)}) }
		},
		"web": func() func(string) { // where nothing that is pressed comes to the server: two plain pages do, of two lengths
			return func(label string) {
				page := map[string]string{short: "/s-bf8e91.sv.html", long: "/s-701018.sv.html"}[label]
				answer, err := http.Get(r.public + page)
				if err != nil {
					t.Fatal(err)
				}
				defer answer.Body.Close()
				if _, err := io.Copy(io.Discard, answer.Body); err != nil || answer.StatusCode != 200 {
					t.Fatalf("%s gives %d, %v", page, answer.StatusCode, err)
				}
			}
		},
	}
	for _, c := range list {
		way := ways[c.Name]
		if way == nil {
			t.Fatalf("nobody presses on %s: what the metrics say of it is not looked at", c.Name)
		}
		changes := map[string]string{}
		for _, label := range []string{short, long} {
			press := way()
			settledMetrics(t, r.admin)
			before := settledMetrics(t, r.admin)
			press(label)
			var after map[string]float64
			until(t, "the press to be counted", func() bool {
				after = settledMetrics(t, r.admin)
				return c.Open == nil || !maps.Equal(before, after)
			})
			changed := map[string]float64{}
			for name, value := range after {
				if d := value - before[name]; d != 0 {
					changed[name] = d
				}
			}
			out, err := json.Marshal(changed) // its keys are in order
			if err != nil {
				t.Fatal(err)
			}
			changes[label] = string(out)
		}
		if changes[short] != changes[long] || c.Open != nil && !strings.Contains(changes[short], c.Name) {
			t.Errorf("on %s a short screen changes %s, and a long one %s", c.Name, changes[short], changes[long])
		}
	}
}

// settledMetrics gives every number of the program's own, once two looks say the same: by name and labels.
func settledMetrics(t *testing.T, admin string) map[string]float64 {
	t.Helper()
	look := func() map[string]float64 {
		out := map[string]float64{}
		for name, family := range scrape(t, admin) {
			if strings.HasPrefix(name, "process_") {
				continue
			}
			for _, m := range family.GetMetric() {
				out[fmt.Sprint(name, m.GetLabel())] = number(m)
			}
		}
		return out
	}
	var last map[string]float64
	until(t, "the metrics to be still", func() bool {
		now := look()
		still := maps.Equal(now, last)
		last = now
		return still
	})
	return last
}

// number is what a metric says: of a histogram how often, and not how long.
func number(m *dto.Metric) float64 {
	return m.GetCounter().GetValue() + m.GetGauge().GetValue() + float64(m.GetHistogram().GetSampleCount())
}
