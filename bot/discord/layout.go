package discord

import (
	"unicode/utf16"

	"github.com/bwmarrin/discordgo"

	"motkraft/bot"
)

// Discord shows at most maxRows rows of maxInRow buttons (https://discord.com/developers/docs/components/reference#action-row).
const (
	maxRows  = 5
	maxInRow = 5
)

// widths are how many UTF-16 units of labels may share a row, the most comfortable first: about what a phone shows side by side, then
// what a window does, then as many as go.
var widths = []int{36, 60, 90, maxInRow * bot.MaxLabel}

// rows lays the buttons out: short labels share a row, and those that stand on every screen have rows of their own. Only where the
// rows run out do the other kinds share them. What has no button here, a number, stands in the text.
func rows(buttons []bot.Button) []discordgo.MessageComponent {
	var kinds [bot.Standing + 1][]bot.Button
	for _, b := range buttons {
		if b.Data != "" || b.URL != "" {
			kinds[b.Kind] = append(kinds[b.Kind], b)
		}
	}
	apart := kinds[:]
	mixed := [][]bot.Button{append(append([]bot.Button(nil), kinds[bot.Contact]...), kinds[bot.Option]...), kinds[bot.Standing]}
	var packed [][]bot.Button
	for _, groups := range [][][]bot.Button{apart, mixed} {
		for _, width := range widths {
			packed = nil
			for _, group := range groups {
				packed = append(packed, pack(group, width)...)
			}
			if len(packed) <= maxRows {
				return components(packed)
			}
		}
	}
	return components(pack(buttons, widths[len(widths)-1]))
}

// pack fills rows in order.
func pack(buttons []bot.Button, width int) [][]bot.Button {
	var out [][]bot.Button
	room := 0
	for _, b := range buttons {
		size := len(utf16.Encode([]rune(b.Label)))
		last := len(out) - 1
		if last < 0 || size > room || len(out[last]) == maxInRow {
			out = append(out, nil)
			last, room = last+1, width
		}
		out[last] = append(out[last], b)
		room -= size
	}
	return out
}

func components(packed [][]bot.Button) []discordgo.MessageComponent {
	out := []discordgo.MessageComponent{}
	for _, row := range packed {
		var r discordgo.ActionsRow
		for _, b := range row {
			r.Components = append(r.Components, button(b))
		}
		out = append(out, r)
	}
	return out
}

// button gives what leads on in the tree the colour of what one came for, and leaves the rest quiet.
func button(b bot.Button) discordgo.Button {
	switch {
	case b.URL != "":
		return discordgo.Button{Label: b.Label, Style: discordgo.LinkButton, URL: b.URL}
	case b.Kind == bot.Option:
		return discordgo.Button{Label: b.Label, Style: discordgo.PrimaryButton, CustomID: b.Data}
	}
	return discordgo.Button{Label: b.Label, Style: discordgo.SecondaryButton, CustomID: b.Data}
}
