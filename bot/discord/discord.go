// Package discord is the conversation on Discord, seen by one person alone.
//
// Start at Discord, an Adapter: Run takes interactions from the gateway or, where a public key is set, over HTTP in ServeHTTP. Both
// feed interaction.go, which says what a command or a press leads to; api.go is all that calls Discord.
//
// Every answer is ephemeral: only who asked sees it, and a press edits it in its place. The bot reads no messages, sends none by itself, and has
// no rights on a server. The one thing that all can see is what /panel posts for a server's owner: a neutral message with a button.
//
// # Why
//
// An interaction is answered within 3 s or never, so there is nothing to keep: no list of what is done, no retry after that. For the same reason
// nobody is made to wait who presses too fast: of a flood of presses on one message all are accepted, and the last one changes it.
//
// The library carries the calls and the types. Its gateway is not used: it connects again for ever where Discord has refused the bot (4004,
// 4014), does not know the address that a session is to be resumed at, and waits for five missed heartbeats instead of one; gateway.go and conn.go
// speak the protocol over the websocket library that it uses too. Its rate limiter is not used either: it would keep every
// interaction's token for as long as the program runs.
package discord

import (
	"context"
	"crypto/ed25519"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"motkraft/bot"
	"motkraft/bot/channel"
)

// firstAnswer is how long Discord waits for the first answer
// (https://discord.com/developers/docs/interactions/receiving-and-responding#interaction-callback).
const firstAnswer = 3 * time.Second

// Options says how to reach Discord, and what to say there beside the conversation. Where Say gives nothing for what stands in the place of
// the conversation's own words ("discord.cleared"), those stay.
type Options struct {
	channel.Core

	Token     string
	API       string            // base address with the version, such as https://discord.com/api/v10/
	PublicKey ed25519.PublicKey // set: interactions come to ServeHTTP, and no gateway is opened

	Now         func() time.Time // default time.Now
	FirstAnswer time.Duration    // how long Discord waits for the first answer; default 3 s, as it does
}

// Discord is the Adapter.
type Discord struct {
	channel.Refusals

	opts Options
	api  *api
	app  string // the application's id, once Discord was reached

	handler atomic.Pointer[bot.Handler] // nil until interactions are taken
	reached atomic.Bool
	queues  *channel.Queues // by message
	hand    context.Context // of the answers; ends with the grace period after a stop
}

var _ bot.Adapter = (*Discord)(nil)

// New makes the adapter. Nothing is asked of Discord before Run.
func New(opts Options) *Discord {
	if opts.Now == nil {
		opts.Now = time.Now
	}
	if opts.FirstAnswer == 0 {
		opts.FirstAnswer = firstAnswer
	}
	return &Discord{opts: opts, api: newAPI(opts.Token, opts.API, opts.Now), queues: channel.NewQueues(0)}
}

// Name is "discord".
func (d *Discord) Name() string { return "discord" }

// Run serves until ctx is done. Where Discord refuses the token or what the bot asks for it tells of it and goes on trying.
func (d *Discord) Run(ctx context.Context, h bot.Handler) error {
	hand, cut := channel.Grace(ctx)
	defer cut()
	d.hand = hand
	d.serve(ctx, h)
	d.queues.Finish()
	return nil
}

// Oldest gives for how long the oldest interaction has been in hand.
func (d *Discord) Oldest() time.Duration { return d.queues.Oldest() }

// Reached reports whether Discord has answered.
func (d *Discord) Reached() bool { return d.reached.Load() }

// serve takes interactions until ctx is done. Over HTTP they are taken at once: one that is refused is lost, and its answer needs nothing of
// Discord.
func (d *Discord) serve(ctx context.Context, h bot.Handler) {
	d.handler.Store(&h)
	app, err := d.meet(ctx, h)
	if err != nil {
		return
	}
	d.app = app
	d.reached.Store(true)
	var registering sync.WaitGroup
	registering.Go(func() { channel.Guard(ctx, h, func() { d.register(ctx, h) }) })
	defer registering.Wait()
	if d.opts.PublicKey == nil {
		d.connect(ctx, h)
	}
	<-ctx.Done()
}

// me is the call that says which application a token belongs to.
var me = call{route: "applications/@me", method: http.MethodGet}

// meet asks Discord who the bot is, until there is an answer. Its error says that ctx is done.
func (d *Discord) meet(ctx context.Context, h bot.Handler) (app string, err error) {
	return channel.Persist(ctx, backoff, h, &d.Refusals, func() (string, error) {
		body, err := d.api.try(ctx, me, channel.CallTimeout)
		if err != nil {
			return "", final(err)
		}
		return appID(body)
	})
}

// appID reads the answer to me.
func appID(body json.RawMessage) (string, error) {
	var app struct {
		ID string `json:"id"`
	}
	if err := json.Unmarshal(body, &app); err != nil || !isID(app.ID) {
		return "", errors.New("discord: the answer to applications/@me cannot be read: check MOTKRAFT_DISCORD_API")
	}
	return app.ID, nil
}

// final puts the cure to a refusal of the token.
func final(err error) error {
	var r *refusal
	if errors.As(err, &r) && r.status == http.StatusUnauthorized {
		return fmt.Errorf("discord: the token is refused (%d): copy it again from the application's page, Bot, to MOTKRAFT_DISCORD_TOKEN", r.status)
	}
	return err
}
