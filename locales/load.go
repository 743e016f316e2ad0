package locales

import (
	"embed"
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"strings"

	"github.com/nicksnyder/go-i18n/v2/i18n"
	"go.yaml.in/yaml/v3"
	"golang.org/x/text/language"

	"motkraft/bot/fault"
	"motkraft/bot/problem"
)

// Embedded is the content that the program was built with.
//
//go:embed *.yaml
var Embedded embed.FS

// folder is what the files' names begin with in problems.
const folder = "locales/"

// blank parts a rendered message's text from the names of its blanks. No message may hold it.
const blank = "\x00"

const (
	ruleLanguage problem.Rule = "language"
	ruleReserved problem.Rule = "reserved"
	ruleTemplate problem.Rule = "template"
)

// Rules lists every rule that Load keeps. Each has its bad file in testdata/bad.
var Rules = []problem.Rule{problem.RuleYAML, problem.RuleDuplicate, problem.RuleKind, ruleLanguage, ruleReserved, ruleTemplate}

// reserved are the keys by which go-i18n takes a whole file for one message with plural forms.
var reserved = []string{"id", "description", "hash", "leftdelim", "rightdelim", "zero", "one", "two", "few", "many", "other"}

// blankName finds the blanks of a message.
var blankName = regexp.MustCompile(`\{\{\s*\.(\w+)\s*\}\}`)

// Load reads a folder of words, a file a language, the languages side by side. The default language is the one of the campaign: the code that
// its file is named for, such as "sv". Where that is "", which is somebody else's problem to report, the first by letter stands in. The catalog
// is whole only where the list of problems is empty.
func Load(fsys fs.FS, defaultLanguage string) (*Catalog, problem.List) {
	var problems problem.List
	names := problem.Files(fsys, folder, &problems)
	files := make([]languageFile, len(names))
	fault.Each(len(names), func(i int) { files[i].read(fsys, names[i]) })
	c := &Catalog{words: map[string]map[string]message{}}
	for _, f := range files {
		problems = append(problems, f.problems...)
		if f.words != nil {
			c.codes = append(c.codes, f.code)
			c.words[f.code] = f.words
		}
	}
	slices.SortFunc(c.codes, func(a, b string) int { return order(a, b, defaultLanguage) })
	switch {
	case len(c.codes) == 0 && defaultLanguage == "":
		problems.Add(problem.Pos{File: strings.TrimSuffix(folder, "/"), Line: 1, Column: 1}, ruleLanguage, "no YAML files, expected the words")
		c.codes = []string{""}
	case len(c.codes) == 0, defaultLanguage != "" && c.codes[0] != defaultLanguage:
		problems.Add(problem.Pos{File: folder + defaultLanguage + ".yaml", Line: 1, Column: 1}, ruleLanguage, "no words in the default language, expected this file")
		c.codes = append([]string{defaultLanguage}, c.codes...)
	}
	c.match()
	return c, problems.Sorted()
}

// languageFile is what stands in one language's file.
type languageFile struct {
	code     string
	words    map[string]message // nil: it holds none
	problems problem.List
}

// read reads one language.
func (f *languageFile) read(fsys fs.FS, name string) {
	r := &problem.Reader{File: folder + name, Problems: &f.problems}
	f.code = strings.TrimSuffix(name, ".yaml")
	if base, err := language.ParseBase(f.code); err != nil || len(f.code) != 2 || base.String() != f.code {
		f.problems.Add(problem.Pos{File: r.File, Line: 1, Column: 1}, ruleLanguage, "%q, expected the two small letters of a language, such as sv.yaml", name)
		return
	}
	doc := r.Document(fsys, name)
	if doc == nil {
		return
	}
	f.words = map[string]message{}
	r.Pairs(doc, "the words", func(key, value *yaml.Node) { f.message(r, key, value) })
	if len(f.problems) == 0 {
		f.render()
	}
}

// message reads one message.
func (f *languageFile) message(r *problem.Reader, key, value *yaml.Node) {
	if slices.Contains(reserved, strings.ToLower(key.Value)) {
		f.problems.Add(r.Pos(key), ruleReserved, "%q, expected another key: go-i18n gives this one a meaning of its own", key.Value)
		return
	}
	var m message
	if !r.Text(value, "a message", &m.text) {
		return
	}
	for _, n := range []*yaml.Node{key, value} {
		if n.ShortTag() != "!!str" { // go-i18n would refuse the whole file, and say no line
			f.problems.Add(r.Pos(n), problem.RuleKind, "%s without quotes, expected a text", n.Value)
			return
		}
	}
	m.pos = r.Pos(value)
	f.words[key.Value] = m
}

// render puts marks in the place of the blanks. Messages without any are left as they are: go-i18n takes longer to find one than we do.
func (f *languageFile) render() {
	tag := language.Make(f.code)
	bundle := i18n.NewBundle(tag)
	localizer := i18n.NewLocalizer(bundle, f.code)
	for key, m := range f.words {
		text, err := strings.TrimRight(m.text, "\n "), error(nil)
		if strings.Contains(m.text, blank) || strings.Contains(m.text, "{{") || strings.Contains(m.text, "}}") {
			if err = bundle.AddMessages(tag, &i18n.Message{ID: key, Other: m.text}); err == nil {
				text, err = render(localizer, key, m.text)
			}
		}
		if err != nil {
			f.problems.Add(m.pos, ruleTemplate, "%s, expected blanks such as {{.Time}} and no other braces", err)
		}
		f.words[key] = message{text: text, pos: m.pos}
	}
}

// render gives a message's text with its blanks marked. Blank lines at the end, which YAML's block texts bring, are gone.
func render(localizer *i18n.Localizer, key, raw string) (string, error) {
	names := map[string]string{}
	for _, m := range blankName.FindAllStringSubmatch(raw, -1) {
		names[m[1]] = blank + m[1] + blank
	}
	if strings.Contains(raw, blank) {
		return raw, fmt.Errorf("a zero character in %q", key)
	}
	if rest := blankName.ReplaceAllString(raw, ""); strings.Contains(rest, "{{") || strings.Contains(rest, "}}") {
		return raw, fmt.Errorf("braces in %q that are no blank", key)
	}
	text, err := localizer.Localize(&i18n.LocalizeConfig{MessageID: key, TemplateData: names})
	return strings.TrimRight(text, "\n "), err
}
