package webhook_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"testing"
	"time"

	"motkraft/bot"
)

// BenchmarkRequest is the adapter's own way of a press, with the real conversation and without a network.
func BenchmarkRequest(b *testing.B) {
	h := newBot(b, nil)
	w := newWebhook(b, secret)
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	go w.Run(ctx, h)
	s := newSystem(b, w)
	first := h.Handle(ctx, bot.Update{Lang: "sv"})
	body, err := json.Marshal(map[string]string{"data": first.Buttons[0].Data, "lang": "sv"})
	if err != nil {
		b.Fatal(err)
	}
	const prepared = 10_000
	requests := make([]*http.Request, 0, prepared)
	b.ReportAllocs()
	b.ResetTimer()
	for i := range b.N {
		if i%prepared == 0 {
			b.StopTimer()
			requests = requests[:0]
			for j := range prepared {
				requests = append(requests, s.request(fmt.Sprint("bench-", i+j), time.Now(), body))
			}
			b.StartTimer()
		}
		rec := recorder{header: http.Header{}}
		w.ServeHTTP(&rec, requests[i%prepared])
		if rec.status != 200 {
			b.Fatalf("status %d: %s", rec.status, rec.body.String())
		}
	}
}

// recorder is less than httptest's, which costs more than the adapter.
type recorder struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (r *recorder) Header() http.Header         { return r.header }
func (r *recorder) WriteHeader(status int)      { r.status = status }
func (r *recorder) Write(p []byte) (int, error) { return r.body.Write(p) }
func (r *recorder) Flush()                      {}
