package webhook_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	standard "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"motkraft/bot/adaptertest"
	"motkraft/bot/webhook"
)

// patience is after how long a wait is taken for a hang.
const patience = 30 * time.Second

// secret is what caller and adapter share.
const secret = "whsec_Y2FuYXJ5LXNlY3JldC1vZi10aGlydHktdHdvLWJ5dGU="

// newWebhook is the adapter with this secret.
func newWebhook(tb testing.TB, secrets ...string) *webhook.Webhook {
	tb.Helper()
	w, err := webhook.New(secrets...)
	if err != nil {
		tb.Fatal(err)
	}
	return w
}

// system is another system that has a chat, such as a site, and asks for its screens. It sends what one person does one after the other.
type system struct {
	tb     testing.TB
	url    string
	sign   *standard.Webhook
	client *http.Client
	doc    *document
	refuse atomic.Int64 // how many writes of the server still fail
	sent   atomic.Int64 // answers that have left the server
	taken  atomic.Int64 // those of them that were read to their end

	mu       sync.Mutex
	ids      int
	canaries []string
	people   sync.WaitGroup
}

// newSystem serves the adapter on loopback, through connections that can be made to fail.
func newSystem(tb testing.TB, h http.Handler) *system {
	tb.Helper()
	sign, err := standard.NewWebhook(secret)
	if err != nil {
		tb.Fatal(err)
	}
	s := &system{tb: tb, sign: sign, doc: newDocument(tb), canaries: []string{secret, "canary-secret-of"}}
	server := httptest.NewUnstartedServer(h)
	server.Listener = failing{server.Listener, s}
	server.Start()
	tb.Cleanup(server.Close)
	s.url, s.client = server.URL+"/webhook", &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 100}}
	tb.Cleanup(s.client.CloseIdleConnections)
	tb.Cleanup(s.people.Wait)
	return s
}

// failing makes connections that break when they are written to, as often as the system says.
type failing struct {
	net.Listener
	system *system
}

func (l failing) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	return failingConn{c, l.system}, err
}

type failingConn struct {
	net.Conn
	system *system
}

func (c failingConn) Write(p []byte) (int, error) {
	if c.system.refuse.Add(-1) >= 0 {
		c.Close()
		return 0, fmt.Errorf("write to %s: broken, canary of the network", c.RemoteAddr())
	}
	if bytes.HasPrefix(p, []byte("HTTP/1.1 ")) {
		c.system.sent.Add(1)
	}
	return c.Conn.Write(p)
}

func (s *system) newID() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ids++
	id := fmt.Sprintf("msg-canary-%d", s.ids)
	s.canaries = append(s.canaries, id)
	return id
}

func (s *system) allCanaries() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append(slices.Clone(s.canaries), "canary of the network", "canary-browser")
}

// shown is a message as this system understands it.
type shown struct {
	Messages []struct {
		Text, Lang, Here string
		Clear            bool
		Buttons          []struct{ Label, Data, URL, Phone, Kind string }
	}
}

var errNotThere = errors.New("the server is starting")

// ask sends one update, and holds the exchange to the description and the answer to its signature.
func (s *system) ask(update map[string]string) (shown, error) {
	body, err := json.Marshal(update)
	if err != nil {
		s.tb.Error(err)
	}
	id, now := s.newID(), time.Now()
	req := s.request(id, now, body)
	answer, err := s.client.Do(req)
	if err != nil {
		return shown{}, err
	}
	defer answer.Body.Close()
	data, err := io.ReadAll(answer.Body)
	if err != nil {
		return shown{}, err
	}
	s.doc.holds(s.tb, answer, data)
	var got shown
	switch answer.StatusCode {
	case http.StatusServiceUnavailable:
		return got, errNotThere
	case http.StatusOK:
	default:
		s.tb.Errorf("status %d: %s", answer.StatusCode, data)
	}
	if err := s.sign.Verify(data, answer.Header); err != nil || answer.Header.Get("webhook-id") != id {
		s.tb.Errorf("the answer's signature: %v; its id is %q, expected %q", err, answer.Header.Get("webhook-id"), id)
	}
	if err := json.Unmarshal(data, &got); err != nil || len(got.Messages) != 1 {
		s.tb.Errorf("%d messages, %v", len(got.Messages), err)
		return shown{}, errNotThere
	}
	return got, nil
}

// request is one with a good signature.
func (s *system) request(id string, now time.Time, body []byte) *http.Request {
	signature, err := s.sign.Sign(id, now, body)
	if err != nil {
		s.tb.Error(err)
	}
	req, err := http.NewRequest("POST", s.url, bytes.NewReader(body))
	if err != nil {
		s.tb.Error(err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("User-Agent", "canary-browser of Kanarie Fågelsdotter")
	req.Header.Set("webhook-id", id)
	req.Header.Set("webhook-timestamp", strconv.FormatInt(now.Unix(), 10))
	req.Header.Set("webhook-signature", signature)
	return req
}

// person is somebody in this system's chat, which shows one screen.
type person struct {
	*system
	tb   testing.TB
	lang string
	acts chan map[string]string

	mu             sync.Mutex
	done, answered int // acts done, and the last one that was answered
	screen         adaptertest.Shown
	here           string
}

func (s *system) join(tb testing.TB, lang string) adaptertest.Person {
	p := &person{system: s, tb: tb, lang: lang, acts: make(chan map[string]string, 100)}
	s.people.Go(p.live)
	tb.Cleanup(func() { close(p.acts) })
	return p
}

// live sends what the person does and shows what comes back.
func (p *person) live() {
	n := 0
	for update := range p.acts {
		n++
		got, err := p.ask(update)
		for errors.Is(err, errNotThere) {
			p.taken.Add(1)
			time.Sleep(5 * time.Millisecond)
			got, err = p.ask(update)
		}
		if err != nil {
			continue // the answer is lost
		}
		p.show(n, got, update["data"])
		p.taken.Add(1)
	}
}

func (p *person) show(act int, got shown, pressed string) {
	m := got.Messages[0]
	p.mu.Lock()
	defer p.mu.Unlock()
	p.answered = act
	p.screen = adaptertest.Shown{Text: m.Text}
	p.here = pressed
	if m.Here != "" {
		p.here = m.Here
	}
	for _, b := range m.Buttons {
		p.screen.Buttons = append(p.screen.Buttons, adaptertest.Button{Label: b.Label, Data: b.Data, URL: b.URL, Copy: b.Phone})
	}
}

func (p *person) act(update map[string]string) {
	p.done++
	if p.lang != "" {
		update["lang"] = p.lang
	}
	p.acts <- update
}

func (p *person) Arrive() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.act(map[string]string{})
}

func (p *person) Press(i int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, b := range p.screen.Buttons {
		if b.Data == "" {
			continue
		}
		if i == 0 {
			p.act(map[string]string{"data": b.Data})
			return
		}
		i--
	}
	p.tb.Fatal("no such button")
}

func (p *person) Type(text string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.act(map[string]string{"text": text, "data": p.here})
}

func (p *person) Screen() adaptertest.Shown {
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(time.Millisecond) {
		p.mu.Lock()
		screen, there := p.screen, p.answered >= p.done
		p.mu.Unlock()
		if there {
			return screen
		}
	}
	p.tb.Fatal("no answer")
	return adaptertest.Shown{}
}

// Visible is what stands there once all that has left the server has come.
func (p *person) Visible() []string {
	for end := time.Now().Add(patience); p.taken.Load() < p.sent.Load() && time.Now().Before(end); {
		time.Sleep(time.Millisecond)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	return []string{p.screen.Text}
}

// What is said here is between the system and one person: nobody can be met in a room, an answer is the response to a request, and there is
// nothing that could be away. A system may give a hint or none.
func TestConformance(t *testing.T) {
	for name, noHint := range map[string]bool{"hint": false, "no_hint": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			adaptertest.Run(t, func(tb testing.TB) *adaptertest.Stage {
				w := newWebhook(tb, secret)
				s := newSystem(tb, w)
				return &adaptertest.Stage{
					Adapter:  w,
					Join:     s.join,
					Refuse:   func(n int) { s.refuse.Store(int64(n)) },
					Canaries: s.allCanaries,
					Grace:    20 * time.Second,
					NoHint:   noHint,
				}
			})
		})
	}
}
