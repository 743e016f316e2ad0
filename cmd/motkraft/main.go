// Command motkraft serves the conversation of the campaign "Sluta köpa sex", walks it in a terminal, and checks its content.
//
// main does signals and exit codes; run is the program without the process. Each command has a file of its own, and what the program is
// configured with stands in settings.go and in each channel. This is how serve is put together, from the outside in:
//
//	serve.go       reads settings and content, takes both addresses, starts everything in order and stops it in reverse
//	channels.go    the list of channels; opens those that are configured, and runs each beside the others
//	live.go        hot reload: answers from the present content while reload.go watches the folder and replaces it whole
//	flood.go       rate limiters: answers in a chat, refusals to an address
//	harden.go      bounds of connections; a fault in a handler becomes a 500
//	observer.go    metrics, counts, readiness: what the program sees of itself
//
// A request to the public address goes harden → observer (the page's fetches) → a channel's route, guarded by a rate limiter, or the page. A press
// on a channel goes adapter → observer (latency, failures) → live → bot.Bot, and the screen the same way back.
//
// # What it weighs
//
// The program has 20.2 MB, stripped. phonenumbers costs 2.5 MB, most of it the names of the world's areas and carriers, which it embeds; brotli 0.9 MB;
// client_golang 0.6 MB; protobuf, which both the first and the last need, another 1.6 MB; redigo 0.1 MB, where go-redis took 8.1 MB. Text templates, which
// call methods by their names, keep the linker from taking out what nobody calls; go-i18n and the pages need them.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	ctx, stop := untilSignal()
	errors := os.Stderr
	if len(os.Args) > 1 && os.Args[1] == "serve" {
		errors = ownStderr()
	}
	code := run(ctx, os.Args[1:], os.Environ(), os.Stdin, os.Stdout, errors)
	stop()
	os.Exit(code)
}

// untilSignal gives a context that ends with the first signal to stop. The second one ends the process at once, however soon it comes, and also where
// whoever started it lets it ignore Ctrl-C, as nohup and a shell's & do: that would hold again if we stopped listening.
func untilSignal() (ctx context.Context, stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	go func() {
		<-signals
		cancel()
		<-signals
		os.Exit(exitContent)
	}()
	return ctx, cancel
}
