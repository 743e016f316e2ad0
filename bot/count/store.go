package count

import (
	"context"
	"errors"
	"strings"
)

// Store keeps counts where they outlive the process. It is safe for concurrent use, and several processes may use one at a time.
type Store interface {
	// Add adds all of a batch or nothing of it. A batch whose adding failed is given again under the same ID, since a failure may come
	// after the adding; what was added then is not added twice. The error holds no secret.
	Add(ctx context.Context, b Batch) error

	// Read gives all that is kept. A store that nothing was ever added to gives nothing.
	Read(ctx context.Context) (Kept, error)

	// Close gives back what the store holds of the system.
	Close() error
}

// Batch is counts on their way into a store.
type Batch struct {
	ID     string // a random one
	Counts Counts
}

// Kept is what a store keeps.
type Kept struct {
	Counts Counts
	Secret []byte // what the published noise is drawn from: made with the store, never changed
}

const secretSize = 32

// Open gives the store at an address: a file's path, or redis://, rediss:// or unix:// where several replicas count together. It does
// not reach for it yet. The error does not hold the address, in which there may be a password.
func Open(address string) (Store, error) {
	switch scheme, _, ok := strings.Cut(address, "://"); {
	case !ok:
		return NewFile(address), nil
	case scheme == "redis" || scheme == "rediss" || scheme == "unix":
		return NewRedis(address)
	}
	return nil, errors.New("no store is known for this address: give a file's path, or redis://host:6379")
}
