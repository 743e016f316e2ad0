package count

import (
	"fmt"
	"strings"
)

// holding is one thing that a store keeps.
type holding struct{ file, redis, what string }

// holdings are all that there is: a test compares them with what stands in a file and in a Redis after use.
var holdings = []holding{
	{"counts", redisCounts, "a number for each key `PERIOD/CHANNEL/GROUP` that there can be, 0 where nothing was counted"},
	{"secret", redisSecret, "32 random bytes, made with the store, from which the published noise is drawn"},
	{"", redisAdded + "ID", "the random name of a batch of counts that was added, so that it is not added twice; gone after seven days"},
}

// Held is a page in Markdown of everything that is kept: with the channels that are counted and the groups of the content, every key that there
// can be.
func Held(channels, groups []string) string {
	var b strings.Builder
	b.WriteString("| in the file | in Redis | what it is |\n|---|---|---|\n")
	for _, h := range holdings {
		file := "not there"
		if h.file != "" {
			file = "`" + h.file + "`"
		}
		fmt.Fprintf(&b, "| %s | `%s` | %s |\n", file, h.redis, h.what)
	}
	b.WriteString("\n| part of a key | what there is |\n|---|---|\n")
	fmt.Fprintf(&b, "| `PERIOD` | a half-year without its campaigns, such as `2026-H1`, or the first day of a campaign of %d days, such as `2026-09-14` |\n", campaignDays)
	fmt.Fprintf(&b, "| `CHANNEL` | %s |\n", quoted(append(channels[:len(channels):len(channels)], Web)))
	fmt.Fprintf(&b, "| `GROUP` | %s; for the web only `%s` |\n", quoted(groups), Fetched)
	return b.String()
}

func quoted(names []string) string { return "`" + strings.Join(names, "`, `") + "`" }
