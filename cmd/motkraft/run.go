package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"sync"
	"time"

	"github.com/alecthomas/kong"
	"golang.org/x/term"

	"motkraft/bot/channel"
	"motkraft/bot/problem"
	"motkraft/bot/web"
)

// Exit codes.
const (
	exitOK      = 0
	exitContent = 1 // something is wrong with the content, or went wrong on the way
	exitUsage   = 2 // something is wrong with how the program was called or configured
)

// cli is the whole command line.
type cli struct {
	Serve         serveCmd         `cmd:"" help:"Serve the web chat and the other channels that are configured."`
	Chat          chatCmd          `cmd:"" help:"Walk the conversation in this terminal."`
	Check         checkCmd         `cmd:"" help:"Read all content and print every problem."`
	Coverage      coverageCmd      `cmd:"" help:"Say whom every referral shows first, municipality by municipality."`
	Graph         graphCmd         `cmd:"" help:"Draw the tree, or one flow of it."`
	QR            qrCmd            `cmd:"" name:"qr" help:"Draw the code of a door, for a poster or a screen."`
	Export        exportCmd        `cmd:"" help:"Write the web chat as files for another server."`
	Report        reportCmd        `cmd:"" help:"Publish the statistics: a table, JSON or a page."`
	DiscordInvite discordInviteCmd `cmd:"" help:"Print the link by which a server's owner lets the bot in at Discord."`
	Health        healthCmd        `cmd:"" help:"Ask a running server on this machine whether it is ready; for a container's health check."`
	Version       versionCmd       `cmd:"" help:"Print which version this is."`
}

// newCLI gives each command the flags of the settings that it reads.
func newCLI(channels channelList) cli {
	content := []channel.Setting{contentSetting}
	return cli{
		Serve:    serveCmd{flags: newFlags(channels.every())},
		Chat:     chatCmd{flags: newFlags(content)},
		Check:    checkCmd{flags: newFlags(content)},
		Coverage: coverageCmd{flags: newFlags(content)},
		Graph:    graphCmd{flags: newFlags(content)},
		QR:       qrCmd{flags: newFlags(content)},
		Export:   exportCmd{flags: newFlags(append(content, web.Channel().Settings...))},
	}
}

// world is what a command gets from outside.
type world struct {
	ctx     context.Context
	environ environment
	in      io.Reader
	out     io.Writer
	errors  io.Writer
	log     *slog.Logger
	after   func(time.Duration) <-chan time.Time
	pack    func(func()) // runs what is not waited for
	folder  sync.Mutex   // held while the content folder is looked into

	exit func(code int) // ends the process at once; nil: nothing does

	channels channelList                // all that there are
	onReady  func(public, admin string) // told the addresses; for tests
}

// run is the program without the process: it takes what main has from the system and gives the exit code.
func run(ctx context.Context, args, environ []string, in io.Reader, out, errs io.Writer) int {
	w := &world{ctx: ctx, environ: lookup(environ), in: in, out: out, errors: errs, log: newLogger(errs), after: time.After, pack: oneByOne(newLogger(errs)), exit: os.Exit, channels: channels()}
	return w.run(args)
}

// oneByOne gives what runs work beside everything else, one at a time.
func oneByOne(log *slog.Logger) func(work func()) {
	var busy sync.Mutex
	return func(work func()) {
		go func() {
			busy.Lock()
			defer busy.Unlock()
			contained(log, "what is made ready ahead", work)
		}()
	}
}

func (w *world) run(args []string) int {
	c := newCLI(w.channels)
	left := -1 // the exit code, once the parser has asked to leave (--help)
	parser, err := kong.New(&c,
		kong.Name("motkraft"),
		kong.Description("An anonymous bot that leads people to support. Settings can be given in the environment too: --admin-addr is MOTKRAFT_ADMIN_ADDR."),
		kong.Writers(w.out, w.errors),
		kong.Exit(func(code int) { left = code }),
	)
	if err != nil {
		panic(err) // the types above are wrong
	}
	k, err := parser.Parse(args)
	if left >= 0 {
		return left
	}
	if err != nil {
		fmt.Fprintf(w.errors, "motkraft: %v (see motkraft --help)\n", err)
		return exitUsage
	}
	err = k.Run(w)
	var content problem.List
	var usage usageError
	switch {
	case err == nil:
		return exitOK
	case errors.Is(err, errSaid):
		return exitContent
	case errors.As(err, &content):
		fmt.Fprintln(w.errors, content.Error())
		return exitContent
	case errors.As(err, &usage):
		for _, fault := range usage {
			fmt.Fprintf(w.errors, "motkraft: %s\n", fault)
		}
		return exitUsage
	default:
		fmt.Fprintf(w.errors, "motkraft: %v\n", err)
		return exitContent
	}
}

// errSaid ends a command that has said itself what is wrong.
var errSaid = errors.New("said already")

// usageError is every fault in how the program was called, each with its cure and never with a secret.
type usageError []string

func (e usageError) Error() string { return fmt.Sprint([]string(e)) }

// newLogger logs readably to a terminal, else as JSON.
func newLogger(w io.Writer) *slog.Logger {
	if isTerminal(w) {
		return slog.New(slog.NewTextHandler(w, nil))
	}
	return slog.New(slog.NewJSONHandler(w, nil))
}

// isTerminal reports whether a stream is one.
func isTerminal(stream any) bool {
	f, ok := stream.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}
