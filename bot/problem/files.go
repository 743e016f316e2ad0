package problem

import (
	"errors"
	"io/fs"
	"path"
	"strings"
)

// Files lists the YAML files of a folder, by name. What an editor puts there beside them is passed over: names that begin with a dot (a lock such as
// ".#buy.yaml") or end with a tilde (the copy of before). A file with the other ending, which nobody would read, is a problem. Folder is what
// names in problems begin with.
func Files(fsys fs.FS, folder string, problems *List) []string {
	entries, _ := fs.ReadDir(fsys, ".") // a folder that cannot be read has no files, and is told of by whoever misses them
	var out []string
	for _, e := range entries {
		name := e.Name()
		switch {
		case strings.HasPrefix(name, "."), e.IsDir():
		case strings.HasSuffix(name, ".yml"):
			problems.Add(Pos{File: folder + name, Line: 1, Column: 1}, RuleYAML, "a file that is not read, expected it to be called %s.yaml", strings.TrimSuffix(name, path.Ext(name)))
		case strings.HasSuffix(name, ".yaml"):
			out = append(out, name)
		}
	}
	return out
}

// errSpecial is said of what is no file: reading a pipe would wait for whoever writes into it.
var errSpecial = errors.New("no regular file")

// readFile reads a file and nothing else that has a name.
func readFile(fsys fs.FS, name string) ([]byte, error) {
	info, err := fs.Stat(fsys, name)
	switch {
	case err != nil:
		return nil, err
	case !info.Mode().IsRegular():
		return nil, errSpecial
	}
	return fs.ReadFile(fsys, name)
}
