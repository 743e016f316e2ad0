package graph

import (
	"fmt"
	"html"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"motkraft/flows"
)

// Sizes of the drawing, in CSS pixels.
const (
	boxWidth  = 370
	gapAcross = 110 // where the lines run
	gapDown   = 18
	rowHeight = 18
	headRows  = 2 // the name, and what it says
	padding   = 8
	margin    = 24
	titleRoom = 40
	maxHead   = 58 // characters of what it says, of the width that they have
)

// style is in the file, so that it looks the same wherever it is opened, in light and in dark.
const style = `
text{font:12px system-ui,sans-serif;fill:#1c1b22}.name{font-weight:600}.says,.to{fill:#5b5a66}.title{font-size:20px;font-weight:600}
rect{fill:#fff;stroke:#8a8896}.refer{fill:#e9f5ec}.ask{fill:#fdf3dc}.sheet{fill:#f7f7fa;stroke:none}path{fill:none;stroke:#6b5bb5;stroke-width:1.2}
@media(prefers-color-scheme:dark){text{fill:#f2f1f7}.says,.to{fill:#b9b7c6}rect{fill:#2a2933}.refer{fill:#1f3a29}.ask{fill:#3f3515}.sheet{fill:#17161c}path{stroke:#a99bf0}}
`

// placed is a box with its place on the sheet.
type placed struct {
	Box
	column, x, y, height int
}

// SVG writes the charts one below another. It holds no script, no font and no link.
func SVG(w io.Writer, charts []Chart) error {
	var body strings.Builder
	width, y := 0, margin
	for _, c := range charts {
		fmt.Fprintf(&body, "<text class=\"title\" x=\"%d\" y=\"%d\">%s</text>\n", margin, y+titleRoom/2, html.EscapeString(c.Flow))
		boxes, right, bottom := layOut(c, y+titleRoom)
		draw(&body, boxes)
		width, y = max(width, right+margin), bottom+margin
	}
	_, err := fmt.Fprintf(w, "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %[1]d %[2]d\">\n<title>%[3]s</title>\n<style>%[4]s</style>\n<rect class=\"sheet\" width=\"%[1]d\" height=\"%[2]d\"/>\n%[5]s</svg>\n",
		width, y, html.EscapeString(title(charts)), style, body.String())
	return err
}

func title(charts []Chart) string {
	var names []string
	for _, c := range charts {
		names = append(names, c.Flow)
	}
	return "Motkraft: " + strings.Join(names, ", ")
}

// layOut gives each box its column, the number of taps from where the flow begins, and in it a place near to what leads to it.
func layOut(c Chart, top int) (boxes []*placed, right, bottom int) {
	byID := map[flows.ID]*placed{}
	for _, b := range c.Boxes {
		p := &placed{Box: b, column: -1, height: (headRows+len(b.Rows))*rowHeight + 2*padding}
		if b.Note != "" {
			p.height += rowHeight
		}
		boxes, byID[b.ID] = append(boxes, p), p
	}
	var columns [][]*placed
	for _, start := range boxes {
		if start.column < 0 && (start == boxes[0] || !ledTo(start, boxes)) {
			spread(start, byID)
		}
	}
	for _, p := range boxes { // rings that nothing outside them leads into
		if p.column < 0 {
			spread(p, byID)
		}
	}
	for _, p := range boxes {
		for len(columns) <= p.column {
			columns = append(columns, nil)
		}
		columns[p.column] = append(columns[p.column], p)
	}
	bottom = top
	for i, column := range columns {
		if i > 0 {
			nearTheirs(column, columns[i-1])
		}
		y := top
		for _, p := range column {
			p.x, p.y = margin+i*(boxWidth+gapAcross), y
			y += p.height + gapDown
		}
		bottom = max(bottom, y)
	}
	return boxes, margin + len(columns)*(boxWidth+gapAcross) - gapAcross, bottom
}

// ledTo reports whether another box leads to one.
func ledTo(p *placed, boxes []*placed) bool {
	return slices.ContainsFunc(boxes, func(from *placed) bool {
		return from != p && slices.ContainsFunc(from.Rows, func(r Row) bool { return r.To == p.ID })
	})
}

// spread gives columns to a box and to all that it leads to and that has none.
func spread(start *placed, byID map[flows.ID]*placed) {
	start.column = 0
	for queue := []*placed{start}; len(queue) > 0; queue = queue[1:] {
		for _, row := range queue[0].Rows {
			if to := byID[row.To]; to != nil && to.column < 0 {
				to.column = queue[0].column + 1
				queue = append(queue, to)
			}
		}
	}
}

// nearTheirs sorts a column by where on the one before it stands what leads there.
func nearTheirs(column, before []*placed) {
	centre := map[*placed]float64{}
	for _, p := range column {
		sum, n := 0.0, 0
		for _, from := range before {
			for i, row := range from.Rows {
				if row.To == p.ID {
					sum += float64(from.rowY(i))
					n++
				}
			}
		}
		if n > 0 {
			centre[p] = sum / float64(n)
		}
	}
	slices.SortStableFunc(column, func(a, b *placed) int { return int(centre[a] - centre[b]) })
}

// rowY is the middle of a row.
func (p *placed) rowY(i int) int {
	y := p.y + padding + headRows*rowHeight + i*rowHeight + rowHeight/2
	if p.Note != "" {
		y += rowHeight
	}
	return y
}

// draw writes lines and boxes. A way that does not lead to the next column is named instead of drawn.
func draw(b *strings.Builder, boxes []*placed) {
	byID := map[flows.ID]*placed{}
	for _, p := range boxes {
		byID[p.ID] = p
	}
	next := func(p *placed, row Row) *placed {
		if to := byID[row.To]; to != nil && to.column == p.column+1 {
			return to
		}
		return nil
	}
	for _, p := range boxes {
		for i, row := range p.Rows {
			if to := next(p, row); to != nil {
				x, y, tx, ty := p.x+boxWidth, p.rowY(i), to.x, to.y+padding+rowHeight/2
				fmt.Fprintf(b, "<path d=\"M%d %dC%d %d %d %d %d %d\"/>\n", x, y, x+gapAcross/2, y, tx-gapAcross/2, ty, tx, ty)
			}
		}
	}
	for _, p := range boxes {
		class := map[Kind]string{Place: "ask", Referral: "refer"}[p.Kind]
		fmt.Fprintf(b, "<rect class=\"%s\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"6\"/>\n", class, p.x, p.y, boxWidth, p.height)
		line := func(n int, class, text string) {
			fmt.Fprintf(b, "<text class=\"%s\" x=\"%d\" y=\"%d\">%s</text>\n", class, p.x+padding, p.y+padding+n*rowHeight+13, html.EscapeString(text))
		}
		line(0, "name", string(p.ID))
		line(1, "says", shorten(p.Head, maxHead))
		if p.Note != "" {
			line(headRows, "to", p.Note)
		}
		for i, row := range p.Rows {
			y := p.rowY(i) + 4
			fmt.Fprintf(b, "<text x=\"%d\" y=\"%d\">• %s</text>\n", p.x+padding, y, html.EscapeString(row.Label))
			if next(p, row) == nil {
				fmt.Fprintf(b, "<text class=\"to\" text-anchor=\"end\" x=\"%d\" y=\"%d\">→ %s</text>\n", p.x+boxWidth-padding, y, html.EscapeString(string(row.To)))
			}
		}
	}
}

// shorten cuts a text that has no room, and says so.
func shorten(s string, most int) string {
	if utf8.RuneCountInString(s) <= most {
		return s
	}
	return strings.TrimRight(string([]rune(s)[:most-1]), " ,") + "…"
}
