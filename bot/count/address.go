package count

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/gomodule/redigo/redis"
)

// address is where a Redis is. The library's own reading of addresses has no sockets, and takes a name without a password for one.
type address struct {
	network, addr  string
	user, password string
	db             int
	tls            *tls.Config // nil: without TLS
}

var errAddress = errors.New("no address of a Redis, expected such as redis://host:6379")

// parseAddress reads redis://user:password@host:6379/0, the same with rediss for TLS, or unix://user:password@/path?db=0. Where something is
// left out it is localhost, 6379 and 0. The error does not hold the address.
func parseAddress(s string) (address, error) {
	u, err := url.Parse(s)
	if err != nil {
		return address{}, errAddress
	}
	a := address{network: "tcp", user: u.User.Username()}
	a.password, _ = u.User.Password()
	db := ""
	switch u.Scheme {
	case "unix":
		a.network, a.addr = "unix", u.Path
		if a.addr == "" || u.Host != "" {
			return address{}, errAddress
		}
	case "redis", "rediss":
		host, port := u.Hostname(), u.Port()
		if host == "" {
			host = "localhost"
		}
		if port == "" {
			port = "6379"
		}
		a.addr = net.JoinHostPort(host, port)
		db = strings.Trim(u.Path, "/")
		if u.Scheme == "rediss" {
			a.tls = &tls.Config{ServerName: host, MinVersion: tls.VersionTLS12}
		}
	default:
		return address{}, errAddress
	}
	query := u.Query()
	if query.Has("db") {
		db = query.Get("db")
		query.Del("db")
	}
	if db != "" {
		a.db, err = strconv.Atoi(db)
	}
	if err != nil || a.db < 0 || len(query) > 0 { // what is not known is not passed over
		return address{}, errAddress
	}
	return a, nil
}

// dial connects, says who it is and chooses the database. Each of its steps is bounded by redisTimeout, and all of it by ctx.
func (a address) dial(ctx context.Context) (redis.Conn, error) {
	plain := &net.Dialer{Timeout: redisTimeout}
	dial := plain.DialContext
	if a.tls != nil {
		dial = (&tls.Dialer{NetDialer: plain, Config: a.tls}).DialContext
	}
	return redis.DialContext(ctx, a.network, a.addr,
		redis.DialContextFunc(dial),
		redis.DialReadTimeout(redisTimeout), redis.DialWriteTimeout(redisTimeout),
		redis.DialUsername(a.user), redis.DialPassword(a.password), redis.DialDatabase(a.db))
}

// Answers of a Redis by their first word: those that only a Redis Cluster gives, and those that name a user behind it.
var (
	clustered = []string{"MOVED", "ASK", "TRYAGAIN", "CROSSSLOT", "CLUSTERDOWN"}
	telling   = []string{"NOPERM"}
)

// bareNet takes addresses and names off an error: whoever set them knows them.
func bareNet(err error) error {
	var said redis.Error
	var op *net.OpError
	var dns *net.DNSError
	var host x509.HostnameError
	switch {
	case errors.As(err, &said):
		switch code, _, _ := strings.Cut(string(said), " "); {
		case slices.Contains(clustered, code):
			return refusedCluster
		case slices.Contains(telling, code):
			return redis.Error(code)
		}
	case errors.As(err, &host):
		return errors.New("its certificate is another host's")
	case errors.As(err, &dns):
		return errors.New(dns.Err)
	case errors.As(err, &op):
		return op.Err
	}
	return err
}
