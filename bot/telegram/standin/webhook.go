package standin

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"motkraft/bot/fakeserver"
)

// webhook is where updates go while it is set.
type webhook struct {
	url, secret string
	max         int
	given       string // all parameters, to tell a change
	failed      time.Time
	failure     string
	end         context.CancelFunc
}

// hookTimeout is how long a webhook may take to answer, as the real server waits.
const hookTimeout = 60 * time.Second

// defaultConnections is max_connections where setWebhook does not say it.
const defaultConnections = 40

// hookClient speaks to this very host only: for another address there is ForwardWebhook.
var hookClient = fakeserver.Client(hookTimeout)

// ForwardWebhook sends what is for any webhook to another base address, as a reverse proxy would: the path stays. "" ends it.
func (s *Server) ForwardWebhook(base string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.forward = base
	s.queue.wake()
}

// WebhookURL is the address that is set, empty where none is.
func (s *Server) WebhookURL() string {
	return fakeserver.Ask(s.core, func() string {
		if s.hook == nil {
			return ""
		}
		return s.hook.url
	})
}

func (s *Server) setWebhook(r *request) (any, error) {
	to := r.params.text("url")
	if to == "" {
		return s.deleteWebhook(r)
	}
	r.params.into("allowed_updates", &s.queue.allowed)
	hook := &webhook{url: to, secret: r.params.text("secret_token"), max: int(r.params.number("max_connections", defaultConnections))}
	if hook.secret != "" {
		s.core.Keep(hook.secret)
	}
	hook.given = fmt.Sprint(hook.url, " ", hook.secret, " ", hook.max)
	if s.hook != nil && s.hook.given == hook.given && !r.params.isTrue("drop_pending_updates") {
		return said{true, "Webhook is already set"}, nil
	}
	s.queue.terminate("Conflict: terminated by setWebhook request")
	s.unhook(r)
	ctx, end := context.WithCancel(s.core.Ctx)
	hook.end = end
	s.hook = hook
	s.core.Tasks.Go(func() { s.deliver(ctx, hook) })
	return said{true, "Webhook was set"}, nil
}

func (s *Server) deleteWebhook(r *request) (any, error) {
	had := s.hook != nil
	s.unhook(r)
	if !had {
		return said{true, "Webhook is already deleted"}, nil
	}
	return said{true, "Webhook was deleted"}, nil
}

// unhook ends deliveries and drops what waits where the call says so. It needs the lock.
func (s *Server) unhook(r *request) {
	if s.hook != nil {
		s.hook.end()
		s.hook = nil
	}
	if r.params.isTrue("drop_pending_updates") {
		for _, e := range s.queue.entries {
			e.confirmed()
		}
		s.queue.entries = nil
	}
}

func (s *Server) getWebhookInfo(*request) (any, error) {
	info := map[string]any{"url": "", "has_custom_certificate": false, "pending_update_count": len(s.queue.entries)}
	if len(s.queue.allowed) > 0 {
		info["allowed_updates"] = s.queue.allowed
	}
	if s.hook != nil {
		info["url"], info["max_connections"] = s.hook.url, s.hook.max
		if !s.hook.failed.IsZero() {
			info["last_error_date"], info["last_error_message"] = s.hook.failed.Unix(), s.hook.failure
		}
	}
	return info, nil
}

// deliver posts what waits until ctx is done: lanes at once, the updates of a lane one after the other, each until it is answered 2xx.
func (s *Server) deliver(ctx context.Context, hook *webhook) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for ctx.Err() == nil {
		lanes, next := map[string]bool{}, time.Now().Add(hookTimeout)
		for _, e := range s.queue.entries {
			first := !lanes[e.lane]
			lanes[e.lane] = true
			if !first || e.busy || s.queue.inFlight >= hook.max || s.core.IsAway() {
				continue
			}
			if time.Now().Before(e.wake) {
				if e.wake.Before(next) {
					next = e.wake
				}
				continue
			}
			e.busy = true
			s.queue.handOut(e)
			s.queue.inFlight++
			s.core.Tasks.Go(func() { s.post(hook, e) })
		}
		arrived := s.queue.arrived
		s.mu.Unlock()
		select {
		case <-arrived:
		case <-time.After(time.Until(next)):
		case <-ctx.Done():
		}
		s.mu.Lock()
	}
}

// post tries one delivery. What is under way when the webhook is deleted ends as usual.
func (s *Server) post(hook *webhook, e *entry) {
	s.mu.Lock()
	to, body := hook.url, bytes.Clone(e.body)
	if s.forward != "" {
		to = forwarded(to, s.forward)
	}
	s.mu.Unlock()
	failure := s.tryPost(to, hook.secret, body)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.queue.inFlight--
	e.busy = false
	if failure != "" {
		hook.failed, hook.failure = s.core.Clock(), failure
		if e.tries++; e.tries > 1 { // the second try comes at once
			e.wake = time.Now().Add(s.opts.Redelivery)
		}
	} else {
		e.confirmed()
		for i, other := range s.queue.entries {
			if other == e {
				s.queue.entries = append(s.queue.entries[:i:i], s.queue.entries[i+1:]...)
				break
			}
		}
	}
	s.queue.wake()
	s.touch(nil)
}

func (s *Server) tryPost(to, secret string, body []byte) (failure string) {
	h := http.Header{"Content-Type": {"application/json"}}
	if secret != "" {
		h.Set("X-Telegram-Bot-Api-Secret-Token", secret)
	}
	status, _, err := fakeserver.Post(s.core.Ctx, hookClient, to, h, body) // an answer's body asks for nothing here
	switch {
	case err != nil:
		return "Webhook connection closed"
	case status/100 != 2:
		return fmt.Sprintf("Wrong response from the webhook: %d %s", status, http.StatusText(status))
	}
	return ""
}

// forwarded puts an address's path and query behind another base.
func forwarded(to, base string) string {
	u, err := url.Parse(to)
	if err != nil {
		return base
	}
	return base + u.RequestURI()
}
