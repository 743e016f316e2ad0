package count

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/logging"
	"github.com/redis/go-redis/v9/maintnotifications"
)

// Redis keeps counts in a Redis, where several replicas count together.
type Redis struct{ client *redis.Client }

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
var addScript = redis.NewScript(`
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
	opts, err := redis.ParseURL(address)
	if err != nil {
		return nil, errors.New("no address of a Redis, expected such as redis://host:6379")
	}
	logging.Disable()                           // its lines go past our log; what it says comes back as errors too
	opts.MaxRetries, opts.DialerRetries = -1, 1 // the Counter tries again by itself
	opts.DialTimeout, opts.ReadTimeout, opts.WriteTimeout = redisTimeout, redisTimeout, redisTimeout
	opts.ContextTimeoutEnabled = true
	opts.PoolSize, opts.MinIdleConns = 1, 0
	opts.DisableIdentity = true
	opts.MaintNotificationsConfig = &maintnotifications.Config{Mode: maintnotifications.ModeDisabled}
	return &Redis{client: redis.NewClient(opts)}, nil
}

// Add sends the batch in one script.
func (r *Redis) Add(ctx context.Context, b Batch) error {
	args := []any{base64.StdEncoding.EncodeToString(newSecret()), int(batchMemory / time.Second)}
	for key, n := range b.Counts {
		args = append(args, key.String(), n)
	}
	if err := addScript.Run(ctx, r.client, []string{redisCounts, redisSecret, redisAdded + b.ID}, args...).Err(); err != nil {
		return fmt.Errorf("the Redis of the counts did not take them: %w", err)
	}
	return nil
}

// Read gives what Redis holds.
func (r *Redis) Read(ctx context.Context) (Kept, error) {
	var fields *redis.MapStringStringCmd
	var secret *redis.StringCmd
	_, err := r.client.TxPipelined(ctx, func(p redis.Pipeliner) error {
		fields, secret = p.HGetAll(ctx, redisCounts), p.Get(ctx, redisSecret)
		return nil
	})
	if errors.Is(err, redis.Nil) { // no secret: nothing was ever added
		return Kept{Counts: Counts{}}, nil
	}
	if err != nil {
		return Kept{}, fmt.Errorf("the Redis of the counts can not be read: %w", err)
	}
	key, err := base64.StdEncoding.DecodeString(secret.Val())
	if err != nil || len(key) != secretSize {
		return Kept{}, fmt.Errorf("in Redis %q holds something else, expected what motkraft wrote", redisSecret)
	}
	counts := map[string]int64{}
	for field, value := range fields.Val() {
		if counts[field], err = strconv.ParseInt(value, 10, 64); err != nil {
			return Kept{}, fmt.Errorf("in Redis the count %q is no number", field)
		}
	}
	return newKept(key, counts)
}

// Close ends the connection.
func (r *Redis) Close() error { return r.client.Close() }
