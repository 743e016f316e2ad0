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

// escaped are the bytes that no JSON string holds as they are (RFC 8259, 7).
var escaped = func() (e [256]bool) {
	for c := range ' ' {
		e[c] = true
	}
	e['"'], e['\\'] = true, true
	return e
}()

// appendText adds a text as a JSON string (RFC 8259, 7). What is no UTF-8 becomes U+FFFD, as in encoding/json.
func appendText(b []byte, s string) []byte {
	const hex = "0123456789abcdef"
	if !utf8.ValidString(s) {
		s = string([]rune(s))
	}
	b = append(b, '"')
	from := 0 // what lies before was added
	for i := 0; i < len(s); i++ {
		c := s[i]
		if !escaped[c] {
			continue
		}
		b = append(b, s[from:i]...)
		switch c {
		case '"', '\\':
			b = append(b, '\\', c)
		case '\n':
			b = append(b, `\n`...)
		default:
			b = append(b, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
		}
		from = i + 1
	}
	return append(append(b, s[from:]...), '"')
}
