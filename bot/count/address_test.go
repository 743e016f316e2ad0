package count

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/gomodule/redigo/redis"
)

func TestAddresses(t *testing.T) {
	for s, want := range map[string]address{
		"redis://":                              {network: "tcp", addr: "localhost:6379"},
		"redis://host":                          {network: "tcp", addr: "host:6379"},
		"redis://:word@host:7000/3":             {network: "tcp", addr: "host:7000", password: "word", db: 3},
		"redis://name:wo%40rd@[::1]/":           {network: "tcp", addr: "[::1]:6379", user: "name", password: "wo@rd"},
		"redis://host?db=4":                     {network: "tcp", addr: "host:6379", db: 4},
		"unix:///run/redis.sock":                {network: "unix", addr: "/run/redis.sock"},
		"unix://name:word@/run/redis.sock?db=2": {network: "unix", addr: "/run/redis.sock", user: "name", password: "word", db: 2},
	} {
		if got, err := parseAddress(s); err != nil || got != want {
			t.Errorf("%q is read as %+v, %v; expected %+v", s, got, err, want)
		}
	}
	got, err := parseAddress("rediss://host:7000")
	if err != nil || got.tls == nil || got.tls.ServerName != "host" || got.tls.MinVersion < tls.VersionTLS12 || got.tls.InsecureSkipVerify {
		t.Errorf("rediss is read as %+v, %v", got, err)
	}
	for _, s := range []string{"redis://canary/x", "redis://canary/-1", "redis://canary/1/2", "redis://canary?db=x", "redis://canary?retries=3",
		"unix://canary/path", "unix://canary", "redis://canary:port", "http://canary"} {
		if got, err := parseAddress(s); err == nil || strings.Contains(err.Error(), "canary") {
			t.Errorf("%q is read as %+v, %v", s, got, err)
		}
	}
}

// A real Redis that asks for a user, a password and TLS is given them, and the database that the address names. Whoever does not fit is
// refused, and no error holds what stands in the address.
func TestRedisIsAsked(t *testing.T) {
	folder := t.TempDir()
	roots := certify(t, folder)
	port := freePort(t)
	server := startRedis(t, "--tls-port", port, "--tls-auth-clients", "no", "--tls-cert-file", filepath.Join(folder, "cert.pem"), "--tls-key-file",
		filepath.Join(folder, "key.pem"), "--user", "canary", "on", ">canary-word", "~motkraft:*", "+@all", "--user", "canary-less", "on", ">canary-word", "~*", "-@all", "+select")
	over := func(address string, trusted *x509.CertPool) Store {
		s := mustOpen(t, address).(*Redis)
		if s.at.tls != nil {
			s.at.tls.RootCAs = trusted
		}
		return s
	}
	add(t, over("rediss://canary:canary-word@127.0.0.1:"+port+"/3", roots), "a", Counts{buy: 2})
	socket := strings.TrimPrefix(server.address, "unix://")
	holds(t, mustOpen(t, "unix://canary:canary-word@"+socket+"?db=3"), Counts{buy: 2})
	holds(t, mustOpen(t, "unix://canary:canary-word@"+socket), Counts{})

	for name, s := range map[string]Store{
		"a wrong word":          over("rediss://canary:wrong@127.0.0.1:"+port, roots),
		"one who may nothing":   over("rediss://canary-less:canary-word@127.0.0.1:"+port, roots),
		"a certificate unknown": over("rediss://canary:canary-word@127.0.0.1:"+port, nil),
		"another's certificate": over("rediss://canary:canary-word@localhost:"+port, roots),
		"no TLS":                mustOpen(t, "redis://canary:canary-word@127.0.0.1:"+port),
		"no such host":          mustOpen(t, "redis://canary:canary-word@canary.invalid"),
		"no such database":      over("rediss://canary:canary-word@127.0.0.1:"+port+"/9999", roots),
	} {
		err := s.Add(t.Context(), Batch{ID: name, Counts: Counts{buy: 1}})
		if err == nil || !strings.HasPrefix(err.Error(), "the Redis of the counts did not take them: ") {
			t.Errorf("%s: %v", name, err)
		} else if strings.Contains(err.Error(), "canary") || strings.Contains(err.Error(), port) || strings.Contains(err.Error(), "localhost") {
			t.Errorf("%s: the error tells of the address: %v", name, err)
		}
	}
	holds(t, mustOpen(t, "unix://canary:canary-word@"+socket+"?db=3"), Counts{buy: 2})
}

// Whoever waits for the connection, and whoever has it while the Redis stands still, waits no longer than their context lets them.
func TestRedisWaitsAsLongAsItMay(t *testing.T) {
	silent, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer silent.Close()
	r := mustOpen(t, "redis://"+silent.Addr().String()).(*Redis)
	ctx, cancel := context.WithCancel(t.Context())
	first := make(chan error)
	taken := make(chan struct{})
	go func() {
		first <- r.exchange(t.Context(), func(redis.Conn) error {
			close(taken)
			<-ctx.Done()
			return nil
		})
	}()
	<-taken
	waiting, stop := context.WithTimeout(t.Context(), time.Millisecond)
	defer stop()
	if err := r.exchange(waiting, func(redis.Conn) error { return nil }); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("the second one waited and got %v", err)
	}
	cancel()
	if err := <-first; err != nil {
		t.Error(err)
	}
	done, end := context.WithCancel(t.Context())
	end()
	if err := r.Add(done, Batch{ID: "a", Counts: Counts{buy: 1}}); !errors.Is(err, context.Canceled) {
		t.Errorf("with a context that is done: %v", err)
	}
	// Nothing ends this one but the bound of each step.
	var timeout net.Error
	if err := r.Add(context.WithoutCancel(t.Context()), Batch{ID: "a", Counts: Counts{buy: 1}}); !errors.As(err, &timeout) || !timeout.Timeout() {
		t.Errorf("a Redis that never answers: %v", err)
	}
}

// certify writes a certificate for 127.0.0.1 into a folder and gives what trusts it.
func certify(t *testing.T, folder string) *x509.CertPool {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	of := &x509.Certificate{SerialNumber: big.NewInt(1), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true}
	cert, err := x509.CreateCertificate(rand.Reader, of, of, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	write := func(name, kind string, data []byte) []byte {
		text := pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: data})
		if err := os.WriteFile(filepath.Join(folder, name), text, 0o600); err != nil {
			t.Fatal(err)
		}
		return text
	}
	write("key.pem", "PRIVATE KEY", private)
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(write("cert.pem", "CERTIFICATE", cert))
	return roots
}

// freePort gives a port that nobody has at the moment.
func freePort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return fmt.Sprint(l.Addr().(*net.TCPAddr).Port)
}
