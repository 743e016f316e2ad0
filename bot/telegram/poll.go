package telegram

import (
	"context"
	"encoding/json"
	"errors"
	"strconv"
	"sync"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"motkraft/bot"
	"motkraft/bot/channel"
)

const (
	// longPoll is how long Telegram holds a request for updates open.
	longPoll = 25 * time.Second

	// glance is how soon new updates are looked for while one is in hand: then a request is answered at once, with what is known already.
	glance = 250 * time.Millisecond

	// otherPollerPause is how long to leave the server to another poller before trying again.
	otherPollerPause = 5 * time.Second

	// forget is after how long without updates the numbers begin anew: after a week without any, Telegram takes up at a random one
	// (https://core.telegram.org/bots/api#update), which may be lower.
	forget = 24 * time.Hour
)

// poll fetches updates until ctx is done, finishes what is in hand, and confirms what was answered.
func (t *Telegram) poll(ctx context.Context, h bot.Handler) {
	// A webhook that is still set would keep all updates; what waits there is kept.
	if !t.insist(ctx, h, "deleteWebhook", nil) {
		return
	}
	l := newLedger()
	t.fetch(ctx, h, l)
	t.queues.Finish()
	t.confirm(l)
}

// fetch asks for updates and hands them on, until ctx is done.
func (t *Telegram) fetch(ctx context.Context, h bot.Handler, l *ledger) {
	for ctx.Err() == nil {
		batch, err := channel.Persist(ctx, backoff, h, &t.Refusals, func() ([]json.RawMessage, error) { return t.updates(ctx, l) })
		if err != nil {
			return
		}
		if fresh := t.handOn(h, batch, l); !fresh && l.busy() {
			l.await(ctx, glance)
		}
	}
}

// updates asks once.
func (t *Telegram) updates(ctx context.Context, l *ledger) ([]json.RawMessage, error) {
	hold := longPoll
	if l.busy() {
		hold = 0
	}
	params := tgbotapi.Params{
		"limit":           strconv.Itoa(maxInHand),
		"timeout":         strconv.Itoa(int(hold / time.Second)),
		"allowed_updates": wanted,
	}
	if offset := l.offset(); offset != 0 {
		params["offset"] = number(offset)
	}
	result, err := t.api.try(ctx, "getUpdates", params, hold+channel.CallTimeout)
	var refused *refusal
	if errors.As(err, &refused) && refused.kind == otherPoller {
		const what = "another program fetches updates with this token: stop it, or give it a token of its own; trying again"
		return nil, &channel.Temporary{Channel: "telegram", Call: "getUpdates", What: what, After: otherPollerPause}
	}
	if err != nil {
		return nil, final(err)
	}
	var batch []json.RawMessage
	if err := json.Unmarshal(result, &batch); err != nil {
		return nil, &channel.Temporary{Channel: "telegram", Call: "getUpdates", What: "an answer that cannot be read"}
	}
	return batch, nil
}

// handOn gives the updates that are new to their chats, and reports whether there were any.
func (t *Telegram) handOn(h bot.Handler, batch []json.RawMessage, l *ledger) (fresh bool) {
	for _, raw := range batch {
		// The number alone first: an update of a shape that we do not know is still one to confirm.
		var id struct {
			ID int64 `json:"update_id"`
		}
		if json.Unmarshal(raw, &id) != nil || id.ID == 0 || !l.begin(id.ID) {
			continue
		}
		fresh = true
		var u update
		if json.Unmarshal(raw, &u) != nil {
			l.end(id.ID)
			continue
		}
		t.take(h, u, func(settled bool) {
			if settled {
				l.end(id.ID)
			}
		})
	}
	return fresh
}

// confirm tells the server what was answered, so that it is not answered again after a restart.
func (t *Telegram) confirm(l *ledger) {
	offset := l.offset()
	if offset == 0 {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	_, _ = t.api.try(ctx, "getUpdates", tgbotapi.Params{"offset": number(offset), "limit": "1", "timeout": "0", "allowed_updates": wanted}, time.Second)
}

// window is how far the updates that are asked for may lie behind the newest one. Telegram gives a hundred from the number on that is asked from, so
// that one which is in hand for long would in time keep all newer ones away. What falls behind the window is confirmed though it is still in
// hand: it is answered all the same, and only a crash meanwhile would lose it.
const window = maxInHand / 2

// ledger knows which updates are in hand and which are settled.
type ledger struct {
	mu      sync.Mutex
	below   int64          // all numbers below were confirmed; 0: none was
	highest int64          // the highest number that came
	settled map[int64]bool // what came and is not confirmed yet: false while in hand
	pending int            // how many are in hand
	last    time.Time      // when something came
	ended   chan struct{}  // told that one was settled
}

func newLedger() *ledger {
	return &ledger{settled: map[int64]bool{}, ended: make(chan struct{}, 1), last: time.Now()}
}

// begin reports whether an update is new, and takes it in hand.
func (l *ledger) begin(id int64) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if _, known := l.settled[id]; known || id < l.below {
		return false
	}
	l.settled[id] = false
	l.pending++
	l.highest = max(l.highest, id)
	l.last = time.Now()
	return true
}

// end settles an update.
func (l *ledger) end(id int64) {
	l.mu.Lock()
	if _, known := l.settled[id]; known { // it may have fallen behind the window
		l.settled[id] = true
	}
	l.pending--
	l.mu.Unlock()
	select {
	case l.ended <- struct{}{}:
	default:
	}
}

// offset is the number from which on updates are asked for: the lowest in hand, else the one after the last. All below is confirmed by
// asking so. 0 asks for whatever waits.
func (l *ledger) offset() int64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.highest == 0 {
		return 0
	}
	if l.pending == 0 && time.Since(l.last) > forget {
		l.below, l.highest = 0, 0
		clear(l.settled)
		return 0
	}
	l.below = l.highest + 1
	for id, settled := range l.settled {
		if !settled {
			l.below = min(l.below, id)
		}
	}
	l.below = max(l.below, l.highest+1-window)
	for id := range l.settled {
		if id < l.below {
			delete(l.settled, id)
		}
	}
	return l.below
}

// busy reports whether something is in hand.
func (l *ledger) busy() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.pending > 0
}

// await waits until something was settled, for a while at most.
func (l *ledger) await(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	case <-l.ended:
	}
}
