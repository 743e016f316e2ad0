// Package terminal is the conversation in a terminal, for editors who try their words and reviewers who read them.
//
// A number chooses, words are understood, the end of input (Ctrl-D) leaves. What is typed is matched and forgotten like everywhere.
package terminal

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"motkraft/bot"
	"motkraft/bot/channel"
)

// Terminal is an Adapter for one person at a terminal.
type Terminal struct {
	In     io.Reader
	Out    io.Writer
	Lang   string // hint, such as "en"
	Styled bool   // Out understands ANSI codes; without it only plain text is written
}

var _ bot.Adapter = (*Terminal)(nil)

// The ANSI codes in use, ECMA-48.
const (
	bold  = "\x1b[1m"
	dim   = "\x1b[2m"
	plain = "\x1b[0m"
	wipe  = "\x1b[H\x1b[2J\x1b[3J" // the screen and what was scrolled away
)

// maxLine is how much of one line is read, in bytes: more than anybody types.
const maxLine = 64 << 10

// Name is "terminal".
func (t *Terminal) Name() string { return "terminal" }

// Run talks until the input ends or ctx is done. It returns an error where the output cannot be written.
func (t *Terminal) Run(ctx context.Context, h bot.Handler) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	lines := t.lines(ctx, h)
	update := bot.Update{Lang: t.Lang}
	here := "" // the screen on which the next line is typed
	for {
		m := h.Handle(ctx, update)
		if here = update.Data; m.Here != "" {
			here = m.Here
		}
		ways, err := t.show(m)
		if err != nil {
			h.Failed(ctx, errors.New("terminal: the output is closed"))
			return errors.New("terminal: the output is closed")
		}
		select {
		case <-ctx.Done():
			return nil
		case line, ok := <-lines:
			if !ok {
				return t.write("\n")
			}
			update = next(line, ways, here)
			update.Lang = t.Lang
		}
	}
}

// next makes an update of a line: a number presses, anything else is typed, nothing shows the screen again.
func next(line string, ways []string, here string) bot.Update {
	line = strings.TrimSpace(line)
	if n, err := strconv.Atoi(line); err == nil && n >= 1 && n <= len(ways) {
		return bot.Update{Data: ways[n-1]}
	}
	return bot.Update{Data: here, Text: line}
}

// lines reads on the side, since a read cannot be called off.
func (t *Terminal) lines(ctx context.Context, h bot.Handler) <-chan string {
	out := make(chan string)
	go func() {
		defer close(out)
		channel.Guard(ctx, h, func() { t.read(ctx, out) })
	}()
	return out
}

func (t *Terminal) read(ctx context.Context, out chan<- string) {
	r := bufio.NewReaderSize(t.In, maxLine)
	for {
		line, err := readLine(r)
		if err != nil && line == "" {
			return
		}
		select {
		case out <- line:
		case <-ctx.Done():
			return
		}
	}
}

// readLine reads one line, of which what is over maxLine is dropped.
func readLine(r *bufio.Reader) (string, error) {
	part, more, err := r.ReadLine()
	line := string(part)
	for more && err == nil {
		_, more, err = r.ReadLine()
	}
	return line, err
}

// show writes a screen and gives the data of the numbered buttons.
func (t *Terminal) show(m bot.Message) (ways []string, err error) {
	var b strings.Builder
	if m.Clear && t.Styled {
		b.WriteString(wipe)
	}
	b.WriteString("\n" + m.Text + "\n\n")
	for _, button := range m.Buttons {
		switch {
		case button.URL != "":
			fmt.Fprintf(&b, "    %s: %s\n", button.Label, button.URL)
		case button.Phone != "":
			// The number stands in the text.
		default:
			ways = append(ways, button.Data)
			number := fmt.Sprintf("%3d", len(ways))
			label := button.Label
			if button.Kind == bot.Standing {
				label = t.style(dim, label)
			}
			fmt.Fprintf(&b, "%s %s\n", t.style(bold, number), label)
		}
	}
	b.WriteString("\n> ")
	return ways, t.write(b.String())
}

func (t *Terminal) style(code, s string) string {
	if !t.Styled {
		return s
	}
	return code + s + plain
}

func (t *Terminal) write(s string) error {
	_, err := io.WriteString(t.Out, s)
	return err
}
