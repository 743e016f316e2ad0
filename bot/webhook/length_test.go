package webhook_test

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"motkraft/bot"
	"motkraft/bot/adaptertest"
)

// The length of an answer does not tell which of the shipped screens it is, whether it was pressed or typed to, and nobody packs it on the way.
func TestLengthTellsNoScreen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBot(t, nil)
		var screens []bot.Message
		for _, m := range adaptertest.Screens(t, b, b.Languages()) {
			typed := m
			typed.Here = strings.Repeat("A", bot.MaxData)
			screens = append(screens, m, typed)
		}
		next := 0
		w := newWebhook(t, secret)
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		go func() { _ = w.Run(ctx, &script{answer: func(bot.Update) bot.Message { return screens[next] }}) }()
		synctest.Wait()
		lengths := map[int]int{}
		for next = range screens {
			rec := post(t, w, secret, fmt.Sprint("msg_", next), time.Now(), []byte("{}"))
			n := rec.body.Len()
			lengths[n]++
			if rec.status != 200 || n%4096 != 0 || rec.header.Get("Content-Length") != strconv.Itoa(n) {
				t.Fatalf("screen %d: status %d, %d bytes, %v", next, rec.status, n, rec.header)
			}
			if rec.header.Get("Content-Encoding") != "" || !strings.Contains(rec.header.Get("Cache-Control"), "no-transform") {
				t.Fatalf("the answer is packed or may be: %v", rec.header)
			}
			if got := looks(t, rec).Messages[0]; got.Text != screens[next].Text || len(got.Buttons) != len(screens[next].Buttons) {
				t.Fatalf("screen %d is read as %+v", next, got)
			}
		}
		if len(lengths) > 3 {
			t.Errorf("%d screens have %d lengths, expected at most 3", len(screens), len(lengths))
		}
		t.Logf("%d screens have the lengths %v (%v)", len(screens), slices.Sorted(maps.Keys(lengths)), lengths)
	})
}
