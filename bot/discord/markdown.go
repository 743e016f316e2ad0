package discord

import (
	"regexp"
	"strings"
)

// marks are what Discord's Markdown would eat (https://support.discord.com/hc/en-us/articles/210298617): anywhere, or at a line's start,
// where "1." makes a list and "-# " small print.
var (
	address  = regexp.MustCompile(`https?://\S+`)
	marks    = regexp.MustCompile("[\\\\*_~`|<>\\[\\]]|@(everyone|here)")
	atStart  = regexp.MustCompile(`(?m)^([ \t]*)([#+-])`)
	numbered = regexp.MustCompile(`(?m)^([ \t]*\d+)\.`)
)

// plain escapes a text so that it is read as it is. An address is left alone: Discord takes it literally, backslashes too.
func plain(text string) string {
	var b strings.Builder
	from := 0
	for _, at := range address.FindAllStringIndex(text, -1) {
		b.WriteString(marks.ReplaceAllString(text[from:at[0]], `\$0`))
		b.WriteString(text[at[0]:at[1]])
		from = at[1]
	}
	b.WriteString(marks.ReplaceAllString(text[from:], `\$0`))
	escaped := atStart.ReplaceAllString(b.String(), `$1\$2`)
	return numbered.ReplaceAllString(escaped, `$1\.`)
}
