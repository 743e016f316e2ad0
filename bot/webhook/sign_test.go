package webhook

import (
	"encoding/base64"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	standard "github.com/standard-webhooks/standard-webhooks/libraries/go"
)

// verdicts are the library's errors and ours.
var verdicts = []struct{ theirs, ours error }{
	{nil, nil},
	{standard.ErrRequiredHeaders, errMissing},
	{standard.ErrInvalidHeaders, errNoTime},
	{standard.ErrMessageTooOld, errOld},
	{standard.ErrMessageTooNew, errNew},
	{standard.ErrNoMatchingSignature, errUnsigned},
}

// FuzzVerify: what is believed is what the specification's own library believes, and what is refused is refused for the same reason.
func FuzzVerify(f *testing.F) {
	const id, body = "msg_1", `{"text":"hej"}`
	f.Add(id, "0", "v1,SIGNED", body)
	f.Add(id, "+0", "v1a,x v1,y v1,SIGNED v1,z", body)
	f.Add(id, "00", "v1,SIGNED,more", body)
	f.Add(id, "-300", " v1,SIGNED", body)
	f.Add(id, "-302", "v1,SIGNED", body)
	f.Add(id, "302", "v1,SIGNED", body)
	f.Add(id, "298", "v1,SIGNED", body)
	f.Add("", "0", "v1,SIGNED", "")
	f.Add(id, "", "v1,SIGNED", body)
	f.Add(id, "0", "", body)
	f.Add(id, "now", "v1,SIGNED", body)
	f.Add(id, "9223372036854775807", "v1,SIGNED", body)
	f.Add(id, "-9223372036854775808", "v1,SIGNED", body)
	f.Add("other", "0", "v1,SIGNED=", body)
	f.Add("å.1.", "1", "v1 v1, ,SIGNED v2,SIGNED V1,SIGNED", "\xff")
	raw := []byte("canary-key-of-24-bytes!!")
	library, err := standard.NewWebhookRaw(raw)
	if err != nil {
		f.Fatal(err)
	}
	keys, err := newKeys([]string{secretPrefix + base64.StdEncoding.EncodeToString(raw)})
	if err != nil {
		f.Fatal(err)
	}
	w := &Webhook{keys: keys}
	f.Fuzz(func(t *testing.T, id, seconds, header, body string) {
		if strings.Contains(id+seconds+header, "\r") || strings.Contains(id+seconds+header, "\n") {
			t.Skip("no header holds a line's end")
		}
		// A small number is so far from now, so that times at the bounds are tried; a plus and zeros before it stay.
		now := time.Now()
		sent := seconds
		if away, err := strconv.ParseInt(seconds, 10, 16); err == nil {
			before := seconds[:len(seconds)-len(strings.TrimLeft(seconds, "+0"))]
			sent = before + strconv.FormatInt(now.Unix()+away, 10)
		}
		at, _ := strconv.ParseInt(sent, 10, 64)
		signed, err := library.Sign(id, time.Unix(at, 0), []byte(body))
		if err != nil {
			t.Fatal(err)
		}
		header = strings.ReplaceAll(header, "SIGNED", strings.TrimPrefix(signed, "v1,"))
		h := http.Header{headerID: {id}, headerTime: {sent}, headerSignature: {header}}
		theirs := library.Verify([]byte(body), h)
		_, second, ours := w.verify([]byte(body), h, time.Now())
		for _, v := range verdicts {
			if errors.Is(theirs, v.theirs) != errors.Is(ours, v.ours) {
				t.Fatalf("id %q, time %q, signature %q: ours says %v, theirs %v", id, sent, header, ours, theirs)
			}
		}
		if ours == nil && second != at {
			t.Fatalf("the time %q is read as %d", sent, second)
		}
	})
}

// What is signed here the library believes.
func TestLibraryBelievesOurs(t *testing.T) {
	raw := []byte("canary-key-of-24-bytes!!")
	keys, err := newKeys([]string{secretPrefix + base64.StdEncoding.EncodeToString(raw)})
	if err != nil {
		t.Fatal(err)
	}
	library, err := standard.NewWebhookRaw(raw)
	if err != nil {
		t.Fatal(err)
	}
	for _, body := range []string{"", "{}", strings.Repeat("å", 5000)} {
		for _, id := range []string{"msg_1", strings.Repeat("x", maxID)} {
			h := http.Header{}
			(&signer{keys[0], id}).sign(h, []byte(body))
			if err := library.Verify([]byte(body), h); err != nil {
				t.Errorf("%d bytes under %q: %v", len(body), id, err)
			}
			if err := library.Verify([]byte(body+" "), h); err == nil {
				t.Error("another body is believed")
			}
		}
	}
}
