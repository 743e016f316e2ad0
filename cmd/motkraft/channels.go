package main

import (
	"context"
	"crypto/ed25519"
	"encoding/hex"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync"

	"motkraft/bot"
	"motkraft/bot/discord"
	"motkraft/bot/telegram"
	"motkraft/bot/webhook"
)

// channels are the platforms that are configured. The web is none of them: nothing comes back from it.
type channels struct {
	adapters []bot.Adapter
	routes   map[string]http.Handler // on the public address, by pattern
	by       proxies
	guard    func(http.Handler) http.Handler
}

// The platforms' own servers; others speak the same protocols (https://core.telegram.org/bots/api#using-a-local-bot-api-server).
const (
	defaultTelegramAPI = "https://api.telegram.org"
	defaultDiscordAPI  = "https://discord.com/api/v10/"
)

var (
	discordToken   = regexp.MustCompile(`^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$`)
	telegramToken  = regexp.MustCompile(`^[0-9]+:[A-Za-z0-9_-]+$`)
	telegramSecret = regexp.MustCompile(`^[A-Za-z0-9_-]{1,256}$`)
)

// telegram reads the settings for Telegram; nil where there is no token.
func (s *settings) telegram() *telegram.Options {
	o := telegram.Options{
		Token:      s.secret("TELEGRAM_TOKEN"),
		API:        s.value("", "TELEGRAM_API", defaultTelegramAPI),
		WebhookURL: s.value("", "TELEGRAM_WEBHOOK_URL", ""),
		Secret:     s.secret("TELEGRAM_WEBHOOK_SECRET"),
	}
	if o.Token == "" {
		if o.WebhookURL != "" {
			s.fault("%sTELEGRAM_WEBHOOK_URL is set without %sTELEGRAM_TOKEN: set both, or neither", prefix, prefix)
		}
		return nil
	}
	if !telegramToken.MatchString(o.Token) {
		s.fault("%sTELEGRAM_TOKEN is no token: copy it from BotFather, digits, a colon, and letters", prefix)
	}
	s.checkAPI(o.API, "TELEGRAM_API", defaultTelegramAPI)
	if u, err := url.Parse(o.WebhookURL); o.WebhookURL != "" && (err != nil || u.Host == "" || u.Scheme != "https") {
		s.fault("%sTELEGRAM_WEBHOOK_URL is no https address: give the public one that leads to /telegram here", prefix)
	}
	if o.WebhookURL != "" && !telegramSecret.MatchString(o.Secret) {
		s.fault("%sTELEGRAM_WEBHOOK_SECRET is missing or holds other characters than letters, digits, _ and -: make one with 'openssl rand -hex 32'", prefix)
	}
	return &o
}

// checkAPI checks a platform's base address.
func (s *settings) checkAPI(address, name, otherwise string) {
	if u, err := url.Parse(address); err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
		s.fault("%s%s is no address: give one such as %s", prefix, name, otherwise)
	}
}

// discord reads the settings for Discord; nil where there is no token.
func (s *settings) discord() *discord.Options {
	o := discord.Options{
		Token: s.secret("DISCORD_TOKEN"),
		API:   s.value("", "DISCORD_API", defaultDiscordAPI),
	}
	key := s.value("", "DISCORD_PUBLIC_KEY", "")
	if o.Token == "" {
		if key != "" {
			s.fault("%sDISCORD_PUBLIC_KEY is set without %sDISCORD_TOKEN: set both, or neither", prefix, prefix)
		}
		return nil
	}
	if !discordToken.MatchString(o.Token) {
		s.fault("%sDISCORD_TOKEN is no token: copy it from the application's page at Discord, under Bot, three parts with dots between", prefix)
	}
	s.checkAPI(o.API, "DISCORD_API", defaultDiscordAPI)
	if key != "" {
		public, err := hex.DecodeString(key)
		if err != nil || len(public) != ed25519.PublicKeySize {
			s.fault("%sDISCORD_PUBLIC_KEY is no key: copy it from the application's page at Discord, 64 digits from 0 to f", prefix)
		}
		o.PublicKey = public
	}
	return &o
}

// webhook reads the settings for other systems; nil where there is no secret.
func (s *settings) webhook() *webhook.Webhook {
	given := s.secret("WEBHOOK_SECRETS")
	if given == "" {
		return nil
	}
	var secrets []string
	for secret := range strings.SplitSeq(given, ",") {
		secrets = append(secrets, strings.TrimSpace(secret))
	}
	w, err := webhook.New(secrets...)
	if err != nil {
		s.fault("%sWEBHOOK_SECRETS: %v: make one with 'echo whsec_$(openssl rand -base64 32)'", prefix, err)
	}
	return w
}

// newChannels makes the adapters that are configured.
func newChannels(l *live, by proxies, tg *telegram.Options, dc *discord.Options, hook *webhook.Webhook) channels {
	chats, callers := newCrowd(chatRate, chatBurst), newCrowd(refusedRate, refusedBurst)
	c := channels{
		routes: map[string]http.Handler{},
		by:     by,
		guard:  func(next http.Handler) http.Handler { return callers.guard(by, next) },
	}
	if tg != nil {
		tg.Say, tg.Languages, tg.Pace = l.Say, l.Languages(), chats.chats("telegram")
		t := telegram.New(*tg)
		c.adapters = append(c.adapters, t)
		if tg.WebhookURL != "" {
			c.routes["POST /telegram"] = t
		}
	}
	if dc != nil {
		dc.Say, dc.Match, dc.Topics, dc.Languages = l.Say, l.Match, l.Topics, l.Languages()
		dc.Pace = chats.chats("discord")
		d := discord.New(*dc)
		c.adapters = append(c.adapters, d)
		if dc.PublicKey != nil {
			c.routes["POST /discord"] = d
		}
	}
	if hook != nil {
		c.adapters = append(c.adapters, hook)
		c.routes["/webhook"] = hook
		c.routes["GET /openapi.yaml"] = http.HandlerFunc(webhook.ServeOpenAPI)
	}
	return c
}

// handler puts the channels' routes before the page. Only these are guarded: the page is there for everybody at any time.
func (c channels) handler(page http.Handler) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/", page)
	for pattern, h := range c.routes {
		mux.Handle(pattern, c.guard(h))
	}
	return mux
}

// run serves all channels until the context is done, and gives a function that waits for their end. A channel that ends early is told of
// and leaves the others be.
func (c channels) run(ctx context.Context, w *world, o *observer, handler func(channel string) bot.Handler) (wait func()) {
	var running sync.WaitGroup
	for _, a := range c.adapters {
		h, ended := o.channel(a, handler(a.Name()))
		running.Go(func() {
			defer ended()
			if err := runOne(ctx, a, h); err != nil {
				w.log.ErrorContext(ctx, "a channel has ended", "channel", a.Name(), "error", err)
			}
		})
	}
	return running.Wait
}

// runOne makes an error of a channel's panic.
func runOne(ctx context.Context, a bot.Adapter, h bot.Handler) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = bot.Recovered(p)
		}
	}()
	return a.Run(ctx, h)
}
