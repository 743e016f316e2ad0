package standin_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"

	"motkraft/bot/telegram/standin"
)

func TestOffsetConfirms(t *testing.T) {
	s := standin.New(t, standin.Options{})
	anna := s.Join("")
	first, second := anna.Type("one"), anna.Type("two")
	if got := poll(t, s, p{"limit": "1"}); len(got) != 1 || got[0].ID != first {
		t.Fatalf("got %+v", got)
	}
	if got := poll(t, s, nil); len(got) != 2 {
		t.Fatalf("what is not confirmed does not come again: %+v", got)
	}
	if got := poll(t, s, p{"offset": id(second)}); len(got) != 1 || got[0].ID != second {
		t.Fatalf("got %+v", got)
	}
	d := s.Updates()
	if d[0].Handed != 2 || d[0].Confirmed.IsZero() || d[1].Handed != 2 || !d[1].Confirmed.IsZero() || d[0].Chat != anna.ID {
		t.Errorf("got %+v", d)
	}
	if got := poll(t, s, p{"offset": id(second + 1)}); len(got) != 0 {
		t.Errorf("got %+v", got)
	}
	s.WaitConfirmed()
	third := anna.Type("three")
	anna.Type("four")
	if got := poll(t, s, p{"offset": "-1"}); len(got) != 1 || s.Update(third).Confirmed.IsZero() {
		t.Errorf("got %+v, %+v", got, s.Update(third))
	}
}

func TestALongPollEndsWhenAnUpdateComes(t *testing.T) {
	s := standin.New(t, standin.Options{})
	anna := s.Join("")
	var wg sync.WaitGroup
	wg.Go(func() {
		s.Wait("the poll", s.Polling)
		anna.Type("hello")
	})
	if got := poll(t, s, p{"timeout": "50"}); len(got) != 1 {
		t.Errorf("got %+v", got)
	}
	wg.Wait()
}

func TestALongPollEndsWithItsCaller(t *testing.T) {
	s := standin.New(t, standin.Options{})
	anna := s.Join("")
	ctx, cancel := context.WithCancel(t.Context())
	address := s.URL + "/bot" + s.Token + "/getUpdates"
	req, _ := http.NewRequestWithContext(ctx, http.MethodPost, address, strings.NewReader(url.Values{"timeout": {"50"}}.Encode()))
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	var wg sync.WaitGroup
	wg.Go(func() {
		s.Wait("the poll", s.Polling)
		cancel()
	})
	if _, err := http.DefaultClient.Do(req); err == nil {
		t.Error("the call came through")
	}
	wg.Wait()
	s.Wait("the end of the poll", func() bool { return s.Log()[0].Status != 0 })
	update := anna.Type("hello")
	if d := s.Update(update); d.Handed != 0 {
		t.Errorf("handed to nobody: %+v", d)
	}
	if got := poll(t, s, nil); len(got) != 1 {
		t.Errorf("got %+v", got)
	}
}

func TestTwoPollers(t *testing.T) {
	s := standin.New(t, standin.Options{})
	anna := s.Join("")
	var wg sync.WaitGroup
	wg.Go(func() {
		refuses(t, s, "getUpdates", p{"timeout": "50"}, 409, "Conflict: terminated by other getUpdates request")
	})
	s.Wait("the first poll", s.Polling)
	wg.Go(func() {
		s.Wait("the end of the first", func() bool { return s.Log()[0].Status == 409 })
		anna.Type("hello")
	})
	if got := poll(t, s, p{"timeout": "50"}); len(got) != 1 {
		t.Errorf("got %+v", got)
	}
	wg.Wait()
	s.Rival(true)
	refuses(t, s, "getUpdates", nil, 409, "terminated by other getUpdates request")
	s.Rival(false)
	must(t, s, "getUpdates", nil)
}

func TestOddUpdates(t *testing.T) {
	s := standin.New(t, standin.Options{})
	anna := s.Join("sv")
	last := anna.Type("one")
	poll(t, s, p{"offset": id(last + 1)})

	s.Redeliver(last)
	old := s.Inject(`{"update_id":5,"message":{}}`)
	next := s.Inject(`{"jubilee":{"message":{"chat":{"id":` + id(anna.ID) + `}}}}`)
	s.Inject(`{}`)
	raw := anna.TypeRaw(`{"message":{"message_id":$ID,"from":$FROM,"chat":$CHAT,"date":$DATE,"sticker":{}}}`)
	got := poll(t, s, p{"offset": id(last + 1)})
	var ids []int64
	for _, u := range got {
		ids = append(ids, u.ID)
	}
	if len(ids) != 5 || ids[0] != last || ids[1] != 5 || old != 5 || ids[2] != next || ids[4] != raw {
		t.Fatalf("got %v", ids)
	}
	if s.Update(next).Chat != anna.ID || s.Update(last).Handed != 1 || got[4].Message.ID != anna.Messages()[1].ID {
		t.Errorf("got %+v, %+v", s.Update(next), s.Update(last))
	}
	if got = poll(t, s, p{"offset": id(raw + 1)}); len(got) != 0 {
		t.Errorf("late updates come for ever: %+v", got)
	}
	s.Inject(`["no object"]`)
	if a := must(t, s, "getUpdates", nil); string(a.Result) != `[["no object"]]` {
		t.Errorf("got %s", a.Result)
	}
	none(t, s)
}

func TestAllowedUpdates(t *testing.T) {
	s := standin.New(t, standin.Options{})
	anna := s.Join("")
	poll(t, s, p{"allowed_updates": `["callback_query"]`})
	anna.Type("hello")
	press := anna.Press("a")
	anna.Block()
	// The library writes null where nothing is chosen: the last choice stays.
	if got := poll(t, s, p{"allowed_updates": "null"}); len(got) != 1 || got[0].ID != press {
		t.Errorf("got %+v", got)
	}
}
