package main

import (
	"fmt"
	"image"
	"image/color"
	"image/png"
	"io"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/boombuler/barcode/qr"
)

// qrCmd draws the code of a door, for a poster or a screen.
type qrCmd struct {
	Code     string `arg:"" help:"The door's code in flows/doors.yaml, such as k1."`
	Format   string `enum:"terminal,svg,png" default:"terminal" help:"terminal, svg or png."`
	Web      string `xor:"where" help:"Address of the page with the chat: the code opens its door there." placeholder:"URL"`
	Telegram string `xor:"where" help:"Name of the bot on Telegram: the code opens its door there." placeholder:"NAME"`
	flags
}

const (
	quiet = 4  // light modules around a code, ISO/IEC 18004
	scale = 16 // pixels of a module in the PNG: sharp up to a hand's breadth; a poster takes the SVG
)

// telegramName is what BotFather allows.
var telegramName = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_]{3,31}$`)

// Run writes the code to the output.
func (c *qrCmd) Run(w *world) error {
	s := w.settings(c.flags)
	content, err := w.content(w.ctx, s.value("CONTENT"))
	if err != nil {
		return err
	}
	var codes []string
	for _, d := range content.set.Doors {
		codes = append(codes, d.Code)
	}
	if !slices.Contains(codes, c.Code) {
		return usageError{fmt.Sprintf("there is no door %q: give one of %s", c.Code, strings.Join(codes, ", "))}
	}
	address, err := c.address()
	if err != nil {
		return err
	}
	// Q: a quarter of the code may be torn off or painted over.
	code, err := qr.Encode(address, qr.Q, qr.Auto)
	if err != nil {
		return fmt.Errorf("a code for %s: %w", address, err)
	}
	m := modules{code}
	switch c.Format {
	case "svg":
		return m.svg(w.out, address)
	case "png":
		return m.png(w.out)
	}
	if err := m.terminal(w.out, isTerminal(w.out) && w.environ["NO_COLOR"] == ""); err != nil {
		return err
	}
	_, err = fmt.Fprintln(w.out, address)
	return err
}

// address is what the code says. The page finds its door behind the #, which no browser sends to anybody.
func (c *qrCmd) address() (string, error) {
	switch {
	case c.Telegram != "":
		name := strings.TrimPrefix(c.Telegram, "@")
		if !telegramName.MatchString(name) {
			return "", usageError{"--telegram is no bot's name: give it as BotFather did, such as motkraft_bot"}
		}
		return "https://t.me/" + name + "?start=" + c.Code, nil
	case c.Web != "":
		u, err := url.Parse(c.Web)
		if err != nil || u.Scheme != "https" || u.Host == "" || u.User != nil || u.Fragment != "" {
			return "", usageError{"--web is no page's address: give one that begins with https:// and has no #"}
		}
		u.Fragment = c.Code
		return u.String(), nil
	}
	return "", usageError{"where the code leads is missing: give --web URL or --telegram NAME"}
}

// modules is a code as squares, with the quiet zone around it.
type modules struct{ code image.Image }

func (m modules) size() int { return m.code.Bounds().Dx() + 2*quiet }

// dark reports whether a square is dark.
func (m modules) dark(x, y int) bool {
	at := m.code.Bounds().Min.Add(image.Pt(x-quiet, y-quiet))
	if !at.In(m.code.Bounds()) {
		return false
	}
	return color.GrayModel.Convert(m.code.At(at.X, at.Y)).(color.Gray).Y < 128
}

// terminal writes two rows of squares a line. With colours it is dark on light whatever the terminal is; without, light squares are what is
// printed, as for a dark terminal.
func (m modules) terminal(w io.Writer, colours bool) error {
	var b strings.Builder
	for y := 0; y < m.size(); y += 2 {
		if colours {
			b.WriteString("\x1b[97;40m")
		}
		for x := range m.size() {
			b.WriteString(map[[2]bool]string{
				{true, true}: " ", {true, false}: "▄", {false, true}: "▀", {false, false}: "█",
			}[[2]bool{m.dark(x, y), y+1 < m.size() && m.dark(x, y+1)}])
		}
		if colours {
			b.WriteString("\x1b[0m")
		}
		b.WriteByte('\n')
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// svg writes one path for all dark squares, so that nothing shows between them at any size.
func (m modules) svg(w io.Writer, address string) error {
	var b strings.Builder
	fmt.Fprintf(&b, "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %[1]d %[1]d\" shape-rendering=\"crispEdges\">\n<title>%[2]s</title>\n<path fill=\"#fff\" d=\"M0 0h%[1]dv%[1]dH0z\"/>\n<path d=\"", m.size(), escape(address))
	for y := range m.size() {
		for x := 0; x < m.size(); x++ {
			run := 0
			for m.dark(x+run, y) {
				run++
			}
			if run > 0 {
				fmt.Fprintf(&b, "M%d %dh%dv1h-%[3]dz", x, y, run)
				x += run
			}
		}
	}
	b.WriteString("\"/>\n</svg>\n")
	_, err := io.WriteString(w, b.String())
	return err
}

// escape makes an address fit for XML.
func escape(s string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(s)
}

// png writes it in black and white.
func (m modules) png(w io.Writer) error {
	side := m.size() * scale
	img := image.NewPaletted(image.Rect(0, 0, side, side), color.Palette{color.White, color.Black})
	for y := range side {
		for x := range side {
			if m.dark(x/scale, y/scale) {
				img.SetColorIndex(x, y, 1)
			}
		}
	}
	return png.Encode(w, img)
}
