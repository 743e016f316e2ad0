package terminal_test

import (
	"context"
	"errors"
	"io"
	"strings"
	"sync"
	"testing"

	"motkraft/bot"
	"motkraft/bot/adaptertest"
	"motkraft/bot/terminal"
	"motkraft/flows"
	"motkraft/locales"
)

// script is a handler that keeps what it was asked and answers in turn.
type script struct {
	mu      sync.Mutex
	answers []bot.Message
	asked   []bot.Update
	failed  []error
}

func (s *script) Handle(_ context.Context, u bot.Update) bot.Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.asked = append(s.asked, u)
	m := s.answers[0]
	if len(s.answers) > 1 {
		s.answers = s.answers[1:]
	}
	return m
}

func (s *script) Failed(_ context.Context, err error) { s.failed = append(s.failed, err) }

var screen = bot.Message{Text: "Text", Buttons: []bot.Button{
	{Label: "Ring 112", Phone: "112"},
	{Label: "Till sidan", URL: "https://example.se/"},
	{Label: "Ett", Data: "data-1", Kind: bot.Option},
	{Label: "Två", Data: "data-2", Kind: bot.Standing},
}}

func TestNumbersPressAndWordsAreTyped(t *testing.T) {
	typed := screen
	typed.Here = "here"
	h := &script{answers: []bot.Message{screen, screen, typed, screen}}
	var out strings.Builder
	// The last line has no end and is read all the same.
	term := &terminal.Terminal{In: strings.NewReader(" 2 \nhej där\n3\n0\nförsta\ntredje"), Out: &out, Lang: "en"}
	if err := term.Run(t.Context(), h); err != nil {
		t.Fatal(err)
	}
	want := []bot.Update{
		{Lang: "en"},
		{Data: "data-2", Lang: "en"},
		{Data: "data-2", Text: "hej där", Lang: "en"},
		// Numbers that no button has are words, typed on the screen that the last words led to.
		{Data: "here", Text: "3", Lang: "en"},
		{Data: "here", Text: "0", Lang: "en"},
		{Data: "here", Text: "första", Lang: "en"},
		{Data: "here", Text: "tredje", Lang: "en"},
	}
	if len(h.asked) != len(want) {
		t.Fatalf("asked %+v", h.asked)
	}
	for i, u := range want {
		if i > 3 { // from here on each answer is a pressed one's
			u.Data = h.asked[i].Data
		}
		if h.asked[i] != u {
			t.Errorf("update %d is %+v, expected %+v", i, h.asked[i], u)
		}
	}
	const shown = "\nText\n\n    Till sidan: https://example.se/\n  1 Ett\n  2 Två\n\n> "
	if !strings.HasPrefix(out.String(), shown) || strings.Contains(out.String(), "\x1b") {
		t.Errorf("shown:\n%q\nexpected it to begin with\n%q", out.String(), shown)
	}
}

func TestStylesAndClearOnATerminal(t *testing.T) {
	cleared := screen
	cleared.Clear = true
	var out strings.Builder
	term := &terminal.Terminal{In: strings.NewReader(""), Out: &out, Styled: true}
	if err := term.Run(t.Context(), &script{answers: []bot.Message{cleared}}); err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(out.String(), "\x1b[H\x1b[2J\x1b[3J") || !strings.Contains(out.String(), "\x1b[2mTvå\x1b[0m") {
		t.Errorf("shown: %q", out.String())
	}
}

func TestStopsWhenTold(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	in, _ := io.Pipe() // never says anything
	cancel()
	if err := (&terminal.Terminal{In: in, Out: io.Discard}).Run(ctx, &script{answers: []bot.Message{screen}}); err != nil {
		t.Error(err)
	}
}

func TestClosedOutputIsTold(t *testing.T) {
	r, w := io.Pipe()
	r.CloseWithError(errors.New("canary of the system"))
	h := &script{answers: []bot.Message{screen}}
	err := (&terminal.Terminal{In: strings.NewReader("1\n"), Out: w}).Run(t.Context(), h)
	if err == nil || strings.Contains(err.Error(), "canary") || len(h.failed) != 1 {
		t.Errorf("error %v, failed %v", err, h.failed)
	}
}

// A line longer than anybody types is cut, and the next one is a line of its own.
func TestVeryLongLine(t *testing.T) {
	h := &script{answers: []bot.Message{screen}}
	term := &terminal.Terminal{In: strings.NewReader(strings.Repeat("å", 1<<20) + "\n1\n"), Out: io.Discard}
	if err := term.Run(t.Context(), h); err != nil {
		t.Fatal(err)
	}
	if len(h.asked) != 3 || len(h.asked[1].Text) > 64<<10 || h.asked[2].Data != "data-1" {
		t.Errorf("%d updates, the second of %d bytes", len(h.asked), len(h.asked[1].Text))
	}
}

// Every screen of the content that ships shows in a terminal, with all its buttons.
func TestEveryScreen(t *testing.T) {
	set, problems := flows.Load(flows.Embedded)
	catalog, more := locales.Load(locales.Embedded, set.Campaign.Language)
	if err := append(problems, more...).Err(); err != nil {
		t.Fatal(err)
	}
	sealer, err := bot.NewSealer(bot.RandomKey())
	if err != nil {
		t.Fatal(err)
	}
	b, err := bot.New(set, catalog, bot.Options{Sealer: sealer})
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range adaptertest.Screens(t, b, b.Languages()) {
		var out strings.Builder
		if err := (&terminal.Terminal{In: strings.NewReader(""), Out: &out}).Run(t.Context(), &script{answers: []bot.Message{m}}); err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(m.Text) {
			if line = strings.TrimSpace(line); !strings.Contains(out.String(), line) {
				t.Errorf("%q does not show", line)
			}
		}
		for _, button := range m.Buttons {
			if !strings.Contains(out.String(), button.Label) && button.Phone == "" {
				t.Errorf("the button %q does not show on\n%s", button.Label, m.Text)
			}
		}
	}
}

// brokenInput is an input with a fault.
type brokenInput struct{}

func (brokenInput) Read([]byte) (int, error) { panic("canary") }

// A fault in reading, which is done beside, ends the conversation as the end of the input does, and is told.
func TestFaultInReading(t *testing.T) {
	h := &script{answers: []bot.Message{screen}}
	term := &terminal.Terminal{In: brokenInput{}, Out: io.Discard}
	if err := term.Run(t.Context(), h); err != nil {
		t.Errorf("ended with %v", err)
	}
	if len(h.failed) != 1 || strings.Contains(h.failed[0].Error(), "canary") || !strings.Contains(h.failed[0].Error(), "brokenInput.Read") {
		t.Errorf("told of %v", h.failed)
	}
}
