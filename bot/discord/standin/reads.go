package standin

import (
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Read gives what a person reads of a content, and the addresses in it that can be clicked: Discord's Markdown is applied
// (https://support.discord.com/hc/en-us/articles/210298617), its marks are eaten and its backslashes taken away. What becomes a mention
// or a picture is replaced by a word, what becomes a point of a list gets its point.
//
// The client's rules are nowhere written down to the letter. Where they are in doubt, a mark is eaten here, so that a text that is to be
// read as it stands is sure to be so only when its marks are escaped.
func Read(content string) (text string, links []string) {
	r := &reader{}
	return r.text(content, true), r.links
}

type reader struct {
	links  []string
	number int // of the last point of a numbered list; 0: none
}

// text reads a text; fresh says that it begins a line.
func (r *reader) text(s string, fresh bool) string {
	var out strings.Builder
	for i := 0; i < len(s); {
		behind := i > 0 && s[i-1] != '\n' // another line's mark, if fresh
		if fresh || i > 0 && !behind {
			fresh = false
			if n, text, again := r.line(s[i:], behind); n > 0 {
				out.WriteString(text)
				i += n
				fresh = again
				continue
			}
		}
		n, text := r.mark(s[i:])
		if n == 0 {
			_, n = utf8.DecodeRuneInString(s[i:])
			text = s[i : i+n]
		}
		out.WriteString(text)
		i += n
	}
	return out.String()
}

var (
	heading  = regexp.MustCompile(`^ *#{1,3}[ \t]+([^\n]+?)[ \t#]*(?:\n|$)`)
	subtext  = regexp.MustCompile(`^ *-#[ \t]+([^\n]+)`)
	quoteAll = regexp.MustCompile(`^ *>>> ([\s\S]*)`)
	quote    = regexp.MustCompile(`^ *> ([^\n]*)`)
	point    = regexp.MustCompile(`^( *)(?:[-*]|(\d{1,9})\.)[ \t]+[^\s]`)
)

// line reads what is a mark at a line's start only, or behind such a mark; again says that what follows can be one more.
func (r *reader) line(s string, behind bool) (n int, text string, again bool) {
	if m := point.FindStringSubmatch(s); m != nil && !subtext.MatchString(s) {
		mark := "•"
		if m[2] != "" {
			first, _ := strconv.Atoi(m[2]) // at most nine digits
			if r.number++; r.number == 1 {
				r.number = first
			}
			mark = strconv.Itoa(r.number) + "."
		}
		_, last := utf8.DecodeLastRuneInString(m[0])
		return len(m[0]) - last, m[1] + mark + " ", true
	}
	if !behind {
		r.number = 0
	}
	if m := heading.FindStringSubmatch(s); m != nil {
		end := ""
		if strings.HasSuffix(m[0], "\n") {
			end = "\n"
		}
		return len(m[0]), r.text(m[1], false) + end, true
	}
	if m := subtext.FindStringSubmatch(s); m != nil {
		return len(m[0]), r.text(m[1], false), false
	}
	for _, rule := range []*regexp.Regexp{quoteAll, quote} {
		if m := rule.FindStringSubmatch(s); m != nil {
			return len(m[0]), r.text(m[1], true), false
		}
	}
	return 0, "", false
}

// mark reads what is a mark anywhere; 0: s begins with none.
func (r *reader) mark(s string) (int, string) {
	switch s[0] {
	case '\\':
		if c, n := utf8.DecodeRuneInString(s[1:]); n > 0 && !alphanumeric(c) && !strings.ContainsRune(" \t\r\n", c) {
			return 1 + n, s[1 : 1+n]
		}
	case '`':
		return code(s)
	case '*', '_':
		// Where several fit, the longest does.
		n, inner := emphasis(s)
		if m, in := strong(s); m > n {
			n, inner = m, in
		}
		if n > 0 {
			return n, r.text(inner, false)
		}
	case '~', '|':
		fence := strings.Repeat(s[:1], 2)
		if rest, ok := strings.CutPrefix(s, fence); ok && len(rest) > 1 {
			if i := strings.Index(rest[1:], fence); i >= 0 {
				return i + 1 + 2*len(fence), r.text(rest[:i+1], false)
			}
		}
	case '[':
		return r.masked(s)
	case '<':
		return r.angle(s)
	case 'h', 'H':
		if address := bare(s); address != "" {
			r.links = append(r.links, address)
			return len(address), address
		}
	case ':':
		if m := shortcode.FindString(s); m != "" {
			return len(m), "(emoji)"
		}
	}
	return 0, ""
}

func alphanumeric(c rune) bool {
	return c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z'
}

// shortcode are some of the names that the client shows as pictures.
var shortcode = regexp.MustCompile(`^:(?:smile|heart|sos|warning|phone|telephone|x|ok|\+1|-1|thumbsup|wave|sweden|flag_se|100|1234):`)

var block = regexp.MustCompile("^```(?:[a-zA-Z0-9_+.-]+\n)?\n*([^\n][\\s\\S]*?)\n*```")

// code reads a block, or what stands between two runs of as many backticks.
func code(s string) (int, string) {
	if m := block.FindStringSubmatch(s); m != nil {
		return len(m[0]), m[1]
	}
	run := len(s) - len(strings.TrimLeft(s, "`"))
	for n := run; n > 0; n-- {
		fence := s[:n]
		for i := n + 1; i+n <= len(s); i++ {
			if s[i:i+n] == fence && s[i-1] != '`' && (i+n == len(s) || s[i+n] != '`') {
				return i + n, s[n:i]
			}
		}
	}
	return 0, ""
}

// strong reads **bold** and __underlined__.
func strong(s string) (int, string) {
	if len(s) < 2 || s[1] != s[0] {
		return 0, ""
	}
	fence := s[:2]
	for i := 2; i < len(s); i++ {
		if s[i] == '\\' {
			i++
			continue
		}
		if i > 2 && strings.HasPrefix(s[i:], fence) && (i+2 == len(s) || s[i+2] != s[0]) {
			return i + 2, s[2:i]
		}
	}
	return 0, ""
}

// emphasis reads *italics* and _italics_: the first do not begin or end with a space, the second do not end within a word.
func emphasis(s string) (int, string) {
	fence := s[0]
	if len(s) < 3 || fence == '*' && strings.ContainsRune(" \t\n", rune(s[1])) {
		return 0, ""
	}
	for i := 1; i < len(s); i++ {
		switch {
		case s[i] == '\\':
			i++
		case s[i] == fence && i+1 < len(s) && s[i+1] == fence:
			i++ // two of them are of something bolder
		case s[i] == fence:
			inWord := fence == '_' && i+1 < len(s) && (alphanumeric(rune(s[i+1])) || s[i+1] == '_')
			spaced := fence == '*' && strings.ContainsRune(" \t\n", rune(s[i-1]))
			if i == 1 || inWord || spaced {
				return 0, ""
			}
			return i + 1, s[1:i]
		}
	}
	return 0, ""
}
