package bot

import "time"

// Refusable is a health check that an Adapter may have.
type Refusable interface {
	// Refused reports whether the platform refuses the bot at the moment (a wrong token, too many servers). The adapter goes on trying. It
	// is safe for concurrent use.
	Refused() bool
}

// Queued is a gauge that an Adapter may have.
type Queued interface {
	// Oldest gives for how long the oldest update that is not answered yet has been in hand; 0 where there is none. It is safe for
	// concurrent use.
	Oldest() time.Duration
}
