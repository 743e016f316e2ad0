package standin

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"time"
)

// Inject puts any JSON into the queue as an update, whatever the bot asked for, and gives the id by which it is accounted for. An object
// without an update_id gets the next one; one that has an id keeps it, however old or new. Of an unknown chat the server knows nothing.
func (s *Server) Inject(raw string) int64 {
	s.core.TB.Helper()
	body := bytes.TrimSpace([]byte(raw))
	if !json.Valid(body) {
		s.core.TB.Errorf("an update that is no JSON makes the whole answer unreadable: use Fail with BadJSON")
		return 0
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	id := s.inject(body)
	s.touch(nil)
	return id
}

func (s *Server) inject(body []byte) int64 {
	var head struct {
		ID *int64 `json:"update_id"`
	}
	var object map[string]json.RawMessage
	isObject := json.Unmarshal(body, &object) == nil && object != nil
	_ = json.Unmarshal(body, &head) // an id of another type: none
	id := s.queue.last + 1
	if head.ID != nil {
		id = *head.ID
	} else {
		s.queue.last = id
		if _, has := object["update_id"]; isObject && !has {
			start := fmt.Sprintf(`{"update_id":%d`, id)
			if len(object) > 0 {
				start += ","
			}
			body = append([]byte(start), body[1:]...)
		}
	}
	s.queue.put(&record{Delivery{Update: id, Chat: chatOf(object), Made: time.Now()}, body, "update " + strconv.FormatInt(id, 10)})
	return id
}

// chatOf finds the chat of an update of whatever kind.
func chatOf(update map[string]json.RawMessage) int64 {
	type within struct{ Chat struct{ ID int64 } }
	for _, raw := range update {
		var v struct {
			within
			Message within
		}
		if json.Unmarshal(raw, &v) == nil {
			if v.Message.Chat.ID != 0 {
				return v.Message.Chat.ID
			}
			if v.Chat.ID != 0 {
				return v.Chat.ID
			}
		}
	}
	return 0
}

// Redeliver hands an update out once more, as if the first time had been forgotten. It goes behind what waits.
func (s *Server) Redeliver(update int64) {
	s.core.TB.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	r := s.queue.records[update]
	if r == nil {
		s.core.TB.Errorf("update %d was never made", update)
		return
	}
	s.queue.put(r)
	s.touch(nil)
}
