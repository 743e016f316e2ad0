package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"runtime/debug"
	"syscall"
	"time"

	"motkraft/bot"
	"motkraft/bot/fault"
	"motkraft/bot/web"
)

// serveCmd serves until it is told to stop.
type serveCmd struct{ flags }

// Bounds of an HTTP connection. A page is read in one go, so whoever takes longer is no reader.
const (
	headerTimeout = 5 * time.Second
	readTimeout   = 10 * time.Second
	writeTimeout  = 30 * time.Second
	idleTimeout   = 60 * time.Second
	maxHeader     = 16 << 10
)

// gcPercent lets the heap grow to some 50 MB before it is collected. Nearly all that is alive is the content, which each collection looks
// through in vain. GOGC says otherwise, and GOMEMLIMIT holds all the same.
const gcPercent = 400

// packPercent holds while the page's files are packed, which leaves much behind: it takes 20 MB less at its highest.
const packPercent = 100

// finishTimeout is how long what is in hand may take after the signal to stop: orchestrators wait 10 s by default, and a press
// takes milliseconds.
const finishTimeout = 4 * time.Second

// Run starts in order: settings, content, both addresses, then the servers; nothing is served before everything is there. It stops
// in reverse.
func (c *serveCmd) Run(w *world) error {
	hup, ignore := hangups()
	defer ignore()
	drain := w.watchdog()
	w.collect(gcPercent)
	s := w.settings(c.flags)
	s.refuseUnknown()
	addr := s.address("ADDR", defaultAddr)
	adminAddr := s.address("ADMIN_ADDR", defaultAdminAddr)
	sealer, random := s.sealer()
	on := w.channels.configured(s)
	page := web.Configured(s.values(web.Channel().Settings))
	by := s.proxies()
	t := times{drain: s.time("DRAIN", "longer than a balancer takes to send requests elsewhere"), giveUp: s.time("GIVE_UP", "or 0s for never")}
	drain.Store(int64(t.drain))
	store, calendar := s.counts()
	dir := s.value("CONTENT")
	content, err := w.content(w.ctx, dir)
	var missing usageError
	if errors.As(err, &missing) {
		s.faults = append(s.faults, missing...)
	}
	s.proveCounts(w.ctx, store)
	if s.faults != nil {
		return s.faults
	}
	if err != nil {
		return err
	}
	o := newObserver(w, store, calendar)
	l, err := newLive(w.log, content, w.edition(sealer, page, o))
	if err != nil {
		return err
	}
	if random {
		w.log.Warn("no key is set: buttons sent by this process end with it", "cure", "set "+prefix+"KEY, made with 'openssl rand -base64 32'")
	}
	if page.Contact == "" {
		w.log.Warn("the accessibility statement names nobody to turn to", "cure", "set "+prefix+"WEB_PUBLISHER and "+prefix+"WEB_CONTACT")
	}
	public := s.listen(addr, "ADDR")
	admin := s.listen(adminAddr, "ADMIN_ADDR")
	if s.faults != nil {
		closeAll(public, admin)
		return s.faults
	}
	following, unfollow := context.WithCancel(w.ctx)
	unfollowed := w.follow(following, hup, dir, l, o.metrics)
	defer unfollowed()
	defer unfollow()
	return w.serve(public, admin, l, w.channels.open(on, l, by), o, l.For, t)
}

// times are how long what may take.
type times struct {
	drain  time.Duration // after the signal to stop it goes on so long
	giveUp time.Duration // after so long with every channel refused it ends; 0: never
}

// time reads a time.
func (s *settings) time(name, such string) time.Duration {
	d, err := time.ParseDuration(s.value(name))
	if err != nil || d < 0 {
		s.fault("%s%s is no time: give one such as 10s, %s", prefix, name, such)
	}
	return d
}

// collect says how much the heap may grow before it is collected, unless GOGC does.
func (w *world) collect(percent int) {
	if w.environ["GOGC"] == "" {
		debug.SetGCPercent(percent)
	}
}

// edition makes content ready to answer.
func (w *world) edition(sealer *bot.Sealer, page web.Options, o *observer) func(content) (*edition, error) {
	return func(c content) (*edition, error) {
		b, err := bot.New(c.set, c.catalog, bot.Options{
			Sealer: sealer,
			Failed: func(ctx context.Context, err error) {
				w.log.ErrorContext(ctx, "there is trouble on a channel", "error", err)
			},
			Observe: o.observe,
		})
		if err != nil {
			return nil, err
		}
		site, err := web.New(b, page)
		if err != nil {
			return nil, err
		}
		w.pack(func() { // whoever comes before it is done waits for their own file alone
			w.collect(packPercent)
			site.Prepare()
			debug.FreeOSMemory() // most of what a start takes is not needed again
			w.collect(gcPercent)
		})
		o.offer(groups(c.set))
		return newEdition(b, site), nil
	}
}

// listen takes an address.
func (s *settings) listen(addr, name string) net.Listener {
	l, err := net.Listen("tcp", addr)
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		s.fault("%s is taken by another program: stop it, or set %s%s to another address", addr, prefix, name)
	case err != nil:
		s.fault("%s cannot be listened on: set %s%s to an address of this machine, with a port that this user may use", addr, prefix, name)
	}
	return l
}

func closeAll(listeners ...net.Listener) {
	for _, l := range listeners {
		if l != nil {
			_ = l.Close()
		}
	}
}

// serve runs both servers and the channels until the context is done, a server fails or every channel is refused for too long. Once the context is
// done it goes on for the time of the drain, and says that it is not ready.
func (w *world) serve(public, admin net.Listener, page http.Handler, c serving, o *observer, handler func(channel string) bot.Handler, t times) error {
	servers := []*http.Server{newServer(harden(w.log, c.handler(o.page(page)))), newServer(harden(w.log, insiders(adminHandler(o))))}
	failed := make(chan error, len(servers))
	for i, l := range []net.Listener{public, admin} {
		go func() {
			failed <- fault.Try(func() error { return newConnections(c.by).serve(servers[i], l) })
		}()
	}
	talking, hush := context.WithCancel(context.WithoutCancel(w.ctx))
	defer hush()
	go contained(w.log, "the tidying of memory", func() { o.tidy(talking, debug.FreeOSMemory) })
	finishCounting := o.count()
	channelsEnded := c.run(talking, w, o, handler)
	o.ready.Store(true)
	w.log.Info("ready", "web", "http://"+public.Addr().String(), "admin", "http://"+admin.Addr().String(), "version", version())
	if w.onReady != nil {
		w.onReady(public.Addr().String(), admin.Addr().String())
	}
	var err error
	select {
	case <-w.ctx.Done():
	case err = <-failed:
		err = fmt.Errorf("a server stopped: %w", err)
		t.drain = 0
	case <-o.refused(talking, t.giveUp):
		err = errors.New("every channel has been refused by its platform for too long: the log says why")
	}
	o.ready.Store(false)
	w.log.Info("stopping")
	if t.drain > 0 {
		<-w.after(t.drain)
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(w.ctx), finishTimeout)
	defer cancel()
	hush()
	shut(ctx, servers[0])
	channelsEnded()
	finishCounting()
	shut(ctx, servers[1]) // last, so that the end can be watched
	w.log.Info("stopped")
	return err
}

// shut finishes what a server has in hand, and cuts off what is still there when the context is done.
func shut(ctx context.Context, s *http.Server) {
	if s.Shutdown(ctx) != nil {
		_ = s.Close()
	}
}

func newServer(h http.Handler) *http.Server {
	return &http.Server{
		Handler:           h,
		ReadHeaderTimeout: headerTimeout,
		ReadTimeout:       readTimeout,
		WriteTimeout:      writeTimeout,
		IdleTimeout:       idleTimeout,
		MaxHeaderBytes:    maxHeader,
		ErrorLog:          noLog, // the standard library's lines hold addresses of people
	}
}

// adminHandler tells an orchestrator how the process is.
func adminHandler(o *observer) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(rw http.ResponseWriter, _ *http.Request) { fmt.Fprintln(rw, "ok") })
	mux.HandleFunc("GET /readyz", o.readyz)
	mux.Handle("GET /metrics", o.metrics.handler())
	return mux
}
