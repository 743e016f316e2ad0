package web

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net/http"
	"path"
	"regexp"
	"strings"
	"sync"
	"time"

	"github.com/andybalholm/brotli"
)

// file is one file to be sent. The best packing takes a while, so it is done once, by Prepare or for whoever comes first.
type file struct {
	kind  string // its media type
	hash  string
	data  []byte
	br    func() []byte
	gzip  func() []byte
	fixed bool // its name holds its hash, so that it never changes
}

// smallest packs best. The window is as large as our files need: a larger one costs four times the memory and saves nothing.
var smallest = brotli.WriterOptions{Quality: brotli.BestCompression, LGWin: 16}

// hashLength is how many bytes of the hash stand in a name: enough to tell releases apart.
const hashLength = 8

func newFile(kind string, data []byte) file {
	sum := sha256.Sum256(data)
	return file{
		kind: kind,
		data: data,
		hash: hex.EncodeToString(sum[:hashLength]),
		br: sync.OnceValue(func() []byte {
			return packed(data, func(w io.Writer) io.WriteCloser { return brotli.NewWriterOptions(w, smallest) })
		}),
		gzip: sync.OnceValue(func() []byte {
			return packed(data, func(w io.Writer) io.WriteCloser {
				z, _ := gzip.NewWriterLevel(w, gzip.BestCompression) // a level that there is
				return z
			})
		}),
	}
}

// packed packs into memory, where nothing fails.
func packed(data []byte, by func(io.Writer) io.WriteCloser) []byte {
	var out bytes.Buffer
	w := by(&out)
	_, _ = w.Write(data)
	_ = w.Close()
	return out.Bytes()
}

// fixedName puts the file's hash into a name: "motkraft.js" becomes "motkraft.0123456789abcdef.js".
func (f file) fixedName(name string) string {
	ext := path.Ext(name)
	return strings.TrimSuffix(name, ext) + "." + f.hash + ext
}

var fixedNames = regexp.MustCompile(`\.[0-9a-f]{16}(\.[a-z]+)$`)

// plainName takes the hash out of a name.
func plainName(name string) string { return fixedNames.ReplaceAllString(name, "$1") }

// add adds a file under its name, and under the one that never changes; that one is given.
func add(files map[string]file, name string, f file) string {
	files[name] = f
	fixed := f.fixedName(name)
	f.fixed = true
	files[fixed] = f
	return fixed
}

const (
	cacheFixed = "public, max-age=31536000, immutable" // a year, the longest that is kept
	cacheOther = "no-cache"                            // kept, and asked for again before use
)

func (f file) cache() string {
	if f.fixed {
		return cacheFixed
	}
	return cacheOther
}

// send answers with the file in the best encoding that the browser takes.
func (f file) send(rw http.ResponseWriter, r *http.Request) {
	h := rw.Header()
	h.Set("Content-Type", f.kind)
	h.Set("Cache-Control", f.cache())
	h.Add("Vary", "Accept-Encoding")
	data, encoding := f.data, ""
	switch accepted := r.Header.Get("Accept-Encoding"); {
	case takes(accepted, "br"):
		data, encoding = f.br(), "br"
	case takes(accepted, "gzip"):
		data, encoding = f.gzip(), "gzip"
	}
	if encoding != "" {
		h.Set("Content-Encoding", encoding)
	}
	h.Set("Etag", `"`+f.hash+encoding+`"`)
	if strings.Contains(r.Header.Get("Range"), ",") { // many small parts of one file would take more than the whole of it
		r = r.Clone(r.Context())
		r.Header.Del("Range")
	}
	http.ServeContent(rw, r, "", time.Time{}, bytes.NewReader(data))
}

// takes reports whether a list such as "gzip, br;q=0.9" holds an encoding, and not with a weight of nothing.
func takes(accepted, encoding string) bool {
	for part := range strings.SplitSeq(accepted, ",") {
		name, weight, _ := strings.Cut(part, ";")
		if strings.EqualFold(strings.TrimSpace(name), encoding) {
			weight = strings.TrimRight(strings.ReplaceAll(weight, " ", ""), "0")
			return weight != "q=" && weight != "q=0." && weight != "q=."
		}
	}
	return false
}
