package count

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/gomodule/redigo/redis"
)

// Redis keeps counts in a Redis, where several replicas count together. It has one connection at most, made for each exchange and closed
// behind it: counts are added once a day, and by then one that was kept open would be found dead.
type Redis struct {
	at  address
	one chan struct{} // held while there is a connection
}

var _ Store = (*Redis)(nil)

// The names in Redis. The braces keep them on one node of a cluster.
const (
	redisCounts = "motkraft:{counts}"        // a hash: counts by key
	redisSecret = "motkraft:{counts}:secret" // #nosec G101 -- the name of a key in Redis, which holds base64
	redisAdded  = "motkraft:{counts}:added:" // and a batch's ID: it was added
)

// redisTimeout bounds each of a connection's steps. Nobody waits for them but the shutdown.
const redisTimeout = 500 * time.Millisecond

// batchMemory is for how long Redis remembers a batch that was added: a day longer than a batch is tried for.
const batchMemory = giveUp + 24*time.Hour

// addScript adds a batch that was not added yet. As a script it happens as a whole or not at all, and once however often it is sent.
var addScript = redis.NewScript(3, `
redis.call('SET', KEYS[2], ARGV[1], 'NX')
if #ARGV > 2 and redis.call('SET', KEYS[3], '1', 'NX', 'EX', ARGV[2]) then
	for i = 3, #ARGV, 2 do
		redis.call('HINCRBY', KEYS[1], ARGV[i], ARGV[i + 1])
	end
end
return redis.status_reply('OK')`)

// NewRedis keeps counts at an address such as redis://user:password@host:6379/0. It does not connect yet. The error does not hold the
// address.
func NewRedis(address string) (*Redis, error) {
	at, err := parseAddress(address)
	if err != nil {
		return nil, err
	}
	return &Redis{at: at, one: make(chan struct{}, 1)}, nil
}

// Add sends the batch in one script.
func (r *Redis) Add(ctx context.Context, b Batch) error {
	args := redis.Args{redisCounts, redisSecret, redisAdded + b.ID,
		base64.StdEncoding.EncodeToString(newSecret()), int(batchMemory / time.Second)}
	for key, n := range b.Counts {
		args = args.Add(key.String(), n)
	}
	err := r.exchange(ctx, func(c redis.Conn) error {
		_, err := addScript.DoContext(ctx, c, args...)
		return err
	})
	if err != nil {
		return fmt.Errorf("the Redis of the counts did not take them: %w", err)
	}
	return nil
}

// Read gives what Redis holds.
func (r *Redis) Read(ctx context.Context) (Kept, error) {
	var fields map[string]string
	var secret string
	err := r.exchange(ctx, func(c redis.Conn) (err error) {
		fields, secret, err = readAll(ctx, c)
		return err
	})
	if errors.Is(err, redis.ErrNil) { // no secret: nothing was ever added
		return Kept{Counts: Counts{}}, nil
	}
	if err != nil {
		return Kept{}, fmt.Errorf("the Redis of the counts can not be read: %w", err)
	}
	key, err := base64.StdEncoding.DecodeString(secret)
	if err != nil || len(key) != secretSize {
		return Kept{}, fmt.Errorf("in Redis %q holds something else, expected what motkraft wrote", redisSecret)
	}
	counts := map[string]int64{}
	for field, value := range fields {
		if counts[field], err = strconv.ParseInt(value, 10, 64); err != nil {
			return Kept{}, fmt.Errorf("in Redis the count %q is no number", field)
		}
	}
	return newKept(key, counts)
}

// readAll reads counts and secret of one moment; redis.ErrNil where there is no secret.
func readAll(ctx context.Context, c redis.Conn) (fields map[string]string, secret string, err error) {
	if err := errors.Join(c.Send("MULTI"), c.Send("HGETALL", redisCounts), c.Send("GET", redisSecret)); err != nil {
		return nil, "", err
	}
	replies, err := redis.Values(redis.DoContext(c, ctx, "EXEC"))
	if err != nil {
		return nil, "", err
	}
	if len(replies) != 2 {
		return nil, "", errors.New("an answer of another form")
	}
	if fields, err = redis.StringMap(replies[0], nil); err != nil {
		return nil, "", err
	}
	secret, err = redis.String(replies[1], nil)
	return fields, secret, err
}

// exchange connects, does one thing and hangs up. Whoever finds the connection taken waits as long as ctx lets them.
func (r *Redis) exchange(ctx context.Context, do func(redis.Conn) error) error {
	select {
	case r.one <- struct{}{}:
		defer func() { <-r.one }()
	case <-ctx.Done():
		return ctx.Err()
	}
	c, err := r.at.dial(ctx)
	if err != nil {
		return bareNet(err)
	}
	defer c.Close()
	return bareNet(do(c))
}

// Close has nothing to give back: a connection ends with its exchange.
func (r *Redis) Close() error { return nil }
