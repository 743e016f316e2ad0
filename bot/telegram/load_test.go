package telegram_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"motkraft/bot/telegram/standin"
)

// The load that the adapter is made for: 50 updates a second over 200 chats, for 10 seconds, on loopback.
const (
	loadChats    = 200
	loadUpdates  = 500
	loadInterval = 20 * time.Millisecond
)

// TestLoad sends that load, by itself and with one call in twenty refused with 429 and one in twenty lost in a 502, and looks that every
// update is answered, once. What it measures it says; it demands no speed, since that is the machine's.
func TestLoad(t *testing.T) {
	if testing.Short() {
		t.Skip("takes half a minute")
	}
	for _, ill := range []bool{false, true} {
		t.Run(fmt.Sprintf("ill %v", ill), func(t *testing.T) {
			w := newWorld(t, standin.Options{})
			people := make([]*standin.Person, loadChats)
			for i := range people {
				people[i] = w.Join("sv")
				people[i].Start("")
			}
			w.WaitConfirmed()
			if ill {
				var mu sync.Mutex
				random := rand.New(rand.NewPCG(1, 1))
				w.Fail(func(c standin.Call) *standin.Fault {
					mu.Lock()
					defer mu.Unlock()
					if c.Method != "editMessageText" {
						return nil
					}
					switch random.IntN(20) {
					case 0:
						return &standin.Fault{Status: 429, RetryAfter: 1}
					case 1:
						return &standin.Fault{Kind: standin.HTML, Status: 502}
					}
					return nil
				})
			}
			calm := w.load(t, people)
			slices.Sort(calm)
			t.Logf("%d updates over %d chats: half answered within %v, 95 %% within %v, all within %v",
				len(calm), loadChats, calm[len(calm)/2], calm[len(calm)*95/100], calm[len(calm)-1])
			if early := w.RetryEarly(); early != 0 {
				t.Errorf("%d calls before the server wanted them", early)
			}
			if errs := w.errors(); len(errs) > 0 {
				t.Errorf("failures: %v", errs[:min(3, len(errs))])
			}
		})
	}
}

// load presses in turn and gives how long each answer took.
func (w *world) load(t *testing.T, people []*standin.Person) []time.Duration {
	t.Helper()
	before := make([]int, len(people))
	for i, p := range people {
		before[i] = p.Answers()
	}
	ids := make([]int64, loadUpdates)
	tick := time.NewTicker(loadInterval)
	defer tick.Stop()
	for i := range ids {
		ids[i] = people[i%len(people)].Press("to the first screen") // data that opens nowhere: answered like any other
		<-tick.C
	}
	w.WaitConfirmed(ids...)
	// The calls that showed a screen, in each chat in order: a screen that is so already is refused, and shown all the same.
	shown := map[int64][]time.Time{}
	for _, c := range w.Log() {
		if c.Method == "editMessageText" && (c.Status == 200 || c.Status == 400) {
			shown[c.Chat] = append(shown[c.Chat], c.At)
		}
	}
	made := map[int64][]time.Time{}
	for i, id := range ids {
		chat := people[i%len(people)].ID
		made[chat] = append(made[chat], w.Update(id).Made)
	}
	var took []time.Duration
	for i, p := range people {
		if got, want := p.Answers()-before[i], len(made[p.ID]); got != want || len(shown[p.ID]) != want {
			t.Errorf("%d answers by %d calls to %d presses in one chat", got, len(shown[p.ID]), want)
			continue
		}
		for j, at := range shown[p.ID] {
			took = append(took, at.Sub(made[p.ID][j]))
		}
	}
	return took
}

// A new process with the same key goes on where the old one was, in a thousand conversations, and answers nothing a second time.
func TestRestartInTheMiddle(t *testing.T) {
	w := newWorld(t, standin.Options{})
	const conversations = 1000
	labels := []string{"Jag köper sex, eller tänker på det", "Jag är under 18", "Jag är orolig för någon", "Jag vill vara en motkraft"}
	people := make([]*standin.Person, conversations)
	want := make([]string, conversations)
	for i := range people {
		people[i] = w.Join("sv")
		people[i].Start("")
	}
	w.WaitConfirmed()
	for i, p := range people {
		p.Press(label(t, p, labels[i%len(labels)]).Data)
	}
	w.WaitConfirmed()
	for i, p := range people {
		want[i] = p.Screens()[0].Text
		p.Press(label(t, p, "Akut hjälp").Data)
	}
	w.stop() // with presses in hand, and more that wait
	calls := w.Calls("editMessageText")
	w.start(t)
	w.WaitConfirmed()
	t.Logf("%d of %d presses were answered before the restart", calls-conversations, conversations)
	if got := w.Calls("editMessageText"); got != 2*conversations {
		t.Errorf("%d edits, expected %d: none lost, none twice", got, 2*conversations)
	}
	for _, p := range people {
		p.Press(label(t, p, "Tillbaka").Data)
	}
	w.WaitConfirmed()
	for i, p := range people {
		if screens := p.Screens(); len(screens) != 1 || screens[0].Text != want[i] {
			t.Fatalf("conversation %d came back to another screen", i)
		}
	}
}

// A hung connection is given up after a while and the call made again; meanwhile nobody else waits.
func TestHungConnection(t *testing.T) {
	w := newWorld(t, standin.Options{})
	p, other := w.Join("sv"), w.Join("sv")
	act(t, p, func() int64 { return p.Start("") })
	act(t, other, func() int64 { return other.Start("") })
	shows(t, p, "Vad gäller det?")
	w.Fail(once("editMessageText", 1, standin.Fault{Kind: standin.Hang}))
	press := p.Press(label(t, p, "Akut hjälp").Data)
	w.Wait("the hung call", func() bool { return w.Calls("editMessageText") == 1 })
	act(t, other, func() int64 { return other.Type("hej") })
	if d := w.Update(press); !d.Confirmed.IsZero() {
		t.Error("an update was confirmed before it was answered")
	}
	shows(t, p, "112 SOS Alarm")
	w.WaitConfirmed(press)
}

// Told to stop, it lets go of its long poll at once.
func TestStopsPolling(t *testing.T) {
	w := newWorld(t, standin.Options{})
	w.Wait("a long poll", w.Polling)
	w.stop()
	w.Wait("no long poll", func() bool { return !w.Polling() })
}
