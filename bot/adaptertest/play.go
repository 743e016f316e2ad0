package adaptertest

import (
	"context"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"motkraft/bot"
)

// DefaultPatience is Stage.Patience where it is not set. No adapter that works comes near it.
const DefaultPatience = 30 * time.Second

// script is the suite's handler: it answers as the case says and keeps what it was told.
type script struct {
	answer func(bot.Update) bot.Message

	mu      sync.Mutex
	updates []bot.Update
	texts   []string // of all answers
	failed  []error
}

var _ bot.Handler = (*script)(nil)

// Handle notes the update before it is answered and the text before it is given out.
func (s *script) Handle(_ context.Context, u bot.Update) bot.Message {
	s.mu.Lock()
	s.updates = append(s.updates, u)
	s.mu.Unlock()
	m := s.answer(u)
	s.mu.Lock()
	s.texts = append(s.texts, m.Text)
	s.mu.Unlock()
	return m
}

func (s *script) Failed(_ context.Context, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.failed = append(s.failed, err)
}

func (s *script) heard() []bot.Update {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.updates)
}

func (s *script) said() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.texts)
}

func (s *script) failures() []error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.failed)
}

// play is one case under way.
type play struct {
	*script
	tb       testing.TB
	stage    *Stage
	cancel   context.CancelFunc
	told     bool          // the case itself told Run to stop
	refusing bool          // the case makes deliveries fail
	ended    chan struct{} // closed when Run has returned
	err      error         // Run's, after ended
}

// start runs the stage's adapter until the case is over.
func start(tb testing.TB, stage *Stage, answer func(bot.Update) bot.Message) *play {
	tb.Helper()
	if stage.Adapter == nil || stage.Join == nil || stage.Refuse == nil || stage.Canaries == nil || stage.Grace <= 0 {
		tb.Fatal("the stage lacks one of Adapter, Join, Refuse, Canaries, Grace")
	}
	if stage.RetryAfter != nil && stage.Early == nil {
		tb.Fatal("the stage has RetryAfter and lacks Early")
	}
	ctx, cancel := context.WithCancel(context.Background())
	p := &play{script: &script{answer: answer}, tb: tb, stage: stage, cancel: cancel, ended: make(chan struct{})}
	go func() {
		defer close(p.ended)
		p.err = stage.Adapter.Run(ctx, p.script)
	}()
	tb.Cleanup(p.finish)
	return p
}

// finish stops the adapter and holds it to what goes for every case. That Run is slow to return is for the cases about stopping to say.
func (p *play) finish() {
	early := p.hasEnded() && !p.told
	before := p.failures()
	p.cancel()
	p.wait(p.stage.Grace)

	errs := p.failures()
	if slices.Contains(errs, nil) {
		p.tb.Error("Failed was told of a nil error")
	}
	if p.hasEnded() {
		errs = append(errs, p.err)
	}
	if early {
		p.tb.Errorf("Run ended before it was told to: %v", p.err)
	}
	if len(before) > 0 && !p.refusing {
		p.tb.Errorf("Failed was told of %d failures on a platform that works, the first: %v", len(before), before[0])
	}
	p.searchAll(errs)
	p.searchHints()
}

// wait tells whether Run returned in time.
func (p *play) wait(atMost time.Duration) bool {
	select {
	case <-p.ended:
		return true
	case <-time.After(atMost):
		return p.hasEnded()
	}
}

func (p *play) hasEnded() bool {
	select {
	case <-p.ended:
		return true
	default:
		return false
	}
}

// pause is between two looks at a condition.
const pause = 2 * time.Millisecond

func (p *play) patience() time.Duration {
	if p.stage.Patience > 0 {
		return p.stage.Patience
	}
	return DefaultPatience
}

// within tells whether the condition came true in time. What waits for a thing that has to come ends the case if it does not: one hang is enough.
func within(atMost time.Duration, condition func() bool) bool {
	for end := time.Now().Add(atMost); ; time.Sleep(pause) {
		if condition() {
			return true
		}
		if time.Now().After(end) {
			return false
		}
	}
}

// join gives a new person, with the hint where the platform gives one.
func (p *play) join(lang string) Person {
	if p.stage.NoHint {
		lang = ""
	}
	return p.stage.Join(p.tb, lang)
}

// arrive gives a new person who has got the first screen.
func (p *play) arrive(lang string, want bot.Message) Person {
	p.tb.Helper()
	person := p.join(lang)
	person.Arrive()
	p.sees(person, want)
	return person
}

// sees holds what the person is shown after the last act against the message. Where it is another one, the case ends: it could only be misled.
func (p *play) sees(person Person, want bot.Message) {
	p.tb.Helper()
	if found := differences(person.Screen(), want); len(found) > 0 {
		p.tb.Fatal(strings.Join(found, "; "))
	}
}

// comesToSee waits until the person is shown the message, where another answer may show before it.
func (p *play) comesToSee(person Person, want bot.Message) {
	p.tb.Helper()
	within(p.patience(), func() bool { return len(differences(person.Screen(), want)) == 0 })
	p.sees(person, want)
}

// seesOne waits until, of all screens given out so far, only one with this text is left.
func (p *play) seesOne(person Person, text string) {
	p.tb.Helper()
	var screens []string
	if !within(p.patience(), func() bool {
		said := p.said()
		screens = slices.DeleteFunc(person.Visible(), func(s string) bool { return !slices.Contains(said, s) })
		return slices.Equal(screens, []string{text})
	}) {
		p.tb.Fatalf("screens left in the conversation: %s, expected only %s", short(screens...), short(text))
	}
}
