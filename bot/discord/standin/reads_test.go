package standin_test

import (
	"slices"
	"testing"

	"motkraft/bot/discord/standin"
)

func TestReads(t *testing.T) {
	for _, c := range []struct{ content, reads string }{
		{"", ""},
		{"Ring 112, dygnet runt.\n\nDu får vara anonym.", "Ring 112, dygnet runt.\n\nDu får vara anonym."},
		{`\*a\* \_b\_ \~\~c\~\~ \|\|d\|\| \` + "`e\\`", "*a* _b_ ~~c~~ ||d|| `e`"},
		{`a\b \å \\ \`, `a\b å \ \`},
		{"**b** *i* _i_ __u__ ~~s~~ ||x||", "b i i u s x"},
		{"***bi*** **a *b* c** __a _b_ c__", "bi a b c a b c"},
		{"2 * 3 * 4, *not*this* one", "2 * 3 * 4, notthis* one"},
		{"snake_case_name and _open", "snake_case_name and _open"},
		{"snake_case_ name", "snakecase name"},
		{"** a", "** a"},
		{"`a *b* \\c` ``a`b`` `open", "a *b* \\c a`b `open"},
		{"```go\n*a*\n```", "*a*"},
		{"# Big\n## Less\n### Least ##\n#### not\n#not", "Big\nLess\nLeast\n#### not\n#not"},
		{"-# small\n- a\n* b\n  - c\n-d", "small\n• a\n• b\n  • c\n-d"},
		{"1. a\n3. b\n\n020. c\n112 d", "1. a\n2. b\n\n20. c\n112 d"},
		{`1\. a` + "\n" + `\- b` + "\n" + `\# c` + "\n" + `\> d`, "1. a\n- b\n# c\n> d"},
		{"> q\n>not\n>>> all\nthe rest", "q\n>not\nall\nthe rest"},
		{"- # in a point", "• in a point"},
		{"[words](https://example.org/a_(b)_c) [a](tel:112)", "words [a](tel:112)"},
		{`\[words](https://example.org)`, "[words](https://example.org)"},
		{`[words\](https://example.org)`, `words\`},
		{"<https://example.org> <a@example.org> <+46 31 123> <b>", "https://example.org a@example.org +46 31 123 <b>"},
		{"<@123> <@!123> <@&1> <#1> <:e:1> <a:e:1> </support:1> <id:browse>", "@somebody @somebody @role #channel (emoji) (emoji) /command #guide"},
		{"<t:0> <t:0:R> <t:x>", "1 January 1970 00:00 1 January 1970 00:00 <t:x>"},
		{":heart: 12:30:45 :hjärta:", "(emoji) 12:30:45 :hjärta:"},
		{`https://example.org/a_b_c*d*\_e.`, `https://example.org/a_b_c*d*\_e.`},
		{"(https://example.org/a)", "(https://example.org/a)"},
		{"@everyone", "@everyone"},
	} {
		if reads, _ := standin.Read(c.content); reads != c.reads {
			t.Errorf("%q reads %q, want %q", c.content, reads, c.reads)
		}
	}
}

func TestLinks(t *testing.T) {
	_, links := standin.Read(`See https://example.org/a?b=c_d_e, (https://example.org/x) <https://example.org/y>
[z](https://example.org/z "title") <+46 31> HTTPS://EXAMPLE.ORG ` + "`https://example.org/no` https:// \\https://example.org/yes")
	want := []string{
		"https://example.org/a?b=c_d_e", "https://example.org/x", "https://example.org/y", "https://example.org/z", "tel:+46 31",
		"HTTPS://EXAMPLE.ORG", "https://example.org/yes",
	}
	if !slices.Equal(links, want) {
		t.Errorf("got %q, want %q", links, want)
	}
}
