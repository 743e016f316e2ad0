package bot

import (
	"fmt"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"motkraft/bot/problem"
	"motkraft/flows"
	"motkraft/locales"
)

func TestEmbeddedContentIsWhole(t *testing.T) {
	set, catalog := embedded(t)
	if problems := Check(set, catalog); len(problems) > 0 {
		t.Fatal(problems)
	}
	if nodes := len(set.Nodes); nodes < 25 {
		t.Errorf("%d nodes", nodes)
	}
}

// small is the smallest whole tree, and words that are whole for it, by language and key. The words say only their own key.
func small(t *testing.T) (*flows.Set, map[string]map[string]string) {
	t.Helper()
	set, problems := flows.Load(os.DirFS("../flows/testdata/good"))
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	empty, _ := locales.Load(fstest.MapFS{"sv.yaml": {Data: []byte("a: b")}})
	words := map[string]map[string]string{}
	for _, lang := range []string{"sv", "en"} {
		words[lang] = map[string]string{}
		for _, n := range needed(set, empty) {
			text := "ord"
			for _, blank := range blanks[n.key] {
				text += " {{." + blank + "}}"
			}
			words[lang][n.key] = strings.TrimSpace(strings.Repeat(text+"\n", max(1, n.lines)))
		}
	}
	return set, words
}

// catalogOf loads words as files, a key a line where the text has one line, sorted; the channels' words come last, so that a new one moves
// none of the others.
func catalogOf(t *testing.T, words map[string]map[string]string) *locales.Catalog {
	t.Helper()
	files := fstest.MapFS{}
	for lang, texts := range words {
		var b strings.Builder
		keys := slices.Collect(maps.Keys(texts))
		slices.SortFunc(keys, func(a, b string) int {
			_, late := channelWords[a]
			if _, other := channelWords[b]; late != other {
				if late {
					return 1
				}
				return -1
			}
			return strings.Compare(a, b)
		})
		for _, key := range keys {
			fmt.Fprintf(&b, "%s: %s\n", key, strconv.Quote(texts[key]))
		}
		files[lang+".yaml"] = &fstest.MapFile{Data: []byte(b.String())}
	}
	catalog, problems := locales.Load(files)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	return catalog
}

func TestSmallContentHasNoProblem(t *testing.T) {
	set, words := small(t)
	if problems := Check(set, catalogOf(t, words)); len(problems) > 0 {
		t.Fatal(problems)
	}
}

// TestBadWords breaks the small content's words, one rule at a time, and compares every problem with its place.
func TestBadWords(t *testing.T) {
	for _, c := range []struct {
		rule problem.Rule
		edit func(sv, en map[string]string)
		want []string
	}{
		{ruleMissing, func(_, en map[string]string) { delete(en, "help/near.away") }, []string{
			`flows/help.yaml:9:14: no message "help/near.away" in locales/en.yaml, expected one [missing-message]`,
		}},
		{ruleUnused, func(sv, _ map[string]string) { sv["help/gone"] = "ord" }, []string{
			`locales/sv.yaml:25:12: nothing says "help/gone", expected the name of a node, an option or a service [unused-message]`,
		}},
		{ruleLong, func(sv, en map[string]string) {
			sv["help/near.away"] = strings.Repeat("å", MaxLabel+1)
			sv["help/near"] = strings.Repeat("å", MaxQuestion)
			en["help/near"] = strings.Repeat("🫥", MaxQuestion/2+1)
		}, []string{
			`locales/en.yaml:25:12: "help/near" has 602 characters, expected at most 600 [too-long]`,
			`locales/sv.yaml:26:17: "help/near.away" has 35 characters, expected at most 34 [too-long]`,
		}},
		{ruleLong, func(sv, _ map[string]string) {
			sv["help/near"] = strings.Repeat("å", MaxQuestion)
			sv["service/adults"] = strings.Repeat("å", MaxQuestion)
			sv["service/sos"] = strings.Repeat("å", 250)
		}, []string{
			`locales/sv.yaml:25:12: the whole screen of "help/near" has 1562 characters, expected at most 1500 [too-long]`,
		}},
		{ruleBlanks, func(_, en map[string]string) { en[keyHoursOn] = "{{.Time}}" }, []string{
			`locales/en.yaml:31:11: "hours.on" has the blanks ["Time"], expected ["Day" "Time"] [blanks]`,
		}},
		{ruleLines, func(_, en map[string]string) { en[keyWeekdays] = "Sunday\nMonday" }, []string{
			`locales/en.yaml:36:17: "hours.weekdays" has 2 lines, expected 7 [lines]`,
		}},
		{ruleCommand, func(_, en map[string]string) { en["discord.name-help"] = "Help me" }, []string{
			`locales/en.yaml:72:20: the command name "Help me" of "discord.name-help", expected at most 32 small letters, digits, - and _ [command-name]`,
		}},
		{rulePhrase, func(sv, _ map[string]string) { sv["acute/help.typed"] = "112\n-inte akut\nsos*\n!!!" }, []string{
			`locales/sv.yaml:2:19: the exception "inte akut" of "acute/help.typed", expected none: what is acute is heard whatever stands around it [phrase]`,
			`locales/sv.yaml:2:19: the phrase "!!!" of "acute/help.typed", expected at least one word, and four letters before a lone * [phrase]`,
			`locales/sv.yaml:2:19: the phrase "sos*" of "acute/help.typed", expected at least one word, and four letters before a lone * [phrase]`,
		}},
	} {
		t.Run(string(c.rule), func(t *testing.T) {
			set, words := small(t)
			c.edit(words["sv"], words["en"])
			var got []string
			for _, p := range Check(set, catalogOf(t, words)) {
				got = append(got, p.String())
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("found:\n%s\nexpected:\n%s", strings.Join(got, "\n"), strings.Join(c.want, "\n"))
			}
		})
	}
}

// Twenty buttons are a lot: a referral must name a dozen contacts to have more.
func TestTooManyButtons(t *testing.T) {
	set, words := small(t)
	sos := set.Services[0]
	for range MaxButtons {
		c := sos.Contacts[0]
		c.Dial = fmt.Sprint("11", len(sos.Contacts))
		sos.Contacts = append(sos.Contacts, c)
	}
	problems := Check(set, catalogOf(t, words))
	if !slices.ContainsFunc(problems, func(p problem.Problem) bool {
		return p.Rule == ruleButtons && p.Pos.File == "flows/acute.yaml" && strings.Contains(p.Text, `"acute/help" has 25 buttons, expected at most 20`)
	}) {
		t.Errorf("found:\n%s", problems.Error())
	}
}

// A third language is one more file: it is chosen by its hint, every screen has a button to it, and its phrases are heard.
func TestThirdLanguageIsOneMoreFile(t *testing.T) {
	dir := t.TempDir()
	for _, lang := range []string{"sv", "en"} {
		data, err := locales.Embedded.ReadFile(lang + ".yaml")
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(dir+"/"+lang+".yaml", data, 0o600); err != nil {
			t.Fatal(err)
		}
		if lang == "en" {
			text := strings.NewReplacer(
				`button.language: "In English"`, `button.language: "În română"`,
				"acute/dying.typed: |-\n", "acute/dying.typed: |-\n  vreau să mor\n",
			).Replace(string(data))
			if err := os.WriteFile(dir+"/ro.yaml", []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	set, _ := embedded(t)
	catalog, problems := locales.Load(os.DirFS(dir))
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	b, err := New(set, catalog, Options{Sealer: testSealer(t, key(1)), Now: func() time.Time { return aMonday }})
	if err != nil {
		t.Fatal(err)
	}
	m := b.Handle(t.Context(), Update{Lang: "ro-MD"})
	if m.Lang != "ro" {
		t.Errorf("the hint ro-MD gave %s", m.Lang)
	}
	m = b.Handle(t.Context(), Update{Lang: "sv"})
	if m = press(t, b, m, "În română"); m.Lang != "ro" {
		t.Errorf("the button led to %s", m.Lang)
	}
	m = b.Handle(t.Context(), Update{Lang: "sv", Text: "vreau sa mor"})
	if st, ok := b.opts.Sealer.Open(m.Here); !ok || b.set.ByRef(st.Node).ID != "acute/dying" || m.Lang != "ro" {
		t.Errorf("typed Romanian led to %+v in %s", st, m.Lang)
	}
}
