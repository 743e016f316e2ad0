package count

import (
	"context"
	"errors"
	"strings"
)

// Store keeps counts where they outlive the process. It is safe for concurrent use, and several processes may use one at a time.
type Store interface {
	// Add adds all of a batch or nothing of it. A batch whose adding failed is given again under the same ID, since a failure may come
	// after the adding; what was added then is not added twice. The error holds no secret. It is a Refusal where waiting heals nothing, and
	// comes when ctx is done at the latest.
	Add(ctx context.Context, b Batch) error

	// Read gives all that is kept, with errors as Add has them. A store that nothing was ever added to gives nothing.
	Read(ctx context.Context) (Kept, error)

	// Close gives back what the store holds of the system.
	Close() error
}

// Refusal is an error that lasts until somebody changes the store or its address. It says what to do.
type Refusal string

func (r Refusal) Error() string { return string(r) }

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
		r, err := NewRedis(address)
		if err != nil {
			return nil, err
		}
		return r, nil
	}
	return nil, errors.New("no store is known for this address: give a file's path, or redis://host:6379")
}
