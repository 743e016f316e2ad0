package webhook

import (
	"unicode/utf8"

	"motkraft/bot"
)

// The JSON of an answer is put together here and not by encoding/json, which takes as long for it as the screen itself takes: a third of the
// adapter's time.

// kinds are the names of the kinds of buttons.
var kinds = [...]string{bot.Contact: "contact", bot.Option: "option", bot.Standing: "standing"}

// appendMessage adds a message as openapi.yaml describes it.
func appendMessage(b []byte, m bot.Message) []byte {
	b = appendText(append(b, `{"text":`...), m.Text)
	b = appendText(append(b, `,"lang":`...), m.Lang)
	b = append(b, `,"buttons":[`...)
	for i := range m.Buttons {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendButton(b, &m.Buttons[i])
	}
	b = append(b, ']')
	if m.Here != "" {
		b = appendText(append(b, `,"here":`...), m.Here)
	}
	if m.Clear {
		b = append(b, `,"clear":true`...)
	}
	return append(b, '}')
}

func appendButton(b []byte, button *bot.Button) []byte {
	b = appendText(append(b, `{"label":`...), button.Label)
	switch {
	case button.Data != "":
		b = appendText(append(b, `,"data":`...), button.Data)
	case button.URL != "":
		b = appendText(append(b, `,"url":`...), button.URL)
	default:
		b = appendText(append(b, `,"phone":`...), button.Phone)
	}
	b = append(b, `,"kind":"`...)
	b = append(b, kinds[button.Kind]...)
	return append(b, `"}`...)
}

// appendText adds a text as a JSON string (RFC 8259, 7). What is no UTF-8 becomes U+FFFD, as in encoding/json.
func appendText(b []byte, s string) []byte {
	const hex = "0123456789abcdef"
	b = append(b, '"')
	valid := utf8.ValidString(s) // mostly; looking at each letter takes longer
	from := 0                    // what lies before was added
	for i := 0; i < len(s); {
		c := s[i]
		size := 1
		switch {
		case c == '"' || c == '\\':
			b = append(append(b, s[from:i]...), '\\', c)
		case c == '\n':
			b = append(append(b, s[from:i]...), `\n`...)
		case c < ' ':
			b = append(append(b, s[from:i]...), '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
		case valid || c < utf8.RuneSelf:
			i++
			continue
		default:
			var r rune
			if r, size = utf8.DecodeRuneInString(s[i:]); r != utf8.RuneError || size > 1 {
				i += size
				continue
			}
			b = append(append(b, s[from:i]...), "\uFFFD"...)
		}
		i += size
		from = i
	}
	return append(append(b, s[from:]...), '"')
}
