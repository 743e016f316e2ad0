package bot

import (
	"context"
	"crypto/cipher"
	"crypto/rand"
	"testing"
	"time"

	"motkraft/flows"
)

// benched are the screens that the benchmarks take in turn: every node of the tree that ships, in every language, once without a place and,
// where the place changes what is shown, once with one. So the buttons on them are as many as people get.
func benched(b *testing.B, bot *Bot) (data []string, screens []Message) {
	b.Helper()
	const skane = 12
	for _, lang := range bot.Languages() {
		for _, n := range bot.set.Nodes {
			places := []flows.Place{0}
			if n.Refer != nil && n.Refer.Near {
				places = append(places, skane)
			}
			for _, place := range places {
				st := at(lang, n.ID)
				st.Place = place
				d := bot.opts.Sealer.Seal(st)
				data = append(data, d)
				screens = append(screens, bot.Handle(context.Background(), Update{Data: d}))
			}
		}
	}
	return data, screens
}

func sealedButtons(m Message) (n int) {
	for _, button := range m.Buttons {
		if button.Data != "" {
			n++
		}
	}
	return n
}

// reportButtons says how many buttons of a screen are sealed on average.
func reportButtons(b *testing.B, screens []Message) {
	sealed := 0
	for _, m := range screens {
		sealed += sealedButtons(m)
	}
	b.ReportMetric(float64(sealed)/float64(len(screens)), "buttons/op")
}

// BenchmarkPress is the whole way of a press: open, show, render with every button sealed.
func BenchmarkPress(b *testing.B) {
	bot := newBot(b)
	data, screens := benched(b, bot)
	i := 0
	b.ReportAllocs()
	for b.Loop() {
		bot.Handle(context.Background(), Update{Data: data[i%len(data)]})
		i++
	}
	reportButtons(b, screens)
}

// BenchmarkSeals is a yardstick that stays as it is, whatever the Sealer becomes: one opening, and as many seals one at a time as the same screens
// have buttons.
func BenchmarkSeals(b *testing.B) {
	bot := newBot(b)
	data, screens := benched(b, bot)
	aead := bot.opts.Sealer.keys[0]
	i := 0
	b.ReportAllocs()
	for b.Loop() {
		openAlone(aead, data[i%len(data)], sealedButtons(screens[i%len(data)]))
		i++
	}
	reportButtons(b, screens)
}

// BenchmarkRatio gives how many times the yardstick a press takes. The two are measured in turn, so that whatever else the machine does
// slows down both.
func BenchmarkRatio(b *testing.B) {
	bot := newBot(b)
	data, screens := benched(b, bot)
	aead := bot.opts.Sealer.keys[0]
	buttons := make([]int, len(screens))
	for i, m := range screens {
		buttons[i] = sealedButtons(m)
	}
	var press, seals time.Duration
	for b.Loop() {
		start := time.Now()
		for _, d := range data {
			bot.Handle(context.Background(), Update{Data: d})
		}
		between := time.Now()
		for i, d := range data {
			openAlone(aead, d, buttons[i])
		}
		press += between.Sub(start)
		seals += time.Since(between)
	}
	b.ReportMetric(press.Seconds()/seals.Seconds(), "press/seals")
	b.ReportMetric(0, "ns/op") // of all screens twice: no figure of anything
}

// openAlone is the yardstick's opening and its seals.
func openAlone(aead cipher.AEAD, data string, seals int) {
	st, _ := openOne(aead, data)
	for range seals {
		sealOne(aead, st)
	}
}

// sealOne and openOne are how the first release sealed a State and opened it, one at a time.
func sealOne(aead cipher.AEAD, st State) string {
	var buf [12 + stateSize + 16]byte
	nonce := buf[:12]
	rand.Read(nonce)
	plain := st.bytes()
	sealed := aead.Seal(nonce, nonce, plain[:], firstShape)
	var out [MaxData]byte
	encoding.Encode(out[:], sealed)
	return string(out[:])
}

func openOne(aead cipher.AEAD, data string) (State, bool) {
	var buf [12 + stateSize + 16]byte
	if n, err := encoding.Decode(buf[:], []byte(data)); err != nil || n != len(buf) {
		return State{}, false
	}
	var plain [stateSize]byte
	out, err := aead.Open(plain[:0], buf[:12], buf[12:], firstShape)
	if err != nil {
		return State{}, false
	}
	return stateFrom(out)
}

var firstShape = []byte("motkraft state 1")
