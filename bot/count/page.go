package count

import (
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"slices"
	"strings"
)

//go:embed page.html
var pageHTML string

var pageTemplate = template.Must(template.New("page").Funcs(template.FuncMap{"charts": charts}).Parse(pageHTML))

// WritePage writes the report as one page that needs nothing else, for people: a chart for each period and channel.
func (r Report) WritePage(w io.Writer) error {
	return pageTemplate.Execute(w, struct {
		Report
		Rules []string
	}{r, slices.Concat(rules, r.Notes)})
}

// The chart's measures, in units of its view box.
const (
	chartWidth = 640
	nameWidth  = 130 // room for a group's name, more where one needs it
	valueWidth = 80  // room for a number of seven digits
	letter     = 9   // room for a letter, on average and with some to spare
	nameMargin = 10  // between a name and its bar
	maxName    = 36  // letters of a name that are drawn
	rowHeight  = 26
	barHeight  = 16
)

// chart is the bars of one channel in one period.
type chart struct {
	Channel       string
	Said          string // for whoever does not see it
	Width, Height int
	Bars          []bar
}

// bar is a cell and where it is drawn.
type bar struct {
	Cell
	Drawn                          string // the group's name, as far as there is room
	Name, Left, Top, Length, Thick int
	Text, Value                    int // the texts' baseline, and where the number stands
}

// drawn cuts a name that there is no room for. The whole of it is in what is said.
func drawn(name string) string {
	if r := []rune(name); len(r) > maxName {
		return string(r[:maxName-1]) + "…"
	}
	return name
}

// charts draws the cells of a period. All channels have one scale, so that they can be compared.
func charts(cells []Cell) []chart {
	var out []chart
	longest, left := int64(1), nameWidth
	for _, c := range cells {
		longest = max(longest, c.Conversations)
		left = max(left, letter*len([]rune(drawn(c.Group)))+nameMargin)
	}
	for _, c := range cells {
		if len(out) == 0 || out[len(out)-1].Channel != c.Channel {
			out = append(out, chart{Channel: c.Channel, Width: chartWidth})
		}
		of := &out[len(out)-1]
		top := of.Height
		length := int(int64(chartWidth-left-valueWidth) * c.Conversations / longest)
		of.Bars = append(of.Bars, bar{
			Cell: c, Drawn: drawn(c.Group),
			Name: left - nameMargin, Left: left, Top: top + (rowHeight-barHeight)/2, Length: length, Thick: barHeight,
			Text: top + rowHeight/2 + 5, Value: left + length + 8,
		})
		of.Height += rowHeight
		of.Said = strings.TrimPrefix(of.Said+fmt.Sprintf(", %s %d", c.Group, c.Conversations), ", ")
	}
	return out
}
