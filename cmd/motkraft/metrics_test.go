package main

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus/collectors"
	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"

	"motkraft/bot"
	"motkraft/bot/telegram"
	"motkraft/bot/telegram/standin"
)

// allMetrics has every metric that there is.
func allMetrics() *metrics {
	m := newMetrics("0123abc", "go1")
	m.channel("telegram", func() bool { return true }, func() time.Duration { return 0 })
	return m
}

// families gives the metrics by name.
func families(t *testing.T, m *metrics) map[string]*dto.MetricFamily {
	t.Helper()
	gathered, err := m.Gather()
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]*dto.MetricFamily{}
	for _, f := range gathered {
		out[f.GetName()] = f
	}
	return out
}

// scrape reads /metrics as a Prometheus does.
func scrape(t *testing.T, admin string) map[string]*dto.MetricFamily {
	t.Helper()
	answer, err := http.Get(admin + "/metrics")
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	parser := expfmt.NewTextParser(model.UTF8Validation)
	out, err := parser.TextToMetricFamilies(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// value gives a counter's or a gauge's value, with these label values; -1 where there is none.
func value(of map[string]*dto.MetricFamily, name string, labels ...string) float64 {
	for _, m := range of[name].GetMetric() {
		var has []string
		for _, l := range m.GetLabel() {
			has = append(has, l.GetValue())
		}
		if slices.Equal(has, labels) {
			return m.GetCounter().GetValue() + m.GetGauge().GetValue()
		}
	}
	return -1
}

// The whole program on Telegram, looked at from the admin address: updates are counted by how they were taken, and no label of any metric
// says which screen, language, group or person that was.
func TestMetrics(t *testing.T) {
	platform := standin.New(t, standin.Options{})
	r := start(t, "MOTKRAFT_TELEGRAM_TOKEN="+platform.Token, "MOTKRAFT_TELEGRAM_API="+platform.URL)
	p := platform.Join("en")
	do := func(what func()) {
		before := p.Answers()
		what()
		p.WaitAnswers(before)
	}
	do(func() { p.Start("k1") })
	do(func() { p.PressButton(0) })
	do(func() { p.PressButton(0) })
	do(func() { p.Type("I want to die") })
	do(func() { p.Type("asdf qwer") })
	do(func() { p.Press("nonsense") })
	status(t, r.public+"/screens.sv.json")
	var got map[string]*dto.MetricFamily
	platform.Wait("the last press and the fetching to be counted", func() bool {
		got = scrape(t, r.admin)
		return value(got, "motkraft_updates_total", "telegram", "strayed") == 1 && value(got, "motkraft_web_screens_fetched_total") == 1
	})
	for outcome, want := range map[string]float64{"arrived": 1, "stepped": 2, "understood": 1, "not_understood": 1, "strayed": 1} {
		if n := value(got, "motkraft_updates_total", "telegram", outcome); n != want {
			t.Errorf("%s: %v, expected %v", outcome, n, want)
		}
	}
	if h := got["motkraft_answer_seconds"].GetMetric(); len(h) != 1 || h[0].GetHistogram().GetSampleCount() != 6 {
		t.Errorf("the times are %v", h)
	}
	if value(got, "motkraft_channel_up", "telegram") != 1 || value(got, "motkraft_undelivered_total", "telegram") != 0 {
		t.Error("the channel is not up, or has failures")
	}
	allowed := map[string][]string{
		labelChannel: {"telegram"},
		labelOutcome: {"arrived", "stepped", "strayed", "understood", "not_understood"},
		labelResult:  {reloadTaken, reloadRefused},
		"version":    nil, "go": nil, // of the program
	}
	for name := range got {
		if !slices.Contains(published, name) {
			t.Errorf("%s is told, and is not among what is published", name)
		}
	}
	for _, name := range published {
		if got[name] == nil {
			t.Errorf("%s is published, and there is no such metric", name)
		}
	}
	labels := 0
	for name, f := range got {
		for _, m := range f.GetMetric() {
			for _, l := range m.GetLabel() {
				labels++
				values, ok := allowed[l.GetName()]
				if !ok || values != nil && !slices.Contains(values, l.GetValue()) {
					t.Errorf("%s has the label %s=%q", name, l.GetName(), l.GetValue())
				}
			}
		}
	}
	if labels < 10 {
		t.Errorf("only %d labels were read", labels)
	}
	r.stop()
	<-r.code
}

// The sum of the times tells no more than the buckets do, and what a library registers is not told.
func TestMetricsTellNoSizes(t *testing.T) {
	for seconds, want := range map[float64]float64{.000001: .00005, .00005: .00005, .000051: .0001, .3: 1, 7: 1} {
		if got := bucket(seconds); got != want {
			t.Errorf("%v s are told as %v, expected %v", seconds, got, want)
		}
	}
	m := allMetrics()
	m.registry.MustRegister(collectors.NewGoCollector())
	for name := range families(t, m) {
		if strings.HasPrefix(name, "go_") || strings.Contains(name, "network") {
			t.Errorf("%s is told", name)
		}
	}
}

func TestReloadsAreTold(t *testing.T) {
	m := allMetrics()
	m.contentRefused()
	m.contentRefused()
	got := families(t, m)
	if value(got, "motkraft_content_refused") != 1 || value(got, "motkraft_content_reloads_total", reloadRefused) != 2 {
		t.Errorf("refused content: %v", got["motkraft_content_refused"])
	}
	m.contentTaken()
	got = families(t, m)
	if value(got, "motkraft_content_refused") != 0 || value(got, "motkraft_content_reloads_total", reloadTaken) != 1 {
		t.Errorf("content that was taken after: %v", got["motkraft_content_refused"])
	}
}

// Every kind of outcome has a value of its own, fit for a label.
func TestOutcomesAreLabels(t *testing.T) {
	seen := map[string]bool{}
	for _, kind := range bot.OutcomeKinds {
		name := outcome(kind)
		if seen[name] || strings.Trim(name, "abcdefghijklmnopqrstuvwxyz_") != "" {
			t.Errorf("the outcome %q", name)
		}
		seen[name] = true
	}
}

// readiness is what /readyz says.
func readiness(t *testing.T, admin string) (ready bool, channels map[string]string) {
	t.Helper()
	answer, err := http.Get(admin + "/readyz")
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	var said struct {
		Ready    bool
		Channels map[string]string
	}
	if err := json.NewDecoder(answer.Body).Decode(&said); err != nil {
		t.Fatal(err)
	}
	if said.Ready != (answer.StatusCode == http.StatusOK) {
		t.Errorf("ready is %v under the status %d", said.Ready, answer.StatusCode)
	}
	return said.Ready, said.Channels
}

// A channel is starting until its platform has answered, and for so long the program is not ready; up while it is served; and refused where the
// platform refuses it, which leaves the program ready for the others.
func TestReadyzSaysWhichChannelsAreUp(t *testing.T) {
	platform := standin.New(t, standin.Options{})
	platform.Fail(func(standin.Call) *standin.Fault { return &standin.Fault{Kind: standin.Drop} })
	r := start(t, "MOTKRAFT_TELEGRAM_TOKEN="+platform.Token, "MOTKRAFT_TELEGRAM_API="+platform.URL)
	if ready, channels := readiness(t, r.admin); ready || channels["telegram"] != stateStarting {
		t.Errorf("with the platform away: %v, %v", ready, channels)
	}
	if n := value(scrape(t, r.admin), "motkraft_channel_up", "telegram"); n != 0 {
		t.Errorf("with the platform away the channel is up: %v", n)
	}
	platform.Fail(nil)
	platform.Wait("the channel to be up", func() bool {
		ready, channels := readiness(t, r.admin)
		return ready && channels["telegram"] == stateUp
	})
	r.stop()
	<-r.code

	r = start(t, "MOTKRAFT_TELEGRAM_TOKEN=1:canary", "MOTKRAFT_TELEGRAM_API="+platform.URL)
	platform.Wait("the channel to be refused", func() bool {
		ready, channels := readiness(t, r.admin)
		return ready && channels["telegram"] == stateRefused
	})
	got := scrape(t, r.admin)
	if value(got, "motkraft_channel_up", "telegram") != 0 {
		t.Error("a channel that is refused is up")
	}
	r.stop()
	<-r.code
}

// A platform that stays away holds the program back for a while only: the other channels and the page are there without it.
func TestReadyWithoutAPlatform(t *testing.T) {
	w, _ := newWorld(t.Context())
	o := newObserver(w, nil, nil)
	o.ready.Store(true)
	o.channel(telegram.New(telegram.Options{}), nil)
	for _, c := range []struct {
		since time.Duration
		want  int
	}{{0, 503}, {maxStarting - time.Second, 503}, {maxStarting, 200}} {
		o.began = time.Now().Add(-c.since)
		rec := httptest.NewRecorder()
		o.readyz(rec, nil)
		if rec.Code != c.want {
			t.Errorf("after %v /readyz gives %d, expected %d: %s", c.since, rec.Code, c.want, rec.Body)
		}
	}
}
