package main

import (
	"log/slog"
	"net"
	"net/http"

	"golang.org/x/net/netutil"

	"motkraft/bot"
)

// maxConnections is how many connections are served at a time; whoever comes then waits until one ends. The bounds of each are in serve.go.
const maxConnections = 2048

// limit bounds the connections that are open at a time.
func limit(l net.Listener) net.Listener { return netutil.LimitListener(l, maxConnections) }

// harden answers with 500 and nothing else where a fault of the program shows in a handler.
func harden(log *slog.Logger, next http.Handler) http.Handler {
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		w := &watched{ResponseWriter: rw}
		defer func() {
			p := recover()
			if p == nil {
				return
			}
			if p != http.ErrAbortHandler {
				log.ErrorContext(r.Context(), "a request was not answered", "error", bot.Recovered(p))
			}
			if w.begun || p == http.ErrAbortHandler {
				panic(http.ErrAbortHandler) // half an answer: the connection is cut
			}
			http.Error(rw, "something went wrong here", http.StatusInternalServerError)
		}()
		next.ServeHTTP(w, r)
	})
}

// watched knows whether an answer has begun.
type watched struct {
	http.ResponseWriter
	begun bool
}

func (w *watched) WriteHeader(status int) {
	w.begun = true
	w.ResponseWriter.WriteHeader(status)
}

func (w *watched) Write(p []byte) (int, error) {
	w.begun = true
	return w.ResponseWriter.Write(p)
}

// Unwrap is for http.ResponseController.
func (w *watched) Unwrap() http.ResponseWriter { return w.ResponseWriter }
