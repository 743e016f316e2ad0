package adaptertest

import (
	"fmt"
	"strings"
	"sync/atomic"
	"testing"

	"motkraft/bot"
)

// changesLanguage: the hint comes with every update as the platform gives it, or as none, and a button that leads to another language leads
// there and stays there. The conversation's language is in its buttons: an adapter has none to keep.
func changesLanguage(tb testing.TB, stage *Stage) {
	screen := func(lang string, n int) bot.Message {
		if lang == "en" {
			return bot.Message{
				Text:    fmt.Sprintf("This is screen %d.", n),
				Lang:    "en",
				Buttons: []bot.Button{way("Go on", "goEnglish"), {Label: "På svenska", Data: "goSwedish", Kind: bot.Standing}},
			}
		}
		return bot.Message{
			Text:    fmt.Sprintf("Det här är skärm %d.", n),
			Lang:    "sv",
			Buttons: []bot.Button{way("Vidare", "goSwedish"), {Label: "In English", Data: "goEnglish", Kind: bot.Standing}},
		}
	}
	var n atomic.Int64
	p := start(tb, stage, func(u bot.Update) bot.Message {
		lang := language(u.Lang)
		switch {
		case strings.HasSuffix(u.Data, "English"):
			lang = "en"
		case u.Data != "":
			lang = "sv"
		}
		return screen(lang, int(n.Add(1)))
	})
	const goOn, change = 0, 1
	var want []bot.Update
	for _, hint := range []string{"sv", "en-US"} {
		lang := language(hint)
		if stage.NoHint {
			lang = "sv" // as it is in the campaign's country
		}
		person := p.arrive(hint, screen(lang, len(want)+1))
		want = append(want, bot.Update{Lang: hint})
		for _, press := range []int{change, goOn, goOn, change, goOn} {
			if press == change {
				lang = map[string]string{"sv": "en", "en": "sv"}[lang]
			}
			data := map[string]string{"sv": "goSwedish", "en": "goEnglish"}[lang]
			person.Press(press)
			p.sees(person, screen(lang, len(want)+1))
			want = append(want, bot.Update{Lang: hint, Data: data})
		}
	}
	p.hears(want)
}
