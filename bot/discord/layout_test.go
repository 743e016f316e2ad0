package discord

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/bwmarrin/discordgo"

	"motkraft/bot"
)

// buttons gives so many of each kind with labels of a length, told apart by their data.
func buttons(length int, contacts, options, standing int) []bot.Button {
	var out []bot.Button
	for kind, n := range []int{contacts, options, standing} {
		for i := range n {
			out = append(out, bot.Button{
				Label: strings.Repeat("å", length), Data: fmt.Sprint(kind, ".", i), Kind: bot.Kind(kind),
			})
		}
	}
	return out
}

// laid gives the data of the buttons, row by row.
func laid(t *testing.T, in []bot.Button) [][]string {
	t.Helper()
	var out [][]string
	for _, c := range rows(in) {
		var row []string
		for _, b := range c.(discordgo.ActionsRow).Components {
			row = append(row, b.(discordgo.Button).CustomID)
		}
		out = append(out, row)
	}
	return out
}

// Every message within the bounds has a layout that Discord takes, with every button in its order.
func TestRowsHoldEveryScreen(t *testing.T) {
	for _, length := range []int{1, 9, 17, bot.MaxLabel} {
		for contacts := range bot.MaxButtons + 1 {
			for options := range bot.MaxButtons + 1 - contacts {
				for standing := range bot.MaxButtons + 1 - contacts - options {
					in := buttons(length, contacts, options, standing)
					got := laid(t, in)
					if len(got) > maxRows {
						t.Fatalf("%d, %d and %d buttons of %d: %d rows", contacts, options, standing, length, len(got))
					}
					var all []string
					for _, row := range got {
						if len(row) < 1 || len(row) > maxInRow {
							t.Fatalf("%d, %d and %d buttons of %d: a row of %d", contacts, options, standing, length, len(row))
						}
						all = append(all, row...)
					}
					if !slices.IsSortedFunc(all, func(a, b string) int { return strings.Compare(a[:1], b[:1]) }) || len(all) != len(in) {
						t.Fatalf("%d, %d and %d buttons of %d are laid out as %v", contacts, options, standing, length, got)
					}
				}
			}
		}
	}
}

// Short labels share a row, long ones have their own, the standing ones stand apart, and a number has no button.
func TestRows(t *testing.T) {
	in := []bot.Button{
		{Label: "Ring 112", Phone: "112", Kind: bot.Contact},
		{Label: "Öppna sidan", URL: "https://example.org/", Kind: bot.Contact},
		{Label: "Ja", Data: "yes", Kind: bot.Option},
		{Label: "Nej", Data: "no", Kind: bot.Option},
		{Label: "Jag vet inte riktigt än, tror jag", Data: "maybe", Kind: bot.Option},
		{Label: "Akut hjälp", Data: "acute", Kind: bot.Standing},
		{Label: "Rensa", Data: "clear", Kind: bot.Standing},
	}
	got := fmt.Sprint(laid(t, in))
	if want := "[[] [yes no] [maybe] [acute clear]]"; got != want {
		t.Errorf("laid out as %s, expected %s", got, want)
	}
	first := rows(in)[0].(discordgo.ActionsRow).Components[0].(discordgo.Button)
	if first.Style != discordgo.LinkButton || first.URL != "https://example.org/" {
		t.Errorf("the link is %+v", first)
	}
}
