package main

import (
	"bytes"
	"encoding/xml"
	"image"
	"image/color"
	"image/png"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"
)

// printed runs the program and gives what it printed.
func printed(t *testing.T, args ...string) string {
	t.Helper()
	var out, errs bytes.Buffer
	if code := run(t.Context(), args, nil, strings.NewReader(""), &out, &errs); code != exitOK {
		t.Fatalf("%q ended with %d: %s", args, code, errs.String())
	}
	return out.String()
}

// reads decodes a picture with another library than the one that drew it.
func reads(t *testing.T, img image.Image) string {
	t.Helper()
	bitmap, err := gozxing.NewBinaryBitmapFromImage(img)
	if err != nil {
		t.Fatal(err)
	}
	result, err := qrcode.NewQRCodeReader().Decode(bitmap, nil)
	if err != nil {
		t.Fatal(err)
	}
	return result.GetText()
}

// squares makes a picture of squares, some pixels wide each.
func squares(width, height int, dark func(x, y int) bool) image.Image {
	const wide = 6
	img := image.NewGray(image.Rect(0, 0, width*wide, height*wide))
	for y := range height * wide {
		for x := range width * wide {
			img.SetGray(x, y, color.Gray{Y: 255})
			if dark(x/wide, y/wide) {
				img.SetGray(x, y, color.Gray{})
			}
		}
	}
	return img
}

// Whoever holds a phone to what is printed comes to the door. It does not assert that a poster's light is good enough.
func TestCodesCanBeRead(t *testing.T) {
	for want, where := range map[string][]string{
		"https://t.me/motkraft_bot?start=k2":       {"--telegram", "@motkraft_bot"},
		"https://www.example.se/chat?lang=en#k2":   {"--web", "https://www.example.se/chat?lang=en"},
		"https://www.example.se/l%C3%A4nk/?a=b#k2": {"--web", "https://www.example.se/länk/?a=b"},
	} {
		args := append([]string{"qr", "k2"}, where...)
		t.Run("png", func(t *testing.T) {
			img, err := png.Decode(strings.NewReader(printed(t, append(args, "--format", "png")...)))
			if err != nil {
				t.Fatal(err)
			}
			if got := reads(t, img); got != want {
				t.Errorf("reads %q, expected %q", got, want)
			}
		})
		t.Run("svg", func(t *testing.T) {
			if got := reads(t, fromSVG(t, printed(t, append(args, "--format", "svg")...))); got != want {
				t.Errorf("reads %q, expected %q", got, want)
			}
		})
		t.Run("terminal", func(t *testing.T) {
			code, address, ok := strings.Cut(printed(t, args...), "https://")
			if !ok || "https://"+address != want+"\n" {
				t.Errorf("the address below is %q, expected %q", address, want)
			}
			if got := reads(t, fromTerminal(code)); got != want {
				t.Errorf("reads %q, expected %q", got, want)
			}
		})
	}
}

// fromSVG draws the dark squares: the last path, in steps of whole squares.
func fromSVG(t *testing.T, svg string) image.Image {
	t.Helper()
	var doc struct {
		ViewBox string `xml:"viewBox,attr"`
		Paths   []struct {
			D string `xml:"d,attr"`
		} `xml:"path"`
	}
	if err := xml.Unmarshal([]byte(svg), &doc); err != nil {
		t.Fatal(err)
	}
	size, err := strconv.Atoi(strings.Fields(doc.ViewBox)[2])
	if err != nil || len(doc.Paths) != 2 {
		t.Fatalf("%d paths in a view of %q", len(doc.Paths), doc.ViewBox)
	}
	dark := map[image.Point]bool{}
	for _, m := range regexp.MustCompile(`M(\d+) (\d+)h(\d+)v1h-(\d+)z`).FindAllStringSubmatch(doc.Paths[1].D, -1) {
		x, _ := strconv.Atoi(m[1])
		y, _ := strconv.Atoi(m[2])
		run, _ := strconv.Atoi(m[3])
		for i := range run {
			dark[image.Pt(x+i, y)] = true
		}
	}
	return squares(size, size, func(x, y int) bool { return dark[image.Pt(x, y)] })
}

// fromTerminal takes what is printed for light, as on a dark terminal.
func fromTerminal(text string) image.Image {
	var rows [][]rune
	for line := range strings.Lines(text) {
		rows = append(rows, []rune(strings.TrimSuffix(line, "\n")))
	}
	return squares(len(rows[0]), 2*len(rows), func(x, y int) bool {
		switch rows[y/2][x] {
		case ' ':
			return true
		case '▄':
			return y%2 == 0
		case '▀':
			return y%2 == 1
		}
		return false
	})
}
