package bot

import (
	"unicode/utf16"

	"motkraft/bot/problem"
)

// need is a message that there must be in every language.
type need struct {
	key    string
	pos    problem.Pos // what needs it
	limit  int         // UTF-16 units; 0: none
	blanks []string    // that must stand in it
	form   *Form
	lines  int  // exactly so many lines; 0: any
	typed  bool // phrases, one a line
	list   bool // a list for the checks, never shown
	node   bool // what a node says
	dated  bool // speaks of law, and may say when it was checked
}

// utf16Len counts as the platforms count.
func utf16Len(s string) int {
	n := 0
	for _, r := range s {
		n += utf16.RuneLen(r)
	}
	return n
}
