package standin

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// The limits, from https://discord.com/developers/docs/interactions/application-commands.
const (
	maxCommands    = 100 // slash commands
	maxDescription = 100
	maxChoiceName  = 100
	maxChoiceValue = 100
	maxCommandText = 8000 // of all names, descriptions and values of one command
)

// commandName is the page's pattern, with scripts as Go writes them.
var commandName = regexp.MustCompile(`^[-_'\p{L}\p{N}\p{Devanagari}\p{Thai}]{1,32}$`)

// locales are all that Discord knows, https://discord.com/developers/docs/reference#locales.
var locales = strings.Fields("id da de en-GB en-US es-ES es-419 fr hr it lt hu nl no pl pt-BR ro fi sv-SE vi tr cs el bg ru uk hi th zh-CN ja zh-TW ko")

// checkCommands finds what is over a limit in a list of commands.
func checkCommands(list []commandJSON) []problem {
	var problems []problem
	slash := 0
	taken := map[string]bool{}
	for _, c := range list {
		where := fmt.Sprintf("command %q", c.Name)
		if c.Type > 1 {
			problems = append(problems, wrong("%s: only slash commands are kept here", where))
			continue
		}
		slash++
		problems = append(problems, names(where, c.Name, c.Names)...)
		problems = append(problems, descriptions(where, c.Description, c.Descriptions)...)
		problems = append(problems, unique(where, taken, c.Name, c.Names)...)
		problems = append(problems, checkOptions(where, c.Options)...)
		problems = append(problems, places(where, "contexts", c.Contexts, 2)...)
		problems = append(problems, places(where, "integration_types", c.IntegrationTypes, 1)...)
		if n := c.length(); n > maxCommandText {
			problems = append(problems, wrong("%s has %d characters in all, at most %d", where, n, maxCommandText))
		}
	}
	if slash > maxCommands {
		problems = append(problems, wrong("%d commands, at most %d", slash, maxCommands))
	}
	return problems
}

func places(where, field string, given []int, most int) []problem {
	var problems []problem
	for i, v := range given {
		if v < 0 || v > most || slices.Contains(given[:i], v) {
			problems = append(problems, wrong("%s: %s holds %d, where 0 to %d may stand once each", where, field, v, most))
		}
	}
	return problems
}

func checkOptions(where string, list []option) []problem {
	var problems []problem
	if len(list) > maxChoices {
		problems = append(problems, wrong("%s has %d options, at most %d", where, len(list), maxChoices))
	}
	taken := map[string]bool{}
	optional := false
	for _, o := range list {
		at := fmt.Sprintf("%s, option %q", where, o.Name)
		problems = append(problems, names(at, o.Name, o.Names)...)
		problems = append(problems, descriptions(at, o.Description, o.Descriptions)...)
		problems = append(problems, unique(at, taken, o.Name, o.Names)...)
		problems = append(problems, checkChoices(at, o.Choices)...)
		if o.Autocomplete && len(o.Choices) > 0 {
			problems = append(problems, wrong("%s has both choices and autocomplete", at))
		}
		if o.Required && optional {
			problems = append(problems, wrong("%s is required and stands after one that is not", at))
		}
		optional = optional || !o.Required
	}
	return problems
}

func checkChoices(where string, list []choice) []problem {
	var problems []problem
	bad := func(format string, args ...any) {
		problems = append(problems, wrong("%s: "+format, append([]any{where}, args...)...))
	}
	if len(list) > maxChoices {
		bad("%d choices, at most %d", len(list), maxChoices)
	}
	taken := map[string]bool{}
	for _, c := range list {
		for lang, name := range localized(c.Name, c.Names) {
			if n := units(name); n < 1 || n > maxChoiceName {
				bad("the name of a choice has %d units in %s, 1 to %d", n, lang, maxChoiceName)
			}
		}
		if text, ok := c.Value.(string); ok && (units(text) < 1 || units(text) > maxChoiceValue) {
			bad("the value of a choice has %d units, 1 to %d", units(text), maxChoiceValue)
		}
		problems = append(problems, unique(where+", choice", taken, c.Name, c.Names)...)
		problems = append(problems, known(where, c.Names)...)
	}
	return problems
}

// localized gives a word in every language that it is given in; "any language" is the default.
func localized(word string, other map[string]string) map[string]string {
	all := map[string]string{"any language": word}
	for lang, w := range other {
		all[lang] = w
	}
	return all
}

func known(where string, other map[string]string) []problem {
	var problems []problem
	for lang := range other {
		if !slices.Contains(locales, lang) {
			problems = append(problems, wrong("%s: there is no locale %q", where, lang))
		}
	}
	return problems
}

func names(where, name string, other map[string]string) []problem {
	problems := known(where, other)
	for lang, n := range localized(name, other) {
		if !commandName.MatchString(n) || n != strings.ToLower(n) {
			problems = append(problems, wrong("%s: the name in %s is not 1 to 32 small letters, digits, - and _", where, lang))
		}
	}
	return problems
}

func descriptions(where, text string, other map[string]string) []problem {
	problems := known(where, other)
	for lang, d := range localized(text, other) {
		if n := units(d); n < 1 || n > maxDescription {
			problems = append(problems, wrong("%s: the description in %s has %d units, 1 to %d", where, lang, n, maxDescription))
		}
	}
	return problems
}

// unique finds a name that another one has in the same language, and takes it.
func unique(where string, taken map[string]bool, name string, other map[string]string) []problem {
	var problems []problem
	for _, lang := range append([]string{""}, locales...) {
		word, has := other[lang]
		if !has {
			word = name
		}
		key := lang + " " + word
		if taken[key] {
			problems = append(problems, wrong("%s: the name is taken in the language %q", where, lang))
		}
		taken[key] = true
	}
	return problems
}

// length counts as the real server does: of each text the longest of its languages.
func (c commandJSON) length() int {
	n := longest(c.Name, c.Names) + longest(c.Description, c.Descriptions)
	for _, o := range c.Options {
		n += longest(o.Name, o.Names) + longest(o.Description, o.Descriptions)
		for _, one := range o.Choices {
			n += longest(one.Name, one.Names) + units(fmt.Sprint(one.Value))
		}
	}
	return n
}

func longest(word string, other map[string]string) int {
	n := 0
	for _, w := range localized(word, other) {
		n = max(n, units(w))
	}
	return n
}
