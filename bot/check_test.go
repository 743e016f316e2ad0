package bot

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
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
	if problems := Check(set, catalog, beside(catalog)); len(problems) > 0 {
		t.Fatal(problems)
	}
	// Counted strictly: a screen that names services is no question, whatever it asks below them, and one way on is no question either.
	questions, referrals := 0, 0
	for _, n := range set.Nodes {
		switch {
		case n.Refer != nil:
			referrals++
		case n.Ask != nil || len(n.Options) >= 2:
			questions++
		}
	}
	if questions < 58 || referrals < 50 {
		t.Errorf("%d questions and %d referrals, expected at least 58 and 50", questions, referrals)
	}
	t.Logf("%d questions, %d referrals, %d screens", questions, referrals, len(set.Nodes))
}

// beside are the words of channels in a catalog, as they are: to which bounds they keep is for whoever has the channels.
func beside(catalog *locales.Catalog) (words []Word) {
	for _, key := range catalog.Keys(catalog.Default()) {
		if strings.HasPrefix(key, "web.") || strings.HasPrefix(key, "telegram.") || strings.HasPrefix(key, "discord.") {
			words = append(words, Word{Key: key, Blanks: catalog.Phrase(catalog.Default(), key).Blanks()})
		}
	}
	return words
}

// smallChannel is what a channel of the small content says beside it.
var smallChannel = []Word{
	{Key: "kiosk.name", Limit: 10, Form: &Form{regexp.MustCompile(`^\p{Ll}+$`), "small letters"}},
	{Key: "kiosk.copy", Limit: MaxLabel, Blanks: []string{"Number"}},
}

// smallWords are what the small content says, by language; and its lists, by key, which find none of it.
var (
	smallWords = map[string]string{"sv": "ord", "en": "word"}
	smallLists = map[string]map[string]string{
		"sv": {keyAvoid: "ful | fin | det sårar", keyDiscreet: "hemlig | vanlig | det syns", keyClaims: "lagen"},
		"en": {keyAvoid: "ugly | fair | it hurts", keyDiscreet: "secret | plain | it shows", keyClaims: "law"},
	}
)

// small is the smallest whole tree, with the claims given where there are any, and words that are whole for it, by language and key.
func small(t *testing.T, claims string) (*flows.Set, map[string]map[string]string) {
	t.Helper()
	content := fstest.MapFS{}
	names, err := filepath.Glob("../flows/testdata/good/*.yaml")
	if err != nil || len(names) == 0 {
		t.Fatal("no good content")
	}
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if claims != "" && filepath.Base(name) == "help.yaml" {
			data = append(data, "    claim: [it]\n"...) // of help/away, the last node
		}
		content[filepath.Base(name)] = &fstest.MapFile{Data: data}
	}
	if claims != "" {
		content["claims.yaml"] = &fstest.MapFile{Data: []byte(claims)}
	}
	set, problems := flows.Load(content)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	empty, _ := locales.Load(fstest.MapFS{"sv.yaml": {Data: []byte("a: b")}}, "sv")
	words := map[string]map[string]string{}
	for _, lang := range []string{"sv", "en"} {
		words[lang] = map[string]string{}
		for _, n := range needed(set, empty, smallChannel) {
			text := smallWords[lang]
			if n.list {
				text = smallLists[lang][n.key]
			}
			if n.key == keySame {
				continue
			}
			for _, blank := range n.blanks {
				text += " {{." + blank + "}}"
			}
			words[lang][n.key] = strings.TrimSpace(strings.Repeat(text+"\n", max(1, n.lines)))
		}
	}
	return set, words
}

// catalogOf loads words as files, a key a line where the text has one line, sorted.
func catalogOf(t *testing.T, words map[string]map[string]string) *locales.Catalog {
	t.Helper()
	files := fstest.MapFS{}
	for lang, texts := range words {
		var b strings.Builder
		for _, key := range slices.Sorted(maps.Keys(texts)) {
			fmt.Fprintf(&b, "%s: %s\n", key, strconv.Quote(texts[key]))
		}
		files[lang+".yaml"] = &fstest.MapFile{Data: []byte(b.String())}
	}
	catalog, problems := locales.Load(files, "sv")
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	return catalog
}

func TestSmallContentHasNoProblem(t *testing.T) {
	set, words := small(t, "")
	if problems := Check(set, catalogOf(t, words), smallChannel); len(problems) > 0 {
		t.Fatal(problems)
	}
}

// TestBadWords breaks the small content's words, one rule at a time, and compares every problem with its place.
func TestBadWords(t *testing.T) {
	tried := map[problem.Rule]bool{ruleButtons: true} // by TestTooManyButtons
	const law = "claims:\n  it:\n    says: The law.\n    source: https://example.se/law\n    checked: 2026-01\n    law: true\n"
	for _, c := range []struct {
		rule   problem.Rule
		edit   func(sv, en map[string]string)
		want   []string
		claims string
	}{
		{ruleMissing, func(_, en map[string]string) { delete(en, "help/near.away") }, []string{
			`flows/help.yaml:9:14: no message "help/near.away" in locales/en.yaml, expected one [missing-message]`,
		}, ""},
		{ruleUnused, func(sv, _ map[string]string) { sv["help/gone"] = "ord" }, []string{
			`locales/sv.yaml:33:12: nothing says "help/gone", expected the name of a node, an option or a service, or service/ID@AUDIENCE for one whom it helps [unused-message]`,
		}, ""},
		{ruleLong, func(sv, en map[string]string) {
			sv["help/near.away"], en["help/near.away"] = strings.Repeat("å", MaxLabel+1), strings.Repeat("a", MaxLabel)
			sv["help/near"] = strings.Repeat("å", MaxQuestion)
			en["help/near"] = strings.Repeat("🫥", MaxQuestion/2+1)
		}, []string{
			`locales/en.yaml:33:12: "help/near" has 602 characters, expected at most 600 [too-long]`,
			`locales/sv.yaml:34:17: "help/near.away" has 35 characters, expected at most 34 [too-long]`,
		}, ""},
		{ruleLong, func(sv, en map[string]string) {
			sv["help/near"], en["help/near"] = strings.Repeat("å", MaxQuestion), strings.Repeat("a", 400)
			sv["service/adults"], en["service/adults"] = strings.Repeat("å", MaxQuestion), strings.Repeat("a", 400)
			sv["service/sos"], en["service/sos"] = strings.Repeat("å", 250), strings.Repeat("a", 200)
		}, []string{
			`locales/sv.yaml:33:12: the whole screen of "help/near" has 1577 characters, expected at most 1500 [too-long]`,
		}, ""},
		{ruleLong, func(sv, en map[string]string) {
			sv["help/near"] = strings.Repeat("ord ", maxFirst) + "till. Sedan mer."
			en["help/near"] = strings.TrimSpace(strings.Repeat("word ", maxFirst)) + ". Then more, and more."
		}, []string{
			`locales/sv.yaml:33:12: the first sentence of "help/near" has 21 words, expected at most 20: the first service comes behind it [too-long]`,
		}, ""},
		{ruleBlanks, func(_, en map[string]string) { en[keyHoursOn] = "{{.Time}}" }, []string{
			`locales/en.yaml:41:11: "hours.on" has the blanks ["Time"], expected ["Day" "Time"] [blanks]`,
		}, ""},
		{ruleLines, func(_, en map[string]string) { en[keyWeekdays] = "Sunday\nMonday" }, []string{
			`locales/en.yaml:48:17: "hours.weekdays" has 2 lines, expected 7 [lines]`,
		}, ""},
		{ruleForm, func(_, en map[string]string) { en["kiosk.name"] = "Help me" }, []string{
			`locales/en.yaml:50:13: "kiosk.name" says "Help me", expected small letters [form]`,
		}, ""},
		{ruleLong, func(_, en map[string]string) { en["kiosk.name"] = "elevenlongs" }, []string{
			`locales/en.yaml:50:13: "kiosk.name" has 11 characters, expected at most 10 [too-long]`,
		}, ""},
		{rulePhrase, func(sv, _ map[string]string) { sv["acute/help.typed"] = "112\n-inte akut\nsos*\n!!!" }, []string{
			`locales/sv.yaml:2:19: the exception "inte akut" of "acute/help.typed", expected none: what is acute is heard whatever stands around it [phrase]`,
			`locales/sv.yaml:2:19: the phrase "!!!" of "acute/help.typed", expected at least one word, and four letters before a lone * [phrase]`,
			`locales/sv.yaml:2:19: the phrase "sos*" of "acute/help.typed", expected at least one word, and four letters before a lone * [phrase]`,
		}, ""},
		{ruleHard, func(sv, en map[string]string) {
			sv["help/near"] = strings.Repeat("Socialtjänstens handläggare utreder ansökningar skyndsamt. ", 4)
			en["help/near"] = strings.Repeat("Municipal authorities investigate applications expeditiously. ", 4)
			sv["help/away"] = strings.Repeat("det är ett rött hus ", 4)
			en["help/away"] = strings.Repeat("it is a red house ", 4)
		}, []string{
			`locales/en.yaml:32:12: "help/away" has 20.0 words in a sentence, expected at most 15: part them [hard-to-read]`,
			`locales/en.yaml:33:12: "help/near" has reading ease -154, expected at least 60: shorter sentences, shorter words [hard-to-read]`,
			`locales/sv.yaml:32:12: "help/away" has 20.0 words in a sentence, expected at most 15: part them [hard-to-read]`,
			`locales/sv.yaml:33:12: "help/near" has LIX 105, expected at most 30: shorter sentences, fewer words of more than six letters [hard-to-read]`,
		}, ""},
		{ruleList, func(sv, _ map[string]string) {
			sv[keyAvoid] = "ful | fin"
			sv[keySame] = "help/gone"
		}, []string{
			`locales/sv.yaml:22:14: the line "ful | fin" of "check.avoid", expected: word | what to write instead | why [list]`,
			`locales/sv.yaml:25:13: "check.same" has the key "help/gone", which no message has, expected one that has [list]`,
		}, ""},
		{ruleAvoid, func(sv, en map[string]string) {
			sv["help/near"] = "Fula ord är fulare, men FUL är ett helt ord."
			en["help/near"] = "Uglier words are not ugly words, but that was one."
			en[keyAvoid] += "\n! | . | it shouts\n10 % sure | sure | who is"
			en["help/away"] = "Help! We are 10 % sure."
			sv["help/away"] = "Hjälp. Vi är 10 % säkra"
		}, []string{
			`locales/en.yaml:32:12: "help/away" says "!", expected .: it shouts [avoid]`,
			`locales/en.yaml:32:12: "help/away" says "10 % sure", expected sure: who is [avoid]`,
			`locales/en.yaml:33:12: "help/near" says "ugly", expected fair: it hurts [avoid]`,
			`locales/sv.yaml:33:12: "help/near" says "ful", expected fin: det sårar [avoid]`,
		}, ""},
		{ruleDiscreet, func(sv, en map[string]string) {
			sv["help/near"] = "En vanlig början. Sedan en hemlig."
			sv["help/near.away"] = "En hemlig knapp"
			en["help/near"] = "A secret to begin with. Then a plain one."
			en["service/adults"] = "No secret here, only further down."
			sv["service/adults"] = "Ingen hemlig rad, den står längre ner."
		}, []string{
			`locales/en.yaml:33:12: "help/near" shows "secret" to whoever looks over a shoulder, expected plain: it shows [discreet]`,
			`locales/sv.yaml:34:17: "help/near.away" shows "hemlig" to whoever looks over a shoulder, expected vanlig: det syns [discreet]`,
		}, ""},
		{ruleUnclaimed, func(sv, en map[string]string) {
			sv["help/near"] = "Ring 112. Du är 18, eller 20, av 0 till 10. Så säger lagen."
			en["help/near"] = "Call 112. You are 18, or 20, of 0 to 10. Outlaws say so."
			sv["help/place"] = "Det gäller 95 000 män"
			en["help/place"] = "There are 95,000 men"
		}, []string{
			`locales/en.yaml:35:13: "help/place" says "95,000", expected its node at flows/help.yaml:3:3 to name a claim of claims.yaml [unclaimed]`,
			`locales/sv.yaml:33:12: "help/near" says "lagen", expected its node at flows/help.yaml:6:3 to name a claim of claims.yaml [unclaimed]`,
			`locales/sv.yaml:35:13: "help/place" says "95 000", expected its node at flows/help.yaml:3:3 to name a claim of claims.yaml [unclaimed]`,
		}, ""},
		{ruleUndated, func(sv, en map[string]string) {
			sv["help/away"], en["help/away"] = "Så stod det i {{.Checked}}.", "That was the law then."
			sv["help/near"] = "Här {{.Checked}}"
		}, []string{
			`flows/claims.yaml:2:3: no screen in "en" that says "it" shows when the law was checked, expected {{.Checked}} in one [undated]`,
			`locales/sv.yaml:33:12: "help/near" has the blanks ["Checked"], expected [] [blanks]`,
		}, law},
		{ruleUntranslated, func(sv, en map[string]string) {
			sv["help/away"], en["help/away"] = "Telefon", "Telefon"
			sv["help/near"], en["help/near"] = "Chatt", "Chatt"
			sv[keySame] = "help/near"
		}, []string{
			`locales/en.yaml:32:12: "help/away" is the same as at locales/sv.yaml:33:12, expected it translated, or its key in "check.same" there [untranslated]`,
		}, ""},
		{ruleLength, func(sv, en map[string]string) {
			sv["help/away"], en["help/away"] = "Tjugo tecken är det här", "Ten of them"
			sv["help/near"], en["help/near"] = "Nitton tecken ärdet", "Two"
		}, []string{
			`locales/en.yaml:32:12: "help/away" has 11 characters and 23 at locales/sv.yaml:32:12, expected at most 2 times as many [length-ratio]`,
		}, ""},
		{ruleNumbers, func(sv, en map[string]string) {
			sv["help/away"], en["help/away"] = "Välj 12 eller 13", "Choose 12 or 14"
			sv["help/near"], en["help/near"] = "Ring 11 20", "Call 11 20"
		}, []string{
			`locales/en.yaml:32:12: "help/away" has the numbers ["12" "14"] and ["12" "13"] at locales/sv.yaml:32:12, expected the same [numbers]`,
		}, ""},
	} {
		tried[c.rule] = true
		t.Run(string(c.rule), func(t *testing.T) {
			set, words := small(t, c.claims)
			c.edit(words["sv"], words["en"])
			var got []string
			for _, p := range Check(set, catalogOf(t, words), smallChannel) {
				got = append(got, p.String())
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("found:\n%s\nexpected:\n%s", strings.Join(got, "\n"), strings.Join(c.want, "\n"))
			}
		})
	}
	for _, rule := range Rules {
		if !tried[rule] {
			t.Errorf("the rule %q has no bad words", rule)
		}
	}
}

// Fourteen buttons are a lot on a phone: a referral must name many contacts to have more.
func TestTooManyButtons(t *testing.T) {
	set, words := small(t, "")
	sos := set.Services[0]
	for range MaxButtons {
		c := sos.Contacts[0]
		c.Dial = fmt.Sprint("11", len(sos.Contacts))
		sos.Contacts = append(sos.Contacts, c)
	}
	problems := Check(set, catalogOf(t, words), smallChannel)
	if !slices.ContainsFunc(problems, func(p problem.Problem) bool {
		return p.Rule == ruleButtons && p.Pos.File == "flows/acute.yaml" && strings.Contains(p.Text, `"acute/help" has 24 buttons, expected at most 14`)
	}) {
		t.Errorf("found:\n%s", problems.Error())
	}
}

// A screen is measured as somebody meets it, services included: each text may be short and all of it too much.
func TestTooManyWords(t *testing.T) {
	set, words := small(t, "")
	for lang, short := range map[string]string{"sv": "du får. ", "en": "we do. "} {
		words[lang]["service/sos"] = strings.TrimSpace(strings.Repeat(short, 60))
		words[lang]["help/near"] = strings.TrimSpace(strings.Repeat(short, 70))
	}
	problems := Check(set, catalogOf(t, words), smallChannel)
	if !slices.ContainsFunc(problems, func(p problem.Problem) bool {
		return p.Rule == ruleLong && strings.Contains(p.Text, "words, expected at most 150")
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
	catalog, problems := locales.Load(os.DirFS(dir), set.Campaign.Language)
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
