package main

import (
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"time"
)

// noLog swallows what net/http would log: its lines name the addresses of people.
var noLog = log.New(io.Discard, "", 0)

// healthCmd asks a running server on this machine whether it is ready. The image has no shell and no curl.
type healthCmd struct{}

const healthTimeout = 2 * time.Second

// Run fails where the server is not ready.
func (healthCmd) Run(w *world) error {
	s := w.settings(flags{})
	addr := s.address("ADMIN_ADDR", defaultAdminAddr)
	if s.faults != nil {
		return s.faults
	}
	host, port, _ := net.SplitHostPort(addr)
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	client := http.Client{Timeout: healthTimeout}
	answer, err := client.Get("http://" + net.JoinHostPort(host, port) + "/readyz")
	if err != nil {
		return fmt.Errorf("nothing answers on %sADMIN_ADDR", prefix)
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("not ready: %s", answer.Status)
	}
	return nil
}
