package channel_test

import (
	"testing"
	"time"

	"motkraft/bot/channel"
)

func TestTemporary(t *testing.T) {
	err := &channel.Temporary{Channel: "telegram", Call: "getMe", What: "too many requests", After: time.Second}
	if said, want := err.Error(), "telegram: getMe: too many requests"; said != want {
		t.Errorf("said %q, expected %q", said, want)
	}
	for status, want := range map[int]bool{
		0: false, 200: false, 302: false, 400: false, 401: false, 403: false, 404: false, 409: false, 429: true, 500: true, 502: true, 503: true, 599: true,
	} {
		if channel.IsTemporary(status) != want {
			t.Errorf("status %d is temporary: %v, expected %v", status, !want, want)
		}
	}
}
