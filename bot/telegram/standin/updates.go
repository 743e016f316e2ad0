package standin

import (
	"encoding/json"
	"slices"
	"time"

	"motkraft/bot/fakeserver"
)

// Delivery is what became of one update. Times are by the real clock, as in Call.
type Delivery struct {
	Update    int64     // its id
	Chat      int64     // 0: none known
	Made      time.Time // when the person acted
	Handed    int       // how often it was handed out
	First     time.Time // when it was first handed out; zero: never
	Confirmed time.Time // when an offset above it came, or its webhook delivery was answered 2xx; zero: not yet
}

// queue holds the updates that are not confirmed.
type queue struct {
	last     int64 // the last id given
	entries  []*entry
	records  map[int64]*record
	order    []int64
	passed   int64 // the highest id that was handed out, or confirmed
	allowed  []string
	arrived  chan struct{} // closed and made anew when an update comes or a delivery ends
	poll     *poll         // the long poll that waits
	inFlight int           // webhook deliveries
}

// record is an update as it was made, for accounting and to make it again.
type record struct {
	Delivery
	body []byte
	lane string
}

// entry is an update that waits.
type entry struct {
	*record
	late bool // it came after a higher id was passed: no offset confirms it before it was handed out
	out  bool // it was handed out
	// As for a webhook:
	busy  bool
	tries int
	wake  time.Time
}

// poll is a long poll that waits.
type poll struct {
	end     chan struct{} // closed when it must end
	because *refusal
}

// Both in the real server's words.
const (
	polledElsewhere = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
	webhookIsSet    = "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
)

func newQueue() queue {
	return queue{last: 870_000_000, records: map[int64]*record{}, arrived: make(chan struct{})}
}

// notAsked are the kinds of updates that come only when allowed_updates names them.
var notAsked = []string{"chat_member", "message_reaction", "message_reaction_count"}

// make puts an update of a kind that the bot wants into the queue. lane names what is delivered one after the other.
func (q *queue) make(kind, lane string, chat int64, content any) int64 {
	q.last++
	wanted := slices.Contains(q.allowed, kind)
	if len(q.allowed) == 0 {
		wanted = !slices.Contains(notAsked, kind)
	}
	if wanted {
		body := fakeserver.JSON(map[string]any{"update_id": q.last, kind: content})
		q.put(&record{Delivery{Update: q.last, Chat: chat, Made: time.Now()}, body, lane})
	}
	return q.last
}

func (q *queue) put(r *record) {
	if known := q.records[r.Update]; known == nil {
		q.records[r.Update] = r
		q.order = append(q.order, r.Update)
	} else {
		known.body = r.body
		r = known
	}
	q.entries = append(q.entries, &entry{record: r, late: r.Update <= q.passed})
	q.wake()
}

func (q *queue) wake() {
	close(q.arrived)
	q.arrived = make(chan struct{})
}

// confirm forgets what is below an offset; a negative one keeps so many of the last.
func (q *queue) confirm(offset int64) {
	q.passed = max(q.passed, offset-1)
	from := len(q.entries) + int(offset)
	kept := q.entries[:0:0]
	for i, e := range q.entries {
		gone := offset > 0 && e.Update < offset && (!e.late || e.out)
		if gone || offset < 0 && i < from {
			e.confirmed()
		} else {
			kept = append(kept, e)
		}
	}
	q.entries = kept
}

func (e *entry) confirmed() {
	if e.Confirmed.IsZero() {
		e.Confirmed = time.Now()
	}
}

func (q *queue) handOut(e *entry) {
	q.passed = max(q.passed, e.Update)
	e.out = true
	if e.Handed++; e.First.IsZero() {
		e.First = time.Now()
	}
}

// terminate ends the long poll that waits, if one does.
func (q *queue) terminate(because string) {
	if q.poll != nil {
		q.poll.because = &refusal{code: 409, text: because}
		close(q.poll.end)
		q.poll = nil
	}
}

// take hands out what waits from an offset on.
func (q *queue) take(offset, limit int64) []json.RawMessage {
	batch := []json.RawMessage{}
	for _, e := range q.entries {
		if int64(len(batch)) < limit && (e.late || e.Update >= offset) {
			q.handOut(e)
			batch = append(batch, e.body)
		}
	}
	return batch
}

// longestPoll is where the real server cuts a timeout, in seconds.
const longestPoll = 50

func (s *Server) getUpdates(r *request) (any, error) {
	offset, limit := r.params.number("offset", 0), r.params.number("limit", maxUpdates)
	timeout := time.Duration(min(r.params.number("timeout", 0), longestPoll)) * time.Second
	if s.hook != nil {
		return nil, &refusal{code: 409, text: webhookIsSet}
	}
	if s.rival {
		return nil, &refusal{code: 409, text: polledElsewhere}
	}
	r.params.into("allowed_updates", &s.queue.allowed)
	s.queue.confirm(offset)
	s.touch(nil)
	if batch := s.queue.take(offset, limit); len(batch) > 0 || timeout <= 0 {
		return batch, nil
	}
	s.queue.terminate(polledElsewhere)
	mine := &poll{end: make(chan struct{})}
	s.queue.poll = mine
	s.touch(nil)
	end := time.NewTimer(timeout)
	defer end.Stop()
	for {
		arrived, gone := s.queue.arrived, s.core.Gone()
		s.mu.Unlock()
		over := false
		select {
		case <-arrived:
		case <-mine.end:
		case <-end.C:
			over = true
		case <-r.Context().Done(): // nobody is there to be handed anything
			over = true
		case <-s.core.Ctx.Done():
			over = true
		case <-gone:
			over = true
		}
		s.mu.Lock()
		if mine.because != nil {
			return nil, mine.because
		}
		var batch []json.RawMessage
		if r.Context().Err() == nil && !s.core.IsAway() {
			batch = s.queue.take(offset, limit)
		}
		if len(batch) > 0 || over {
			s.queue.poll = nil
			s.touch(nil)
			return append([]json.RawMessage{}, batch...), nil
		}
	}
}

// Polling says whether a long poll waits now.
func (s *Server) Polling() bool {
	return fakeserver.Ask(s.core, func() bool { return s.queue.poll != nil })
}

// Updates gives what became of every update that was made for the bot, in the order in which they were made.
func (s *Server) Updates() []Delivery {
	return fakeserver.Ask(s.core, func() []Delivery {
		all := make([]Delivery, len(s.queue.order))
		for i, id := range s.queue.order {
			all[i] = s.queue.records[id].Delivery
		}
		return all
	})
}

// Update gives what became of one update; of one that was not for the bot, the zero Delivery.
func (s *Server) Update(id int64) Delivery {
	return fakeserver.Ask(s.core, func() (d Delivery) {
		if r := s.queue.records[id]; r != nil {
			d = r.Delivery
		}
		return d
	})
}

// WaitConfirmed waits until updates are confirmed; without ids, until all that were made are.
func (s *Server) WaitConfirmed(ids ...int64) bool {
	s.core.TB.Helper()
	return s.Wait("updates to be confirmed", func() bool {
		return !slices.ContainsFunc(s.Updates(), func(d Delivery) bool {
			return d.Confirmed.IsZero() && (len(ids) == 0 || slices.Contains(ids, d.Update))
		})
	})
}
