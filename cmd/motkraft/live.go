package main

import (
	"context"
	"log/slog"
	"net/http"
	"sync/atomic"

	"motkraft/bot"
	"motkraft/bot/fault"
)

// edition is one version of the content for the hot reload, made ready to answer. It is never changed, only replaced whole.
type edition struct {
	bot   *bot.Bot
	page  http.Handler
	first map[string]bot.Message // the first screen by language, for when making one goes wrong
}

// newEdition prepares what stands by.
func newEdition(b *bot.Bot, page http.Handler) *edition {
	e := &edition{bot: b, page: page, first: map[string]bot.Message{}}
	for _, lang := range b.Languages() {
		e.first[lang] = b.Handle(context.Background(), bot.Update{Lang: lang})
	}
	return e
}

// start gives the first screen that stands by.
func (e *edition) start(hint string) (m bot.Message) {
	m = e.first[e.bot.Languages()[0]]
	defer func() { _ = recover() }() // if it is the hint that cannot be borne, the default language stands
	return e.first[e.bot.Match(hint)]
}

// live is the hot reload: it answers out of the present edition, to the channels and on the page. A button of any edition works in every other, since its data
// is a place in the conversation and not in the content.
type live struct {
	log     *slog.Logger
	prepare func(content) (*edition, error)

	now atomic.Pointer[edition]
}

// newLive makes the first edition. Its error is what is wrong with the content.
func newLive(log *slog.Logger, c content, prepare func(content) (*edition, error)) (*live, error) {
	l := &live{log: log, prepare: prepare}
	return l, l.change(c)
}

// change goes over to other content, or stays and says what is wrong with it.
func (l *live) change(c content) error {
	e, err := l.prepare(c)
	if err != nil {
		return err
	}
	l.now.Store(e)
	return nil
}

// For gives the handler of one channel.
func (l *live) For(channel string) bot.Handler { return &talk{l, channel} }

// talk is live on one channel.
type talk struct {
	*live
	channel string
}

// Handle answers with the first screen where making another one goes wrong by a fault of the program.
func (t *talk) Handle(ctx context.Context, u bot.Update) (m bot.Message) {
	e := t.now.Load()
	defer func() {
		if p := recover(); p != nil {
			t.log.ErrorContext(ctx, "the first screen was given in the place of another", "error", fault.Recovered(p))
			m = e.start(u.Lang)
		}
	}()
	return e.bot.For(t.channel).Handle(ctx, u)
}

// Failed passes a delivery's failure on.
func (l *live) Failed(ctx context.Context, err error) { l.now.Load().bot.Failed(ctx, err) }

// Say gives one of the words of the channels.
func (l *live) Say(lang, key string, pairs ...string) string {
	return l.now.Load().bot.Say(lang, key, pairs...)
}

// Match gives the language for a hint.
func (l *live) Match(hint string) string { return l.now.Load().bot.Match(hint) }

// Topics gives the doors that a channel can offer before the conversation begins.
func (l *live) Topics(lang string) []bot.Topic { return l.now.Load().bot.Topics(lang) }

// Languages gives the codes of the present edition, the default first.
func (l *live) Languages() []string { return l.now.Load().bot.Languages() }

// ServeHTTP serves the page. Whoever opened it a moment before a change gets the rest of it too: package web answers the name of a file of
// any edition with the present one.
func (l *live) ServeHTTP(rw http.ResponseWriter, r *http.Request) { l.now.Load().page.ServeHTTP(rw, r) }
