package main

import (
	"net/http"
	"testing"
)

// The admin address answers to what probes and a Prometheus call it, and not to a name that somebody has registered.
func TestAdminAnswersInsidersOnly(t *testing.T) {
	r := start(t)
	for host, want := range map[string]int{
		"127.0.0.1:8081": 200, "[::1]:8081": 200, "10.1.2.3": 200, "[fd00::1]": 200, "localhost:8081": 200, "motkraft:8081": 200,
		"motkraft.campaign.svc": 200, "motkraft.campaign.svc.cluster.local:8081": 200, "host.docker.internal": 200, "MOTKRAFT.": 200,
		"rebind.example.se": 421, "rebind.example.se:8081": 421, "127.0.0.1.example.se": 421, "svc.example.se:80": 421, "cluster.local.example.se": 421,
	} {
		for _, path := range []string{"/healthz", "/readyz", "/metrics"} {
			req, err := http.NewRequest("GET", r.admin+path, nil)
			if err != nil {
				t.Fatal(err)
			}
			req.Host = host
			answer, err := http.DefaultClient.Do(req)
			if err != nil {
				t.Fatal(err)
			}
			answer.Body.Close()
			if answer.StatusCode != want {
				t.Errorf("%s with the host %s gives %d, expected %d", path, host, answer.StatusCode, want)
			}
		}
	}
}
