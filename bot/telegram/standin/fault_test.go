package standin_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"motkraft/bot/telegram/standin"
)

// raw makes a call and gives all that comes back.
func raw(ctx context.Context, s *standin.Server, method string, params p) (int, []byte, error) {
	form := url.Values{}
	for name, value := range params {
		form.Set(name, value)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, s.URL+"/bot"+s.Token+"/"+method, strings.NewReader(form.Encode()))
	if err != nil {
		return 0, nil, err
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, nil, err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	return resp.StatusCode, body, err
}

func TestFaults(t *testing.T) {
	for _, c := range []struct {
		name  string
		fault standin.Fault
		want  func(code int, body []byte, err error) bool
		quiet bool // nothing is said in which a canary could stand
	}{
		{"500", standin.Fault{Status: 500}, func(code int, _ []byte, err error) bool { return code == 500 && err == nil }, false},
		{"400", standin.Fault{Status: 400, Description: "Bad Request: no"}, func(_ int, body []byte, _ error) bool {
			return bytes.Contains(body, []byte("Bad Request: no"))
		}, false},
		{"429", standin.Fault{Status: 429, RetryAfter: 7}, func(code int, body []byte, _ error) bool {
			return code == 429 && bytes.Contains(body, []byte(`"retry_after":7`))
		}, false},
		{"half", standin.Fault{Kind: standin.Half}, func(code int, _ []byte, err error) bool {
			return code == 200 && errors.Is(err, io.ErrUnexpectedEOF)
		}, true},
		{"no JSON", standin.Fault{Kind: standin.BadJSON}, func(code int, body []byte, err error) bool {
			return code == 200 && err == nil && bytes.Contains(body, []byte(",,"))
		}, false},
		{"HTML", standin.Fault{Kind: standin.HTML}, func(code int, body []byte, _ error) bool {
			return code == 502 && bytes.HasPrefix(body, []byte("<html>"))
		}, false},
		{"drop", standin.Fault{Kind: standin.Drop}, func(code int, _ []byte, err error) bool { return code == 0 && err != nil }, true},
		{"hang", standin.Fault{Kind: standin.Hang}, func(_ int, _ []byte, err error) bool { return errors.Is(err, context.DeadlineExceeded) }, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, done := range []bool{false, true} {
				s := standin.New(t, standin.Options{})
				anna := s.Join("")
				anna.Start("")
				fault := c.fault
				fault.Done = done
				s.Fail(func(call standin.Call) *standin.Fault {
					if call.Method == "sendMessage" && call.Chat == anna.ID && call.Params["text"] == "x" && call.N == 1 {
						return &fault
					}
					return nil
				})
				ctx, cancel := t.Context(), func() {}
				if c.fault.Kind == standin.Hang {
					ctx, cancel = context.WithTimeout(ctx, 100*time.Millisecond)
				}
				code, body, err := raw(ctx, s, "sendMessage", p{"chat_id": id(anna.ID), "text": "x"})
				cancel()
				if !c.want(code, body, err) {
					t.Errorf("got %d %q %v", code, body, err)
				}
				for _, canary := range []string{s.Token, anna.First, id(anna.ID)} {
					if !c.quiet && !bytes.Contains(body, []byte(canary)) {
						t.Errorf("%q is not in %q", canary, body)
					}
				}
				if sent := len(anna.Screens()) == 1; sent != done {
					t.Errorf("carried out: %v, want %v", sent, done)
				}
				s.Fail(nil)
				if c.fault.RetryAfter == 0 {
					must(t, s, "sendMessage", p{"chat_id": id(anna.ID), "text": "x"})
				}
				none(t, s)
			}
		})
	}
}

func TestRetryEarly(t *testing.T) {
	s := standin.New(t, standin.Options{})
	anna, bo := s.Join(""), s.Join("")
	anna.Start("")
	bo.Start("")
	s.Fail(func(c standin.Call) *standin.Fault {
		if c.Method == "sendMessage" && c.N == 1 {
			return &standin.Fault{Status: 429, RetryAfter: 1}
		}
		return nil
	})
	send := func(to *standin.Person) answer {
		return call(t, s, "sendMessage", p{"chat_id": id(to.ID), "text": "x"})
	}
	if a := send(anna); a.Status != 429 || a.Parameters.RetryAfter != 1 {
		t.Fatalf("got %+v", a)
	}
	held := time.Now()
	if a := send(bo); !a.OK || s.RetryEarly() != 0 {
		t.Errorf("another chat is held up: %+v", a)
	}
	a := send(anna)
	if time.Since(held) < time.Second && (a.Status != 429 || a.Parameters.RetryAfter != 1 || s.RetryEarly() != 1) {
		t.Errorf("got %+v, %d early", a, s.RetryEarly())
	}
	early := s.RetryEarly()
	time.Sleep(time.Until(held.Add(time.Second)))
	if a := send(anna); !a.OK || s.RetryEarly() != early {
		t.Errorf("got %+v, %d early", a, s.RetryEarly())
	}
}

func TestCanaries(t *testing.T) {
	s := standin.New(t, standin.Options{})
	anna, g := s.Join(""), s.Group()
	anna.Type("something only I know")
	anna.Press("a")
	query := poll(t, s, nil)[1].Query.ID
	must(t, s, "setWebhook", p{"url": "https://example.org/", "secret_token": "a-secret"})
	all := " " + strings.Join(s.Canaries(), " ") + " "
	for _, want := range []string{s.Token, id(anna.ID), anna.First, anna.Last, anna.Username, "something only I know", query, "a-secret", id(g.ID)} {
		if !strings.Contains(all, " "+want+" ") {
			t.Errorf("%q is missing", want)
		}
	}
}
