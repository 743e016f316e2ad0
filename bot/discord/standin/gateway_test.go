package standin_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"motkraft/bot/discord/standin"
)

// client is a bot's end of the gateway.
type client struct {
	*websocket.Conn
	t       *testing.T
	s       *standin.Server
	session string
	resume  string // the address to resume at
	seq     int
}

// frame is what the gateway says.
type frame struct {
	Op   int             `json:"op"`
	Seq  int             `json:"s"`
	Type string          `json:"t"`
	Data json.RawMessage `json:"d"`
}

// dial opens a connection and takes HELLO.
func dial(t *testing.T, s *standin.Server, url string) *client {
	t.Helper()
	c := open(t, s, url)
	if hello := c.next(); hello.Op != 10 || !strings.Contains(string(hello.Data), "heartbeat_interval") {
		t.Fatalf("got %+v", hello)
	}
	return c
}

func open(t *testing.T, s *standin.Server, url string) *client {
	t.Helper()
	if url == "" {
		var at struct{ URL string }
		if err := json.Unmarshal(ok(t, call(t, s, "GET", "gateway/bot", ""), 200).Body, &at); err != nil {
			t.Fatal(err)
		}
		url = at.URL
	}
	ws, _, err := websocket.DefaultDialer.DialContext(t.Context(), url+"/?v=10&encoding=json", nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { ws.Close() })
	return &client{Conn: ws, t: t, s: s}
}

const properties = `"properties":{"os":"linux","browser":"x","device":"x"}`

func identify(s *standin.Server, intents int) string {
	return fmt.Sprintf(`{"op":2,"d":{"token":%q,"intents":%d,%s}}`, s.Token, intents, properties)
}

// connect begins a session.
func connect(t *testing.T, s *standin.Server) *client {
	t.Helper()
	c := dial(t, s, "")
	c.say(identify(s, 0))
	ready := c.next()
	var data struct {
		ID     string `json:"session_id"`
		Resume string `json:"resume_gateway_url"`
	}
	if err := json.Unmarshal(ready.Data, &data); err != nil || ready.Type != "READY" || ready.Seq != 1 {
		t.Fatalf("got %+v, %v", ready, err)
	}
	c.session, c.resume = data.ID, data.Resume
	s.Gateway().WaitReady()
	return c
}

func (c *client) say(raw string) {
	c.t.Helper()
	if err := c.WriteMessage(websocket.TextMessage, []byte(raw)); err != nil {
		c.t.Fatal(err)
	}
}

func (c *client) next() frame {
	c.t.Helper()
	var f frame
	c.SetReadDeadline(time.Now().Add(standin.Patience))
	if err := c.ReadJSON(&f); err != nil {
		c.t.Fatal(err)
	}
	c.seq = max(c.seq, f.Seq)
	return f
}

// interaction takes the next event, which has to be an interaction.
func (c *client) interaction() received {
	c.t.Helper()
	f := c.next()
	var in received
	if err := json.Unmarshal(f.Data, &in); err != nil || f.Type != "INTERACTION_CREATE" {
		c.t.Fatalf("got op %d %s %s, %v", f.Op, f.Type, f.Data, err)
	}
	return in
}

// closes reads until the connection is closed, and gives the code.
func (c *client) closes() int {
	c.t.Helper()
	c.SetReadDeadline(time.Now().Add(standin.Patience))
	for {
		_, _, err := c.ReadMessage()
		if said := (*websocket.CloseError)(nil); errors.As(err, &said) {
			return said.Code
		}
		if err != nil {
			return 0
		}
	}
}

func (c *client) again(seq int) string {
	return fmt.Sprintf(`{"op":6,"d":{"token":%q,"session_id":%q,"seq":%d}}`, c.s.Token, c.session, seq)
}

func TestResumeReplaysWhatWasMissed(t *testing.T) {
	s := standin.New(t, standin.Options{})
	g, anna := s.Gateway(), s.Join("sv-SE")
	c := connect(t, s)
	anna.Command("one", nil)
	c.interaction()
	g.Drop()
	if c.closes() != 1006 || g.Ready() {
		t.Error("the connection still stands")
	}
	anna.Command("two", nil)
	anna.Command("three", nil)
	again := dial(t, s, c.resume)
	again.say(c.again(2))
	if two, three := again.interaction(), again.interaction(); two.Data.Name != "two" || three.Data.Name != "three" {
		t.Errorf("got %+v, %+v", two, three)
	}
	if resumed := again.next(); resumed.Type != "RESUMED" || resumed.Seq != 5 {
		t.Errorf("got %+v", resumed)
	}
	if g.Identifies() != 1 || g.Resumes() != 1 || g.Connections() != 2 || g.Open() != 1 || !g.Ready() {
		t.Errorf("%d sessions, %d resumes, %d connections", g.Identifies(), g.Resumes(), g.Connections())
	}
	none(t, s)
}

func TestResumesThatFail(t *testing.T) {
	for name, c := range map[string]struct {
		before func(c *client, g *standin.Gateway)
		raw    func(c *client) string
		code   int // 0: op 9
		says   string
	}{
		"refused":          {before: func(_ *client, g *standin.Gateway) { g.RefuseResume(1); g.Drop() }},
		"another session":  {before: func(c *client, g *standin.Gateway) { c.session = "x"; g.Drop() }},
		"forgotten":        {before: func(_ *client, g *standin.Gateway) { g.Invalidate(false) }},
		"closed with 1000": {before: func(c *client, _ *standin.Gateway) { c.bye(1000) }},
		"closed with 1001": {before: func(c *client, _ *standin.Gateway) { c.bye(1001) }},
		"an unsent number": {raw: func(c *client) string { return c.again(9) }, code: 4007, says: "never sent"},
		"no number":        {raw: func(c *client) string { return `{"op":6,"d":{}}` }, code: 4002, says: "RESUME without"},
		"a wrong token":    {raw: func(c *client) string { return strings.Replace(c.again(1), "canary", "x", 1) }, code: 4004},
	} {
		t.Run(name, func(t *testing.T) {
			s := standin.New(t, standin.Options{})
			g, old := s.Gateway(), connect(t, s)
			if c.before != nil {
				c.before(old, g)
			}
			raw := old.again(1)
			if c.raw != nil {
				raw = c.raw(old)
			}
			again := dial(t, s, old.resume)
			again.say(raw)
			if c.code != 0 {
				if code := again.closes(); code != c.code {
					t.Errorf("closed with %d", code)
				}
			} else if f := again.next(); f.Op != 9 || string(f.Data) != "false" {
				t.Errorf("got %+v", f)
			}
			if v := s.Violations(); c.says == "" && len(v) > 0 || !strings.Contains(strings.Join(v, "\n"), c.says) {
				t.Errorf("violations: %q", v)
			}
		})
	}
	t.Run("the wrong address", func(t *testing.T) {
		s := standin.New(t, standin.Options{})
		old := connect(t, s)
		again := dial(t, s, "")
		again.say(old.again(1))
		again.next()
		if v := s.Violations(); len(v) != 1 || !strings.Contains(v[0], "READY named") {
			t.Errorf("violations: %q", v)
		}
	})
}

// bye closes the connection with a code, and waits until the platform knows.
func (c *client) bye(code int) {
	c.t.Helper()
	if err := c.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(code, ""), time.Now().Add(standin.Patience)); err != nil {
		c.t.Fatal(err)
	}
	c.s.Wait("the end", func() bool { return slices.Contains(c.s.Gateway().ClosedWith(), code) })
}

// TestWrongPayloads holds what the gateway closes upon.
func TestWrongPayloads(t *testing.T) {
	id := func(old, with string) func(*standin.Server) string {
		return func(s *standin.Server) string { return strings.Replace(identify(s, 0), old, with, 1) }
	}
	raw := func(text string) func(*standin.Server) string { return func(*standin.Server) string { return text } }
	for name, c := range map[string]struct {
		raw  func(*standin.Server) string
		code int
		says string // empty: no violation
	}{
		"a wrong token":      {id("canary", "x"), 4004, ""},
		"message content":    {id(`"intents":0`, `"intents":32768`), 4014, "privileged"},
		"no such intent":     {id(`"intents":0`, `"intents":8388608`), 4013, "intents"},
		"no intents":         {id(`"intents":0,`, ``), 4013, "intents"},
		"no properties":      {id(properties, `"x":0`), 4002, "properties"},
		"compression":        {id(`"intents"`, `"compress":true,"intents"`), 4000, "compression"},
		"no JSON":            {raw("{"), 4002, "no object"},
		"no op":              {raw(`{"d":null}`), 4002, "no object"},
		"before IDENTIFY":    {raw(`{"op":3,"d":{}}`), 4003, "before IDENTIFY"},
		"much too long":      {id(`"x"`, `"`+strings.Repeat("x", 4096)+`"`), 4002, "bytes"},
		"a heartbeat's text": {raw(`{"op":1,"d":"1"}`), 4002, "heartbeat"},
	} {
		t.Run(name, func(t *testing.T) {
			s := standin.New(t, standin.Options{})
			conn := dial(t, s, "")
			conn.say(c.raw(s))
			if code := conn.closes(); code != c.code || !slices.Equal(s.Gateway().Closed(), []int{code}) {
				t.Errorf("closed with %d, %v", code, s.Gateway().Closed())
			}
			if v := s.Violations(); (len(v) > 0) != (c.says != "") || !strings.Contains(strings.Join(v, "\n"), c.says) {
				t.Errorf("violations: %q", v)
			}
		})
	}
	t.Run("twice", func(t *testing.T) {
		s := standin.New(t, standin.Options{})
		c := connect(t, s)
		c.say(identify(s, 0))
		if code := c.closes(); code != 4005 {
			t.Errorf("closed with %d", code)
		}
	})
	t.Run("another version", func(t *testing.T) {
		s := standin.New(t, standin.Options{})
		var at struct{ URL string }
		json.Unmarshal(call(t, s, "GET", "gateway/bot", "").Body, &at)
		ws, _, err := websocket.DefaultDialer.Dial(at.URL+"/?v=9&encoding=json", nil)
		if err != nil {
			t.Fatal(err)
		}
		ws.Close()
		if v := s.Violations(); len(v) != 1 || !strings.Contains(v[0], "v=10") {
			t.Errorf("violations: %q", v)
		}
	})
}
