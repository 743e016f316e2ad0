package web

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"slices"
	"strings"

	"motkraft/bot/problem"
)

// The files of an export that no page names.
const (
	manifestName = "integrity.json" // every file and what vouches for it; it marks the folder as an export
	headersName  = "_headers"       // the headers of each file, as several hosts of static sites read them
)

// ErrForeign is said of a folder that an export would spoil.
var ErrForeign = errors.New("the folder holds something else than an export")

// Export writes all that the handler serves as files for any other server, and a list of what vouches for each of them. The same content on the
// same day gives the same bytes. Of what stands in the folder it takes away only the files of an earlier export.
func (h *Handler) Export(dir string) error {
	if n := len(h.opts.Origins); n > 1 {
		return fmt.Errorf("%d sites may show the conversation, expected at most one: a file of headers cannot choose between them", n)
	}
	files, sums := map[string][]byte{}, map[string]string{}
	today := h.day() // once, should midnight come in between
	all := maps.Clone(today.files)
	for _, s := range today.steps {
		for name := range s.all() {
			step, ok := today.step(name)
			if !ok {
				return fmt.Errorf("the plain page %s cannot be written", name)
			}
			all[name] = step
		}
	}
	for name, f := range all {
		files[name] = f.data
	}
	files[headersName] = h.headersFile(all)
	for name, data := range files {
		sums[name] = integrity(data)
	}
	if err := os.MkdirAll(dir, 0o755); err != nil { // #nosec G301 -- what is exported is for everybody to read
		return problem.Pathless(err)
	}
	root, err := os.OpenRoot(dir) // no link leads out of it
	if err != nil {
		return problem.Pathless(err)
	}
	defer root.Close()
	before, err := earlier(root, sums)
	if err != nil {
		return err
	}
	// The list comes first, with the files that are to go: should the export be broken off, the next one still knows all of it as its own.
	known := maps.Clone(before)
	maps.Copy(known, sums)
	if err := writeManifest(root, known); err != nil {
		return err
	}
	for _, pages := range []bool{false, true} { // pages come after what they name, since people may come in between
		for _, name := range slices.Sorted(maps.Keys(files)) {
			if strings.HasSuffix(name, ".html") == pages {
				if err := write(root, name, files[name]); err != nil {
					return err
				}
			}
		}
	}
	for name := range before {
		if sums[name] != "" {
			continue
		}
		for _, name := range []string{name, partOf(name)} {
			if err := root.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
				return problem.Pathless(err)
			}
		}
	}
	return writeManifest(root, sums)
}

// earlier gives the files of an earlier export that stands in the folder; an empty folder has none.
func earlier(root *os.Root, ours map[string]string) (map[string]string, error) {
	entries, err := fs.ReadDir(root.FS(), ".")
	if err != nil {
		return nil, problem.Pathless(err)
	}
	// That is all there is where the first export was broken off at its very beginning.
	entries = slices.DeleteFunc(entries, func(e fs.DirEntry) bool { return e.Name() == partOf(manifestName) })
	before := map[string]string{}
	if len(entries) == 0 {
		return before, nil
	}
	data, err := root.ReadFile(manifestName)
	if err != nil || json.Unmarshal(data, &before) != nil || before[headersName] == "" {
		return nil, ErrForeign
	}
	for _, e := range entries {
		if name := e.Name(); ours[name] != "" && before[name] == "" {
			return nil, fmt.Errorf("%w: %s", ErrForeign, name)
		}
	}
	return before, nil
}

func writeManifest(root *os.Root, sums map[string]string) error {
	data, err := json.MarshalIndent(sums, "", "  ")
	if err != nil {
		return err
	}
	return write(root, manifestName, append(data, '\n'))
}

// partOf is the name of a file that is being written.
func partOf(name string) string { return "." + name + ".part" }

// write puts a file in its place whole, since people may be reading the one before.
func write(root *os.Root, name string, data []byte) error {
	const mode = 0o644 // for a server that runs as somebody else
	part := partOf(name)
	if err := root.WriteFile(part, data, mode); err != nil {
		return problem.Pathless(err)
	}
	return problem.Pathless(root.Rename(part, name))
}

// headersFile says the headers of each file in the form that Netlify and Cloudflare Pages read.
func (h *Handler) headersFile(files map[string]file) []byte {
	out := []byte("/*\n")
	for _, name := range slices.Sorted(maps.Keys(headers)) {
		out = fmt.Appendf(out, "  %s: %s\n", name, headers[name])
	}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		out = fmt.Appendf(out, "/%s\n  Content-Type: %s\n  Cache-Control: %s\n", name, files[name].kind, files[name].cache())
		if len(h.opts.Origins) == 1 && shared(name) {
			out = fmt.Appendf(out, "  Access-Control-Allow-Origin: %s\n", h.opts.Origins[0])
		}
	}
	return out
}
