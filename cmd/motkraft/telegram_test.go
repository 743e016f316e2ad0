package main

import (
	"strings"
	"testing"
	"time"

	"motkraft/bot/telegram/standin"
)

// The whole program on Telegram, by long polling, to its end: the person is answered, and no line of the log holds anything of them.
func TestServeTelegram(t *testing.T) {
	platform := standin.New(t, standin.Options{})
	r := start(t, "MOTKRAFT_TELEGRAM_TOKEN="+platform.Token, "MOTKRAFT_TELEGRAM_API="+platform.URL)
	p := platform.Join("en")
	before := p.Answers()
	p.Start("m1")
	p.WaitAnswers(before)
	if screens := p.Screens(); len(screens) == 0 || !strings.Contains(screens[0].Text, "want to do something") {
		t.Errorf("the door m1 shows %+v", screens)
	}
	r.stop()
	if code := <-r.code; code != exitOK {
		t.Errorf("ended with %d", code)
	}
	for _, canary := range platform.Canaries() {
		if strings.Contains(r.log.String(), canary) {
			t.Errorf("the log holds %q:\n%s", canary, r.log)
		}
	}
	if v := platform.Violations(); len(v) > 0 {
		t.Errorf("calls that no correct program makes: %q", v)
	}
}

// A token that Telegram refuses is told of with its cure, shows as such in /readyz, and leaves the web be.
func TestRefusedTelegramLeavesTheWeb(t *testing.T) {
	platform := standin.New(t, standin.Options{})
	r := start(t, "MOTKRAFT_TELEGRAM_TOKEN=1:canary", "MOTKRAFT_TELEGRAM_API="+platform.URL)
	platform.Wait("word of it", func() bool {
		ready, channels := readiness(t, r.admin)
		return ready && channels["telegram"] == stateRefused && strings.Contains(r.log.String(), "there is trouble on a channel")
	})
	if log := r.log.String(); !strings.Contains(log, "MOTKRAFT_TELEGRAM_TOKEN") || strings.Contains(log, "canary") {
		t.Errorf("the log says:\n%s", log)
	}
	if got := status(t, r.public+"/"); got != 200 {
		t.Errorf("the web gives %d", got)
	}
	r.stop()
	<-r.code
}

// Where every channel stays refused for longer than the setting says, the program ends with an error, so that a supervisor sees it.
func TestGivesUp(t *testing.T) {
	platform := standin.New(t, standin.Options{})
	r := start(t, "MOTKRAFT_TELEGRAM_TOKEN=1:canary", "MOTKRAFT_TELEGRAM_API="+platform.URL, "MOTKRAFT_GIVE_UP=1s")
	if code := <-r.code; code != exitContent || !strings.Contains(r.log.String(), "every channel has been refused by its platform for too long") {
		t.Errorf("ended with %d:\n%s", code, r.log)
	}
	// One that is not refused keeps it there.
	r = start(t, "MOTKRAFT_TELEGRAM_TOKEN=1:canary", "MOTKRAFT_TELEGRAM_API="+platform.URL, "MOTKRAFT_GIVE_UP=1s", "MOTKRAFT_WEBHOOK_SECRETS="+hookSecret)
	platform.Wait("word of it", func() bool { return strings.Contains(r.log.String(), "MOTKRAFT_TELEGRAM_TOKEN") })
	time.Sleep(3 * time.Second) // time to make the mistake in
	if got := status(t, r.public+"/"); got != 200 {
		t.Errorf("the page gives %d", got)
	}
	r.stop()
	if code := <-r.code; code != exitOK {
		t.Errorf("ended with %d", code)
	}
}

func TestTelegramFaults(t *testing.T) {
	w, log := newWorld(t.Context(),
		"MOTKRAFT_TELEGRAM_TOKEN=canary", "MOTKRAFT_TELEGRAM_API=nonsense", "MOTKRAFT_TELEGRAM_WEBHOOK_URL=http://example.se/telegram",
		"MOTKRAFT_TELEGRAM_WEBHOOK_SECRET=canary with blanks")
	if code := w.run([]string{"serve"}); code != exitUsage {
		t.Errorf("ended with %d", code)
	}
	for _, want := range []string{
		"MOTKRAFT_TELEGRAM_TOKEN is no token", "MOTKRAFT_TELEGRAM_API is no address", "MOTKRAFT_TELEGRAM_WEBHOOK_URL is no https address",
		"MOTKRAFT_TELEGRAM_WEBHOOK_SECRET holds other characters",
	} {
		if !strings.Contains(log.String(), want) {
			t.Errorf("nothing says %q:\n%s", want, log)
		}
	}
	if strings.Contains(log.String(), "canary") {
		t.Errorf("a secret is told:\n%s", log)
	}
	// A server of one's own calls over http too.
	w, log = newWorld(t.Context(), "MOTKRAFT_TELEGRAM_TOKEN=1:canary", "MOTKRAFT_TELEGRAM_API=http://127.0.0.1:8082", "MOTKRAFT_ADDR=nonsense",
		"MOTKRAFT_TELEGRAM_WEBHOOK_URL=http://127.0.0.1:8080/telegram", "MOTKRAFT_TELEGRAM_WEBHOOK_SECRET=canary")
	if code := w.run([]string{"serve"}); code != exitUsage || strings.Contains(log.String(), "WEBHOOK_URL") {
		t.Errorf("ended with %d:\n%s", code, log)
	}
	w, log = newWorld(t.Context(), "MOTKRAFT_TELEGRAM_TOKEN=1:canary", "MOTKRAFT_TELEGRAM_WEBHOOK_URL=https://example.se/telegram")
	if code := w.run([]string{"serve"}); code != exitUsage || !strings.Contains(log.String(), "without MOTKRAFT_TELEGRAM_WEBHOOK_SECRET") {
		t.Errorf("ended with %d:\n%s", code, log)
	}
	w, log = newWorld(t.Context(), "MOTKRAFT_TELEGRAM_WEBHOOK_URL=https://example.se/telegram")
	if code := w.run([]string{"serve"}); code != exitUsage || !strings.Contains(log.String(), "without MOTKRAFT_TELEGRAM_TOKEN") {
		t.Errorf("ended with %d:\n%s", code, log)
	}
}
