package channel

import (
	"context"
	"time"
)

// Pace is a rate limiter by key, such as a chat's id: it counts one more answer for the key and gives 0, or gives how long the key has to wait
// for it, uncounted. It is safe for concurrent use and keeps no key. nil limits nobody.
type Pace func(key string) time.Duration

// glance is how soon is looked again whether a key's time has come, or whether something came behind it.
const glance = 250 * time.Millisecond

// IsOver counts one more answer for the key, and reports whether that is too fast. It does not wait: for a platform that gives up what is
// not answered at once.
func (p Pace) IsOver(key string) bool { return p != nil && p(key) > 0 }

// Await throttles a key whose work runs in q: it waits until the key's time has come, and then, or when ctx is done, reports true. It reports
// false where something waits behind it in q: of a flood the last is answered, and the others would only stand in everybody's way.
func (p Pace) Await(ctx context.Context, key string, q *Queues) bool {
	if p == nil {
		return true
	}
	for wait := p(key); wait > 0; wait = p(key) {
		if q.Waiting(key) > 0 {
			return false
		}
		if !Sleep(ctx, min(wait, glance)) {
			break
		}
	}
	return true
}
