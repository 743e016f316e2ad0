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

// The names in Redis. The braces are a hash tag, which keeps them in one slot for whatever divides keys behind the one address.
const (
	redisCounts = "motkraft:{counts}"        // a hash: counts by key
	redisSecret = "motkraft:{counts}:secret" // #nosec G101 -- the name of a key in Redis, which holds base64
	redisAdded  = "motkraft:{counts}:added:" // and a batch's ID: it was added
)

// redisTimeout bounds each of a connection's steps. Nobody waits for them but the shutdown.
const redisTimeout = 500 * time.Millisecond

// batchMemory is for how long Redis remembers a batch that was added: a day longer than a batch is tried for.
const batchMemory = giveUp + 24*time.Hour

// addScript adds a batch that was not added yet. As a script it happens as a whole or not at all, and once however often it is sent. Counts
// without a secret are left as they are, and so is a secret of another length.
var addScript = redis.NewScript(3, `
local secret = redis.call('GET', KEYS[2])
if not secret then
	if redis.call('EXISTS', KEYS[1]) == 1 then
		return redis.status_reply('missing')
	end
	redis.call('SET', KEYS[2], ARGV[1])
elseif #secret ~= #ARGV[1] then
	return redis.status_reply('other')
end
if #ARGV > 2 and redis.call('SET', KEYS[3], '1', 'NX', 'EX', ARGV[2]) then
	for i = 3, #ARGV, 2 do
		redis.call('HINCRBY', KEYS[1], ARGV[i], ARGV[i + 1])
	end
end
return redis.status_reply('OK')`)

// What a Redis is refused for.
const (
	refusedMissing = Refusal("in Redis " + redisCounts + " holds counts whose secret, " + redisSecret + ", is missing: bring it back from a copy, or delete the counts too; " +
		"with another secret the same counts would be published with other noise, and an average of both has less of it")
	refusedSecret  = Refusal("in Redis " + redisSecret + " holds something else, expected what motkraft wrote: bring it back from a copy, or delete it and the counts")
	refusedCluster = Refusal("this is a Redis Cluster, which is not supported: give the address of a single Redis")
)

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
		switch said, err := redis.String(addScript.DoContext(ctx, c, args...)); {
		case err != nil:
			return err
		case said == "missing":
			return refusedMissing
		case said == "other":
			return refusedSecret
		}
		return nil
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
	if errors.Is(err, redis.ErrNil) && len(fields) == 0 { // nothing was ever added
		return Kept{Counts: Counts{}}, nil
	}
	if errors.Is(err, redis.ErrNil) {
		err = refusedMissing
	}
	if err != nil {
		return Kept{}, fmt.Errorf("the Redis of the counts cannot be read: %w", err)
	}
	key, err := base64.StdEncoding.DecodeString(secret)
	if err != nil || len(key) != secretSize {
		return Kept{}, refusedSecret
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
