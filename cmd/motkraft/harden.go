package main

import (
	"log/slog"
	"net/http"

	"motkraft/bot/fault"
)

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
				log.ErrorContext(r.Context(), "a request was not answered", "error", fault.Recovered(p))
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

// contained is the recover middleware of what runs beside the channels: it does work, and logs a panic in it, which ends nothing else.
func contained(log *slog.Logger, what string, work func()) {
	if err := fault.Try(func() error { work(); return nil }); err != nil {
		log.Error("something beside the channels has ended", "what", what, "error", err)
	}
}
