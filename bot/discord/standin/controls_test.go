package standin_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"motkraft/bot/discord/standin"
)

func TestHeartbeats(t *testing.T) {
	s := standin.New(t, standin.Options{})
	g, c := s.Gateway(), connect(t, s)
	c.say(`{"op":1,"d":null}`)
	if f := c.next(); f.Op != 11 {
		t.Errorf("got %+v", f)
	}
	g.Mute(true)
	c.say(`{"op":1,"d":1}`)
	s.Wait("the heartbeat", func() bool { return g.Beats() == 2 })
	g.Mute(false)
	g.AskBeat()
	if f := c.next(); f.Op != 1 {
		t.Errorf("muted, it says %+v", f)
	}
	none(t, s)
	c.say(`{"op":1,"d":2}`)
	if f := c.next(); f.Op != 11 || len(s.Violations()) != 1 || !strings.Contains(s.Violations()[0], "never sent") {
		t.Errorf("got %+v, violations %q", f, s.Violations())
	}
}

func TestHeartbeatsThatStayAway(t *testing.T) {
	s := standin.New(t, standin.Options{Heartbeat: time.Millisecond, Lateness: time.Millisecond})
	if code := open(t, s, "").closes(); code != 4000 {
		t.Errorf("closed with %d", code)
	}
	if v := s.Violations(); len(v) > 0 || s.Gateway().Ready() {
		t.Errorf("violations: %q, ready %v", v, s.Gateway().Ready())
	}
}

func TestHoldHello(t *testing.T) {
	s := standin.New(t, standin.Options{})
	g := s.Gateway()
	g.HoldHello(true)
	early := open(t, s, "")
	early.say(`{"op":1,"d":null}`)
	if code := early.closes(); code != 4000 || !strings.Contains(strings.Join(s.Violations(), ""), "before HELLO") {
		t.Errorf("closed with %d, violations %q", code, s.Violations())
	}
	patient := open(t, s, "")
	s.Wait("the connection", func() bool { return g.Open() == 1 })
	g.HoldHello(false)
	if f := patient.next(); f.Op != 10 {
		t.Errorf("got %+v", f)
	}
}

func TestWhatTheGatewaySays(t *testing.T) {
	s := standin.New(t, standin.Options{})
	g, c := s.Gateway(), connect(t, s)
	g.Reconnect()
	g.Invalidate(true)
	g.Send(`{"op":0,"s":7,"t":"X","d":{}}`)
	for _, want := range []string{`7 null`, `9 true`, `0 {}`} {
		if f := c.next(); string(rune('0'+f.Op))+" "+string(f.Data) != want {
			t.Errorf("got %+v, want %s", f, want)
		}
	}
	c.say(`{"op":1,"d":7}`)
	c.next()
	s.Join("").Command("x", nil)
	if f := c.next(); f.Seq != 8 {
		t.Errorf("got %+v", f)
	}
	g.Close(4009)
	if code := c.closes(); code != 4009 {
		t.Errorf("closed with %d", code)
	}
	if !strings.Contains(string(g.LastIdentify()), `"intents":0`) {
		t.Errorf("got %s", g.LastIdentify())
	}
	none(t, s)
}

func TestRefuseIdentify(t *testing.T) {
	s := standin.New(t, standin.Options{})
	s.Gateway().RefuseIdentify(4014)
	c := dial(t, s, "")
	c.say(identify(s, 0))
	if code := c.closes(); code != 4014 || s.Gateway().Identifies() != 1 {
		t.Errorf("closed with %d", code)
	}
	none(t, s)
}

func TestAway(t *testing.T) {
	s := standin.New(t, standin.Options{})
	g, c := s.Gateway(), connect(t, s)
	g.Away(true)
	if code := c.closes(); code != 1006 {
		t.Errorf("closed with %d", code)
	}
	if a := call(t, s, "GET", "gateway/bot", ""); a.Status != 503 {
		t.Errorf("got %d", a.Status)
	}
	if _, resp, err := websocket.DefaultDialer.Dial(c.resume+"/?v=10&encoding=json", nil); err == nil || resp.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("got %v", err)
	}
	g.Away(false)
	again := dial(t, s, c.resume)
	again.say(c.again(1))
	if f := again.next(); f.Type != "RESUMED" {
		t.Errorf("got %+v", f)
	}
	none(t, s)
}

func TestANewSessionTakesTheOldOnesPlace(t *testing.T) {
	s := standin.New(t, standin.Options{})
	old := connect(t, s)
	c := connect(t, s)
	if code := old.closes(); code != 1006 {
		t.Errorf("closed with %d", code)
	}
	s.Join("").Command("x", nil)
	c.interaction()
	c.bye(4900)
	if g := s.Gateway(); !slices.Equal(g.ClosedWith(), []int{4900}) || g.Identifies() != 2 {
		t.Errorf("closed with %v", g.ClosedWith())
	}
	none(t, s)
}
