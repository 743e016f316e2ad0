package standin

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"motkraft/bot/fakeserver"
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
func checkCommands(list []commandJSON) (found problems) {
	slash := 0
	taken := map[string]bool{}
	for _, c := range list {
		where := fmt.Sprintf("command %q", c.Name)
		if c.Type > 1 {
			found.Add(errInvalid, "%s: only slash commands are kept here", where)
			continue
		}
		slash++
		found = append(found, slices.Concat(
			c.words.check(where, taken), checkOptions(where, c.Options), places(where, "contexts", c.Contexts, 2), places(where, "integration_types", c.IntegrationTypes, 1),
		)...)
		found.Bound(errInvalid, c.length(), "characters in all", 0, maxCommandText, "%s", where)
	}
	found.Bound(errInvalid, slash, "commands", 0, maxCommands, "the list")
	return found
}

func places(where, field string, given []int, most int) (found problems) {
	for i, v := range given {
		if v < 0 || v > most || slices.Contains(given[:i], v) {
			found.Add(errInvalid, "%s: %s holds %d, where 0 to %d may stand once each", where, field, v, most)
		}
	}
	return found
}

func checkOptions(where string, list []option) (found problems) {
	found.Bound(errInvalid, len(list), "options", 0, maxChoices, "%s", where)
	taken := map[string]bool{}
	optional := false
	for _, o := range list {
		at := fmt.Sprintf("%s, option %q", where, o.Name)
		found = append(found, slices.Concat(o.words.check(at, taken), checkChoices(at, o.Choices))...)
		if o.Autocomplete && len(o.Choices) > 0 {
			found.Add(errInvalid, "%s has both choices and autocomplete", at)
		}
		if o.Required && optional {
			found.Add(errInvalid, "%s is required and stands after one that is not", at)
		}
		optional = optional || !o.Required
	}
	return found
}

func checkChoices(where string, list []choice) (found problems) {
	found.Bound(errInvalid, len(list), "choices", 0, maxChoices, "%s", where)
	taken := map[string]bool{}
	for _, c := range list {
		for lang, name := range localized(c.Name, c.Names) {
			found.Bound(errInvalid, fakeserver.Units(name), "units", 1, maxChoiceName, "%s: the name of a choice in %s", where, lang)
		}
		if text, ok := c.Value.(string); ok {
			found.Bound(errInvalid, fakeserver.Units(text), "units", 1, maxChoiceValue, "%s: the value of a choice", where)
		}
		found = append(found, slices.Concat(c.words.unique(where+", choice", taken), known(where, c.Names))...)
	}
	return found
}

// localized gives a word in every language that it is given in; "any language" is the default.
func localized(word string, other map[string]string) map[string]string {
	all := map[string]string{"any language": word}
	for lang, w := range other {
		all[lang] = w
	}
	return all
}

func known(where string, other map[string]string) (found problems) {
	for lang := range other {
		if !slices.Contains(locales, lang) {
			found.Add(errInvalid, "%s: there is no locale %q", where, lang)
		}
	}
	return found
}

// check finds what is wrong with the words of a command or an option among others of the same names.
func (w words) check(where string, taken map[string]bool) problems {
	found := slices.Concat(known(where, w.Names), known(where, w.Descriptions))
	for lang, n := range localized(w.Name, w.Names) {
		if !commandName.MatchString(n) || n != strings.ToLower(n) {
			found.Add(errInvalid, "%s: the name in %s is not 1 to 32 small letters, digits, - and _", where, lang)
		}
	}
	for lang, d := range localized(w.Description, w.Descriptions) {
		found.Bound(errInvalid, fakeserver.Units(d), "units", 1, maxDescription, "%s: the description in %s", where, lang)
	}
	return append(found, w.unique(where, taken)...)
}

// unique finds a name that another one has in the same language, and takes it.
func (w words) unique(where string, taken map[string]bool) (found problems) {
	for _, lang := range append([]string{""}, locales...) {
		word, has := w.Names[lang]
		if !has {
			word = w.Name
		}
		key := lang + " " + word
		if taken[key] {
			found.Add(errInvalid, "%s: the name is taken in the language %q", where, lang)
		}
		taken[key] = true
	}
	return found
}

// length counts as the real server does: of each text the longest of its languages.
func (c commandJSON) length() int {
	n := c.words.length()
	for _, o := range c.Options {
		n += o.words.length()
		for _, one := range o.Choices {
			n += one.words.length() + fakeserver.Units(fmt.Sprint(one.Value))
		}
	}
	return n
}

func (w words) length() int {
	longest := func(word string, other map[string]string) (n int) {
		for _, text := range localized(word, other) {
			n = max(n, fakeserver.Units(text))
		}
		return n
	}
	return longest(w.Name, w.Names) + longest(w.Description, w.Descriptions)
}
