package telegram

import "motkraft/bot"

// inlineKeyboard is Telegram's InlineKeyboardMarkup.
type inlineKeyboard struct {
	Rows [][]inlineButton `json:"inline_keyboard"`
}

// inlineButton is Telegram's InlineKeyboardButton, as far as we use it.
type inlineButton struct {
	Text string    `json:"text"`
	Data string    `json:"callback_data,omitempty"`
	URL  string    `json:"url,omitempty"`
	Copy *copyText `json:"copy_text,omitempty"`
}

// copyText is Telegram's CopyTextButton. There are no tel: links: the number goes to the clipboard, and stands in the text.
type copyText struct {
	Text string `json:"text"`
}

// shortLabel is how long labels may be in UTF-16 units to stand two in a row on a narrow phone.
const shortLabel = 20

// keyboard lays the buttons out: contacts and choices in a row each, since their labels are long; those that stand on every screen
// two by two where they fit.
func (t *Telegram) keyboard(m bot.Message) inlineKeyboard {
	k := inlineKeyboard{Rows: [][]inlineButton{}}
	half := false // the last row is a standing one with room
	for _, b := range m.Buttons {
		button := inlineButton{Text: b.Label, Data: b.Data, URL: b.URL}
		if b.Phone != "" {
			if label := t.opts.Say(m.Lang, "telegram.copy", "Number", b.Phone); label != "" {
				button.Text = label // pressing it rings nobody
			}
			button.Copy = &copyText{Text: b.Phone}
		}
		short := b.Kind == bot.Standing && len([]rune(b.Label)) <= shortLabel
		if short && half {
			last := len(k.Rows) - 1
			k.Rows[last] = append(k.Rows[last], button)
			half = false
			continue
		}
		k.Rows = append(k.Rows, []inlineButton{button})
		half = short
	}
	return k
}
