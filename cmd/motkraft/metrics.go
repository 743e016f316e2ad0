package main

import (
	"context"
	"math"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"

	"motkraft/bot"
)

// metrics are what the admin address tells a Prometheus. No label says which screen, language or group: on a quiet day a screen and a minute
// is one person.
type metrics struct {
	registry    *prometheus.Registry
	updates     *prometheus.CounterVec
	seconds     *prometheus.HistogramVec
	undelivered *prometheus.CounterVec
	fetched     prometheus.Counter
	uncounted   prometheus.Counter
	reloads     *prometheus.CounterVec
	refused     prometheus.Gauge
}

const namespace = "motkraft"

// The labels.
const (
	labelChannel = "channel"
	labelOutcome = "outcome"
	labelResult  = "result" // of a reload
)

const (
	reloadTaken   = "taken"
	reloadRefused = "refused"
)

// pressBuckets are seconds. A press takes some hundredths of a millisecond; what takes a second stands in a queue.
var pressBuckets = []float64{.00005, .0001, .00025, .0005, .001, .0025, .01, .05, .25, 1}

// published are all metrics that are told, by name. What a library adds is not, until it stands here: with a press between two looks the
// process's network bytes, or how much memory was taken, name the screen.
var published = []string{
	"motkraft_answer_seconds", "motkraft_build_info", "motkraft_channel_up", "motkraft_content_refused", "motkraft_content_reloads_total",
	"motkraft_count_failures_total", "motkraft_oldest_update_seconds", "motkraft_undelivered_total", "motkraft_updates_total", "motkraft_web_screens_fetched_total",
	"process_cpu_seconds_total", // in hundredths: a press takes a thousandth of that
	"process_max_fds", "process_open_fds", "process_resident_memory_bytes", "process_start_time_seconds",
}

// Gather gives what is published of what there is.
func (m *metrics) Gather() ([]*dto.MetricFamily, error) {
	all, err := m.registry.Gather()
	return slices.DeleteFunc(all, func(f *dto.MetricFamily) bool { return !slices.Contains(published, f.GetName()) }), err
}

// newMetrics makes them in a registry of their own, for a program of this version.
func newMetrics(version, goVersion string) *metrics {
	counter := func(name, help string, labels ...string) *prometheus.CounterVec {
		return prometheus.NewCounterVec(prometheus.CounterOpts{Namespace: namespace, Name: name, Help: help}, labels)
	}
	gauge := func(name, help string, labels ...string) *prometheus.GaugeVec {
		return prometheus.NewGaugeVec(prometheus.GaugeOpts{Namespace: namespace, Name: name, Help: help}, labels)
	}
	m := &metrics{
		registry: prometheus.NewRegistry(),
		updates:  counter("updates_total", "Updates that were answered, by how they were taken.", labelChannel, labelOutcome),
		seconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Namespace: namespace, Name: "answer_seconds", Buckets: pressBuckets,
			Help: "How long making an answer took, without the platform's part of the way.",
		}, []string{labelChannel}),
		undelivered: counter("undelivered_total", "Answers that could not be delivered, and other trouble with the platform.", labelChannel),
		reloads:     counter("content_reloads_total", "Readings of changed content.", labelResult),
	}
	m.fetched = counter("web_screens_fetched_total", "How often screens of the web chat were fetched.").WithLabelValues()
	m.uncounted = counter("count_failures_total", "How often counts could not be added to their store.").WithLabelValues()
	m.refused = gauge("content_refused", "1 while changed content has a problem and the content before it is served.").WithLabelValues()
	m.reloads.WithLabelValues(reloadTaken)
	m.reloads.WithLabelValues(reloadRefused)
	build := gauge("build_info", "1, with what the program was built from.", "version", "go")
	build.WithLabelValues(version, goVersion).Set(1)
	m.registry.MustRegister(m.updates, m.seconds, m.undelivered, m.fetched, m.uncounted, m.reloads, m.refused, build,
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// channel makes a channel's metrics begin at nothing, so that the first failure is seen as one more.
func (m *metrics) channel(name string, up func() bool, oldest func() time.Duration) {
	for _, kind := range bot.OutcomeKinds {
		m.updates.WithLabelValues(name, outcome(kind))
	}
	m.seconds.WithLabelValues(name)
	m.undelivered.WithLabelValues(name)
	m.registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Namespace: namespace, Name: "channel_up", ConstLabels: prometheus.Labels{labelChannel: name},
		Help: "1 while the channel is being served: its platform was reached, and it has not ended.",
	}, func() float64 {
		if up() {
			return 1
		}
		return 0
	}))
	m.registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Namespace: namespace, Name: "oldest_update_seconds", ConstLabels: prometheus.Labels{labelChannel: name},
		Help: "For how many whole seconds the oldest update that is not answered yet has been in hand.",
	}, func() float64 { return math.Floor(oldest().Seconds()) }))
}

// outcome is a kind as a label's value.
func outcome(kind bot.OutcomeKind) string { return strings.ReplaceAll(kind.String(), " ", "_") }

// observe counts an answered update.
func (m *metrics) observe(channel string, o bot.Outcome) {
	m.updates.WithLabelValues(channel, outcome(o.Kind)).Inc()
}

// contentTaken tells that changed content is served from now on.
func (m *metrics) contentTaken() {
	m.reloads.WithLabelValues(reloadTaken).Inc()
	m.refused.Set(0)
}

// contentRefused tells that changed content has a problem and is not served.
func (m *metrics) contentRefused() {
	m.reloads.WithLabelValues(reloadRefused).Inc()
	m.refused.Set(1)
}

// metricsFormat is the text format, which every Prometheus reads.
var metricsFormat = expfmt.NewFormat(expfmt.TypeTextPlain)

// handler answers a Prometheus. It writes one format and packs nothing: promhttp, which can more, makes the program 0.3 MB larger.
func (m *metrics) handler() http.Handler {
	return http.HandlerFunc(func(rw http.ResponseWriter, _ *http.Request) {
		families, err := m.Gather()
		if err != nil {
			http.Error(rw, "the metrics cannot be gathered", http.StatusInternalServerError)
			return
		}
		rw.Header().Set("Content-Type", string(metricsFormat))
		to := expfmt.NewEncoder(rw, metricsFormat)
		for _, family := range families {
			if to.Encode(family) != nil {
				return // whoever asked is gone
			}
		}
	})
}

// timed is a channel's handler that is watched.
type timed struct {
	bot.Handler
	seconds prometheus.Observer
	failed  prometheus.Counter
}

// watch puts a channel's handler under watch.
func (m *metrics) watch(channel string, h bot.Handler) bot.Handler {
	return timed{h, m.seconds.WithLabelValues(channel), m.undelivered.WithLabelValues(channel)}
}

func (t timed) Handle(ctx context.Context, u bot.Update) bot.Message {
	began := time.Now()
	defer func() { t.seconds.Observe(bucket(time.Since(began).Seconds())) }()
	return t.Handler.Handle(ctx, u)
}

// bucket gives the bound of the bucket that a time falls into. The sum of exact times, with one press between two looks, would tell how long it
// took, and so what kind of screen it was.
func bucket(seconds float64) float64 {
	i, _ := slices.BinarySearch(pressBuckets, seconds)
	return pressBuckets[min(i, len(pressBuckets)-1)]
}

func (t timed) Failed(ctx context.Context, err error) {
	t.failed.Inc()
	t.Handler.Failed(ctx, err)
}
