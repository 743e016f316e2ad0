package bot

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"

	"motkraft/bot/fault"
	"motkraft/bot/problem"
	"motkraft/flows"
	"motkraft/locales"
)

const (
	ruleMissing problem.Rule = "missing-message"
	ruleUnused  problem.Rule = "unused-message"
	ruleLong    problem.Rule = "too-long"
	ruleBlanks  problem.Rule = "blanks"
	ruleLines   problem.Rule = "lines"
	ruleButtons problem.Rule = "too-many-buttons"
	rulePhrase  problem.Rule = "phrase"
	ruleForm    problem.Rule = "form"
)

// Rules lists every rule that Check keeps. Each has its bad words in check_test.go.
var Rules = []problem.Rule{
	ruleMissing, ruleUnused, ruleLong, ruleBlanks, ruleLines, ruleButtons, rulePhrase, ruleForm,
	ruleHard, ruleList, ruleAvoid, ruleDiscreet, ruleUnclaimed, ruleUndated, // how it is said
	ruleUntranslated, ruleLength, ruleNumbers, // one language beside another
}

// What somebody meets on a phone and can still take in, services included. They are for people who are afraid, and not for a platform.
const (
	maxWords   = 150
	maxOnPhone = 14 // buttons
	maxFirst   = 20 // words before the first service
)

// Check draws every screen that can be reached, in every language, and gives every problem: what is missing, too long or too
// much. Words are what the channels say beside the conversation. The set and the catalog must be whole by themselves already.
func Check(set *flows.Set, catalog *locales.Catalog, words []Word) problem.List {
	needs := needed(set, catalog, words)
	problems := inEach(catalog.Languages(), func(lang string, problems *problem.List) {
		checkWords(lang, needs, catalog, problems)
		checkAvoided(lang, needs, catalog, problems)
		checkTranslation(lang, needs, catalog, problems)
		checkClaims(lang, set, catalog, problems)
	})
	if len(problems) == 0 {
		problems = checkScreens(set, catalog)
	}
	return problems.Sorted()
}

// inEach checks the languages side by side: a start waits for it.
func inEach(langs []string, check func(lang string, problems *problem.List)) problem.List {
	found := make([]problem.List, len(langs))
	fault.Each(len(langs), func(i int) { check(langs[i], &found[i]) })
	return slices.Concat(found...)
}

// needed lists the messages that the set, the bot and the channels ask for.
func needed(set *flows.Set, catalog *locales.Catalog, words []Word) []need {
	var out []need
	for _, n := range set.Nodes {
		out = append(out, need{key: string(n.ID), pos: n.Pos, limit: MaxQuestion, node: true, dated: !n.LawChecked().IsZero()})
		for _, o := range n.Options {
			out = append(out, need{key: o.Message, pos: o.Pos, limit: MaxLabel})
		}
		if none := noneKey(n.ID); n.Refer != nil && n.Refer.Near && catalog.Has(catalog.Default(), none) {
			out = append(out, need{key: none, pos: n.Pos, limit: MaxQuestion})
		}
	}
	audiences := map[string]bool{}
	for _, n := range set.Nodes {
		if n.Refer != nil && !audiences[n.Refer.To] {
			audiences[n.Refer.To] = true
			out = append(out, need{key: keyAudience(n.Refer.To), pos: n.Refer.Pos, limit: MaxQuestion})
		}
	}
	for _, t := range set.Typed {
		out = append(out, need{key: string(t.To) + typed, pos: t.Pos, typed: true})
	}
	spoken := map[string]bool{}
	for _, s := range set.Services {
		out = append(out, need{key: serviceKey(s, nobody), pos: s.Pos, limit: MaxQuestion})
		for _, audience := range slices.Sorted(maps.Keys(s.Helps)) {
			if catalog.Has(catalog.Default(), serviceKey(s, audience)) {
				out = append(out, need{key: serviceKey(s, audience), pos: s.Pos, limit: MaxQuestion})
			}
		}
		for _, code := range s.Languages {
			if !spoken[code] {
				spoken[code] = true
				out = append(out, need{key: languageKey(code), pos: s.Pos, limit: MaxLabel})
			}
		}
		for _, c := range s.Contacts {
			if c.ID != "" {
				out = append(out, need{key: "service/" + s.ID + "." + c.ID, pos: c.Pos, limit: MaxLabel})
			}
		}
	}
	add := func(w Word) *need {
		out = append(out, need{key: w.Key, pos: catalog.Pos(catalog.Default(), w.Key), limit: w.Limit, blanks: w.Blanks, form: w.Form})
		return &out[len(out)-1]
	}
	for _, w := range ownWords {
		n := add(w.Word)
		n.lines, n.typed, n.list = w.lines, w.use == typedText, w.use == checkList
	}
	for _, w := range words {
		add(w)
	}
	return out
}

// checkWords looks for every message that is needed, and for those that are not.
func checkWords(lang string, needs []need, catalog *locales.Catalog, problems *problem.List) {
	wanted := map[string]bool{}
	for _, n := range needs {
		if n.key == keySame {
			wanted[n.key] = lang == catalog.Default() // one list for all, where there is a need of one
			continue
		}
		wanted[n.key] = true
		if !catalog.Has(lang, n.key) {
			problems.Add(n.pos, ruleMissing, "no message %q in locales/%s.yaml, expected one", n.key, lang)
			continue
		}
		pos := catalog.Pos(lang, n.key)
		text := catalog.Phrase(lang, n.key).Fill(blankChecked, "september 2025") // no month is longer
		if found := utf16Len(text); n.limit > 0 && found > n.limit {
			problems.Add(pos, ruleLong, "%q has %d characters, expected at most %d", n.key, found, n.limit)
		}
		if found := len(catalog.Lines(lang, n.key)); n.lines > 0 && found != n.lines {
			problems.Add(pos, ruleLines, "%q has %d lines, expected %d", n.key, found, n.lines)
		}
		if n.form != nil && !n.form.Match.MatchString(text) {
			problems.Add(pos, ruleForm, "%q says %q, expected %s", n.key, text, n.form.Says)
		}
		checkBlanks(n, catalog.Phrase(lang, n.key), pos, problems)
		if !n.typed && !n.list && n.lines == 0 && n.limit != MaxLabel {
			checkReading(lang, n.key, text, pos, problems)
		}
		if n.typed {
			checkPhrases(n.key, catalog.Lines(lang, n.key), pos, problems)
		}
	}
	for _, key := range catalog.Keys(lang) {
		if !wanted[key] {
			problems.Add(catalog.Pos(lang, key), ruleUnused, "nothing says %q, expected the name of a node, an option or a service, or service/ID@AUDIENCE for one whom it helps", key)
		}
	}
}

func checkBlanks(n need, phrase locales.Phrase, pos problem.Pos, problems *problem.List) {
	found := phrase.Blanks()
	slices.Sort(found)
	found = slices.Compact(found)
	want := slices.Sorted(slices.Values(n.blanks))
	if n.dated && len(found) > 0 {
		want = []string{blankChecked}
	}
	if !slices.Equal(found, want) {
		problems.Add(pos, ruleBlanks, "%q has the blanks %q, expected %q", n.key, found, want)
	}
}

// checkPhrases refuses phrases that would match everything or nothing.
func checkPhrases(key string, lines []string, pos problem.Pos, problems *problem.List) {
	for _, line := range lines {
		if exception, ok := strings.CutPrefix(line, "-"); ok {
			line = exception
			if strings.HasPrefix(key, flows.Acute.Flow()+"/") {
				problems.Add(pos, rulePhrase, "the exception %q of %q, expected none: what is acute is heard whatever stands around it", line, key)
			}
		}
		letters := strings.TrimSuffix(line, "*")
		if words := flows.Words(line); len(words) == 0 || strings.HasSuffix(line, "*") && len(words) == 1 && utf16Len(letters) < 4 {
			problems.Add(pos, rulePhrase, "the phrase %q of %q, expected at least one word, and four letters before a lone *", line, key)
		}
	}
}

// checkedAt are moments at which hours are said in every way that there is: office hours, night, and the eve of a long weekend.
func checkedAt(zone *time.Location) []time.Time {
	at := func(month time.Month, day, hour int) time.Time {
		return time.Date(2026, month, day, hour, 0, 0, 0, zone)
	}
	return []time.Time{at(time.November, 25, 10), at(time.November, 22, 3), at(time.December, 23, 23)}
}

// checkScreens draws.
func checkScreens(set *flows.Set, catalog *locales.Catalog) problem.List {
	engine := newEngine(set, catalog)
	render := newRenderer(engine, catalog)
	places := append(set.Distinct(), flows.Elsewhere)
	return inEach(catalog.Languages(), func(lang string, problems *problem.List) {
		for _, n := range set.Nodes {
			// The longest line that can stand before the screen.
			line := catalog.Phrase(lang, keyPlaceKept).Fill("Place", longestName(set.Places))
			if strayed := catalog.Say(lang, keyStrayed); n.ID == flows.Welcome && utf16Len(strayed) > utf16Len(line) {
				line = strayed
			}
			key := string(n.ID)
			if found := len(strings.Fields(partText(catalog.Say(lang, key)).first)); n.Refer != nil && found > maxFirst {
				problems.Add(catalog.Pos(lang, key), ruleLong, "the first sentence of %q has %d words, expected at most %d: the first service comes behind it", key, found, maxFirst)
			}
			st := State{Node: n.Ref, Trail: [4]flows.Ref{flows.Welcome.Ref()}}.in(lang)
			checkNode(engine, render, st, line, places, set, catalog, problems)
		}
	})
}

// checkNode draws a node at every place and hour that changes it, up to the first screen that is out of bounds.
func checkNode(engine *engine, render *renderer, st State, line string, places []flows.Place, set *flows.Set, catalog *locales.Catalog, problems *problem.List) {
	n := set.ByRef(st.Node)
	for _, at := range places {
		if at != 0 && n.Ask == nil && (n.Refer == nil || !n.Refer.Near) {
			continue
		}
		st.Place = at
		for _, now := range checkedAt(set.Campaign.Zone) {
			m := render.message(engine.show(engine.resolve(st), now, nil), line, now)
			if checkMessage(m, line, n, at, set, catalog, problems) {
				return
			}
		}
	}
}

// checkMessage reports whether a drawn message was out of bounds. The line before it does not count as words: whoever typed has just met the rest.
func checkMessage(m Message, line string, n *flows.Node, at flows.Place, set *flows.Set, catalog *locales.Catalog, problems *problem.List) bool {
	before := len(*problems)
	where := ""
	switch {
	case at == flows.Elsewhere:
		where = " elsewhere"
	case at != 0:
		where = " in " + set.Places.Name(at)
	}
	if found := utf16Len(m.Text); found > MaxText {
		problems.Add(catalog.Pos(m.Lang, string(n.ID)), ruleLong, "the whole screen of %q%s has %d characters, expected at most %d", n.ID, where, found, MaxText)
	}
	if found := len(strings.Fields(strings.TrimPrefix(m.Text, line))); found > maxWords {
		problems.Add(catalog.Pos(m.Lang, string(n.ID)), ruleLong, "the whole screen of %q%s has %d words, expected at most %d: a shorter text, or fewer services", n.ID, where, found, maxWords)
	}
	most := maxOnPhone
	if n.Ask != nil { // a list of places is looked through, not read
		most = MaxButtons
	}
	if found := len(m.Buttons); found > most {
		problems.Add(n.Pos, ruleButtons, "%q%s has %d buttons, expected at most %d", n.ID, where, found, most)
	}
	for _, b := range m.Buttons {
		if found := utf16Len(b.Label); found > MaxLabel {
			problems.Add(n.Pos, ruleLong, "the label %q on %q has %d characters, expected at most %d", b.Label, n.ID, found, MaxLabel)
		}
	}
	return len(*problems) > before
}

// longestName gives a place's name that no other one is longer than.
func longestName(places *flows.Places) string {
	return slices.MaxFunc(places.Names(), func(a, b string) int { return cmp.Compare(utf16Len(a), utf16Len(b)) })
}
