package adaptertest_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"motkraft/bot"
	"motkraft/bot/adaptertest"
)

// A new channel begins with three things, all of them here whole: the adapter (Desk), a platform for its tests (desk and visitor), and the stage
// that joins them (newStage). In the channel's own package the last lines are its test:
//
//	func TestConformance(t *testing.T) { adaptertest.Run(t, newStage) }
//
// What this platform cannot do is said in newStage, a line each. A platform that can more has a field less or a function more there, and gets
// the cases for it.
func Example() {
	conformance := func(t *testing.T) { adaptertest.Run(t, newStage) }
	_ = conformance // go test calls it
}

// Desk is the adapter: it answers each act with a screen, and keeps nothing.
type Desk struct{ acts chan act }

// act is what the platform tells the adapter: what was pressed, and where the answer goes.
type act struct {
	data string
	show func(bot.Message) error
}

func (d *Desk) Name() string { return "desk" }

func (d *Desk) Run(ctx context.Context, h bot.Handler) error {
	var inHand sync.WaitGroup
	defer inHand.Wait()
	for {
		select {
		case <-ctx.Done():
			return nil
		case a := <-d.acts:
			inHand.Go(func() {
				if err := a.show(h.Handle(ctx, bot.Update{Data: a.data})); err != nil {
					h.Failed(ctx, errors.New("desk: an answer was not taken")) // err itself names the visitor
				}
			})
		}
	}
}

// desk is the platform.
type desk struct {
	acts     chan act
	mu       sync.Mutex
	refuse   int
	visitors []*visitor
}

// visitor is one person there, who sees one screen at a time.
type visitor struct {
	*desk
	tb             testing.TB
	id             string
	acted, reacted int // the numbers of the last act, and of the last one that was answered
	screen         adaptertest.Shown
}

func (d *desk) join(tb testing.TB, _ string) adaptertest.Person {
	d.mu.Lock()
	defer d.mu.Unlock()
	v := &visitor{desk: d, tb: tb, id: fmt.Sprintf("canary-visitor-%d", len(d.visitors))}
	d.visitors = append(d.visitors, v)
	return v
}

func (d *desk) refuseNext(n int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.refuse = n
}

func (d *desk) canaries() []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	var all []string
	for _, v := range d.visitors {
		all = append(all, v.id)
	}
	return all
}

func (v *visitor) act(data string) {
	v.mu.Lock()
	v.acted++
	number := v.acted
	v.mu.Unlock()
	v.acts <- act{data, func(m bot.Message) error {
		v.mu.Lock()
		defer v.mu.Unlock()
		if v.refuse > 0 {
			v.refuse--
			return fmt.Errorf("no answer to %s now", v.id)
		}
		v.reacted = max(v.reacted, number)
		v.screen = adaptertest.Shown{Text: m.Text}
		for _, b := range m.Buttons {
			v.screen.Buttons = append(v.screen.Buttons, adaptertest.Button{Label: b.Label, Data: b.Data, URL: b.URL, Copy: b.Phone})
		}
		return nil
	}}
}

func (v *visitor) Arrive() { v.act("") }

func (v *visitor) Press(i int) {
	v.mu.Lock()
	buttons := v.screen.Buttons // the newest, whether it answers the last act or not
	v.mu.Unlock()
	for _, b := range buttons {
		if b.Data == "" {
			continue
		}
		if i == 0 {
			v.act(b.Data)
			return
		}
		i--
	}
	v.tb.Fatal("no such button")
}

func (v *visitor) Type(string) { v.tb.Fatal("nobody can type here") }

func (v *visitor) Screen() adaptertest.Shown {
	for end := time.Now().Add(adaptertest.DefaultPatience); time.Now().Before(end); time.Sleep(time.Millisecond) {
		v.mu.Lock()
		screen, there := v.screen, v.reacted >= v.acted
		v.mu.Unlock()
		if there {
			return screen
		}
	}
	v.tb.Fatal("no answer")
	return adaptertest.Shown{}
}

func (v *visitor) Visible() []string {
	v.mu.Lock()
	defer v.mu.Unlock()
	return []string{v.screen.Text}
}

// newStage is all that the suite asks of a channel.
func newStage(testing.TB) *adaptertest.Stage {
	d := &desk{acts: make(chan act, 100)}
	return &adaptertest.Stage{
		Adapter:   &Desk{d.acts},
		Join:      d.join,
		Refuse:    d.refuseNext,
		Canaries:  d.canaries,
		Grace:     20 * time.Second,
		NoHint:    true, // the platform says nothing of a visitor's language
		NoTyping:  true, // visitors have buttons only
		Unordered: true, // and each act is answered beside the others
	}
}
