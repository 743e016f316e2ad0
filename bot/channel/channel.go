package channel

import (
	"net/http"

	"motkraft/bot"
)

// Channel is everything about one channel as one value: the program, its checks, its counts and its tests run from a list of these.
type Channel struct {
	// Name is one word in lower case: the adapter's, and the channel's in the log, the metrics, the counts and /readyz.
	Name string

	// Words are what it says beside the conversation; bot.Check holds the catalog to them.
	Words []bot.Word

	// Settings are what it is configured with, in the order in which people read them.
	Settings []Setting

	// Counted is true where conversations on it may be counted.
	Counted bool
	// CountNote is what the published statistics say of its numbers, or of why there are none; empty: nothing.
	CountNote string

	// Always are routes as Served has them, that are there whether the channel is on or not, such as the description of how to call it.
	Always map[string]http.Handler

	// Open makes the channel ready to serve, with values that have passed every Setting's Check. It opens no connection: that is for the
	// adapter's Run. It is nil for what is no adapter, such as the web chat, which is walked on the person's own device.
	Open func(v Values, c Core) Served
}

// On reports whether the channel is configured: whether the setting is given that switches it on.
func (c *Channel) On(v Values) bool {
	for _, s := range c.Settings {
		if s.Switch {
			return v[s.Name] != ""
		}
	}
	return false
}

// Served is a channel that was opened.
type Served struct {
	Adapter bot.Adapter

	// Routes are what its platform, or whoever calls it, reaches on the public address, by the pattern of a http.ServeMux. What is refused
	// there is bounded by the caller's address.
	Routes map[string]http.Handler
}

// Core is what a channel is given of the conversation beside the Handler, and of the world.
type Core struct {
	// Say gives a message of the catalog with its blanks filled in, by name and value in turn; "" where there is none.
	Say func(lang, key string, pairs ...string) string
	// Match gives the language for a platform's hint, such as "en-GB".
	Match func(hint string) string
	// Topics are the doors that can be offered before the conversation begins.
	Topics func(lang string) []bot.Topic
	// Languages are the codes that there are words in, the default first.
	Languages []string

	// Pace is the rate limiter of answers, by a key such as a chat's id.
	Pace Pace
}
