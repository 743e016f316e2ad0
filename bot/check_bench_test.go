package bot

import (
	"fmt"
	"testing"
	"testing/fstest"

	"motkraft/locales"
)

// many is the words of the program, and copies of the English ones as further languages, up to so many in all.
func many(tb testing.TB, languages int) *locales.Catalog {
	tb.Helper()
	files := fstest.MapFS{}
	for _, code := range append([]string{"sv", "en"}, "ar", "bg", "es", "fa", "lt", "ro", "ru", "th")[:languages] {
		from := "en.yaml"
		if code == "sv" {
			from = "sv.yaml"
		}
		data, err := locales.Embedded.ReadFile(from)
		if err != nil {
			tb.Fatal(err)
		}
		files[code+".yaml"] = &fstest.MapFile{Data: data}
	}
	catalog, problems := locales.Load(files, "sv")
	if len(problems) > 0 {
		tb.Fatal(problems)
	}
	return catalog
}

// BenchmarkCheck is 'motkraft check' without reading the files: with the languages that there are, and with ten. With ten some screens have more
// buttons than may be, which is told when all else was looked at.
func BenchmarkCheck(b *testing.B) {
	set, _ := embedded(b)
	for _, languages := range []int{2, 10} {
		b.Run(fmt.Sprint(languages), func(b *testing.B) {
			catalog := many(b, languages)
			for b.Loop() {
				for _, p := range Check(set, catalog, beside(catalog)) {
					if p.Rule != ruleButtons {
						b.Fatal(p)
					}
				}
			}
		})
	}
}
