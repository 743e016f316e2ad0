package web_test

import (
	"crypto/sha512"
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"motkraft/bot/web"
)

// export writes a handler's files into a folder and reads them again.
func export(t *testing.T, s *site, opts web.Options, dir string) map[string]string {
	t.Helper()
	opts.Now = s.now
	h, err := web.New(s.bot, opts)
	if err != nil {
		t.Fatal(err)
	}
	if err := h.Export(dir); err != nil {
		t.Fatal(err)
	}
	return read(t, dir)
}

func read(t *testing.T, dir string) map[string]string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]string{}
	for _, e := range entries {
		data, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		files[e.Name()] = string(data)
	}
	return files
}

// The export holds what the server serves, byte for byte, and vouches for each file; twice gives the same.
func TestExport(t *testing.T) {
	s := newSite(t, nil)
	files := export(t, s, web.Options{}, filepath.Join(t.TempDir(), "new", "folder"))
	again := export(t, s, web.Options{}, t.TempDir())
	if asJSON(files) != asJSON(again) {
		t.Error("two exports of the same are not the same")
	}
	var sums map[string]string
	if err := json.Unmarshal([]byte(files["integrity.json"]), &sums); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{
		"index.html", "index.en.html", "contacts.html", "contacts.en.html", "accessibility.html", "embed.html", "motkraft.js", "page.css", "icon.svg",
		"screens.sv.json", "screens.en.json", s.fixedName(t, "motkraft.js")[1:], s.fixedName(t, "screens.sv.json")[1:], "_headers",
	} {
		if sums[name] == "" || files[name] == "" {
			t.Errorf("the export lacks %s", name)
		}
	}
	for name, text := range files {
		sum := sha512.Sum384([]byte(text))
		if want := "sha384-" + base64.StdEncoding.EncodeToString(sum[:]); name != "integrity.json" && sums[name] != want {
			t.Errorf("%s is vouched for by %q, expected %q", name, sums[name], want)
		}
		served := name != "_headers" && name != "integrity.json" && !strings.HasPrefix(name, "embed.")
		if served && body(t, s.get("GET", "/"+name)) != text {
			t.Errorf("%s is not what the server serves", name)
		}
		if headers := files["_headers"]; served && !strings.Contains(headers, "\n/"+name+"\n  Content-Type: "+s.get("GET", "/"+name).Header.Get("Content-Type")+"\n  Cache-Control: "+
			s.get("GET", "/"+name).Header.Get("Cache-Control")+"\n") {
			t.Errorf("_headers does not say the headers of %s", name)
		}
	}
	for _, name := range []string{"Content-Security-Policy", "Referrer-Policy", "X-Content-Type-Options", "Cross-Origin-Opener-Policy", "Cross-Origin-Resource-Policy", "Permissions-Policy"} {
		if !strings.Contains(files["_headers"], "  "+name+": "+s.get("GET", "/").Header.Get(name)+"\n") {
			t.Errorf("_headers lacks %s", name)
		}
	}
	if listed := export(t, s, web.Options{Origins: []string{"https://example.se"}}, t.TempDir())["_headers"]; strings.Count(listed, "Access-Control-Allow-Origin: https://example.se\n") != 6 {
		t.Errorf("_headers lets another site have %s", listed)
	}
}

// A later export takes the place of an earlier one, takes away what is no longer part of it, and leaves all else be.
func TestExportAgain(t *testing.T) {
	s, dir := newSite(t, nil), t.TempDir()
	before := export(t, s, web.Options{}, dir)
	foreign := filepath.Join(dir, "CNAME")
	if err := os.WriteFile(foreign, []byte("example.se"), 0o600); err != nil {
		t.Fatal(err)
	}
	s.at(aMonday.AddDate(0, 0, 1))
	after := export(t, s, web.Options{}, dir)
	if after["CNAME"] != "example.se" {
		t.Error("a file that was no part of the export is gone")
	}
	delete(after, "CNAME")
	if want := export(t, s, web.Options{}, t.TempDir()); asJSON(after) != asJSON(want) {
		t.Error("an export over an earlier one differs from one into an empty folder")
	}
	gone := 0
	for name := range before {
		if _, kept := after[name]; !kept {
			gone++
		}
	}
	if gone != 2 {
		t.Errorf("%d files went, expected the two of the day before's screens", gone)
	}
}

// A folder that an export would spoil is refused, and left as it is.
func TestExportRefuses(t *testing.T) {
	s := newSite(t, nil)
	h, err := web.New(s.bot, web.Options{Now: s.now})
	if err != nil {
		t.Fatal(err)
	}
	mine := map[string]string{"integrity.json": `{"_headers": "sha384-x"}`, "index.html": "mine"}
	for name, files := range map[string]map[string]string{
		"something else":        {"notes.txt": "mine"},
		"a page of somebody's":  {"index.html": "mine"},
		"a list of another":     {"integrity.json": `{"dependencies": "x"}`},
		"a list that is none":   {"integrity.json": `[]`},
		"a page beside ours":    mine,
		"a hidden file":         {".git": "mine"},
		"only the list, broken": {"integrity.json": `{"_headers":`},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			for name, text := range files {
				if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			if err := h.Export(dir); !errors.Is(err, web.ErrForeign) || strings.Contains(err.Error(), dir) {
				t.Errorf("got %v, expected %v, without the folder's path", err, web.ErrForeign)
			}
			if left := read(t, dir); asJSON(left) != asJSON(files) {
				t.Errorf("the folder holds %v afterwards", left)
			}
		})
	}
	outside := filepath.Join(t.TempDir(), "outside.html")
	dir := t.TempDir()
	if err := h.Export(dir); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(os.WriteFile(outside, []byte("mine"), 0o600), os.Remove(filepath.Join(dir, "index.html")), os.Symlink(outside, filepath.Join(dir, "index.html"))); err != nil {
		t.Fatal(err)
	}
	err = h.Export(dir)
	if data, _ := os.ReadFile(outside); err != nil || string(data) != "mine" {
		t.Errorf("%v; what a link leads to outside of the folder is now %.20q", err, data)
	}
}

// broken off in the middle, an export can be made again: what it had written is still known as its own.
func TestExportBrokenOff(t *testing.T) {
	s, dir := newSite(t, nil), t.TempDir()
	want := export(t, s, web.Options{}, t.TempDir())
	h, err := web.New(s.bot, web.Options{Now: s.now})
	if err != nil {
		t.Fatal(err)
	}
	// A folder in the place of a file stops the export on its way.
	stop := filepath.Join(dir, ".index.html.part")
	if err := h.Export(dir); err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Join(stop, "x"), 0o700); err != nil {
		t.Fatal(err)
	}
	s.at(aMonday.AddDate(0, 0, 1))
	if err := h.Export(dir); err == nil {
		t.Fatal("nothing stopped the export")
	}
	if err := os.RemoveAll(stop); err != nil {
		t.Fatal(err)
	}
	s.at(aMonday)
	if err := h.Export(dir); err != nil {
		t.Fatal(err)
	}
	if got := read(t, dir); asJSON(got) != asJSON(want) {
		t.Error("after an export that was broken off the next one is not whole, or leaves something behind")
	}
}

// The list is written first; broken off even there, an export leaves nothing that stops the next one, or stays.
func TestExportBrokenOffAtOnce(t *testing.T) {
	s, dir := newSite(t, nil), t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, ".integrity.json.part"), []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	want := export(t, s, web.Options{}, t.TempDir())
	if got := export(t, s, web.Options{}, dir); asJSON(got) != asJSON(want) {
		t.Error("the export is not whole, or something is left beside it")
	}
}

// strictPolicy is that of a page of somebody else's: it lets its own scripts run and its own data be fetched, and nothing more.
const strictPolicy = `default-src 'none'; script-src 'self'; connect-src 'self'; require-trusted-types-for 'script'; trusted-types 'none'`

// The exported folder works on a plain file server: its own page, and a strict page of somebody else's that holds the element.
func TestExportedFolderServes(t *testing.T) {
	s, dir := newSite(t, nil), t.TempDir()
	export(t, s, web.Options{}, dir)
	plain := http.FileServer(http.Dir(dir))
	server := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/strict.html" {
			rw.Header().Set("Content-Security-Policy", strictPolicy)
			rw.Header().Set("Content-Type", "text/html; charset=utf-8")
			rw.Write([]byte(`<!doctype html><html lang="en"><title>Campaign</title><script type="module" src="/motkraft.js"></script><h1>Campaign</h1>
				<motkraft-chat lang="` + r.URL.Query().Get("lang") + `"></motkraft-chat>`))
			return
		}
		plain.ServeHTTP(rw, r)
	}))
	t.Cleanup(server.Close)
	s.url = server.URL
	for path, lang := range map[string]string{"/": "sv", "/index.en.html": "en", "/strict.html?lang=sv": "sv", "/strict.html?lang=en": "en"} {
		t.Run(path, func(t *testing.T) {
			p := &person{tab: open(t, s, path, lang), site: s, screen: s.bot.Handle(t.Context(), update(lang))}
			p.ready()
			p.press = p.click
			p.sees()
			p.walk()
			p.types("in English", false)
			if got := eval[[]string](p.tab, `violations`); len(got) > 0 {
				t.Errorf("the page's policy was broken: %q", got)
			}
			if _, faults := p.heard(); slices.ContainsFunc(faults, func(f string) bool { return !strings.Contains(f, "404") }) { // there is no favicon.ico
				t.Errorf("the console says %q", faults)
			}
			if path != "/" {
				return
			}
			for _, page := range []string{"contacts.html", "accessibility.html", "index.en.html"} {
				if got := eval[int](p.tab, `fetch('`+page+`').then(({ status }) => status)`); got != http.StatusOK {
					t.Errorf("%s gave %d", page, got)
				}
			}
		})
	}
}

// Another site on the list shows the conversation from here, with the lines of the page /embed; one that is not on it shows what its own page
// has for that.
func TestOtherSite(t *testing.T) {
	s := newSite(t, nil)
	var here, lines string
	other := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		rw.Header().Set("Content-Type", "text/html; charset=utf-8")
		rw.Header().Set("Content-Security-Policy", strings.ReplaceAll(strictPolicy, "'self'", here))
		rw.Header().Set("Cross-Origin-Embedder-Policy", "require-corp")
		rw.Write([]byte(`<!doctype html><html lang="en"><title>Campaign</title>` + lines))
	}))
	t.Cleanup(other.Close)
	for _, listed := range []bool{true, false} {
		opts := web.Options{Now: s.now}
		if listed {
			opts.Origins = []string{other.URL}
		}
		h, err := web.New(s.bot, opts)
		if err != nil {
			t.Fatal(err)
		}
		server := httptest.NewServer(unpacked(h))
		t.Cleanup(server.Close)
		here, s.url = server.URL, server.URL
		p := open(t, s, "/embed", "en")
		lines = eval[string](p, `document.querySelectorAll('pre')[1].textContent`)
		if !strings.Contains(lines, here+"/motkraft.js") {
			t.Fatalf("the lines are %s", lines)
		}
		s.url = other.URL
		p = open(t, s, "/", "en")
		if !listed {
			p.until("the page's own number", `document.querySelector('motkraft-chat > a').checkVisibility() && document.querySelector('motkraft-chat').shadowRoot === null`)
			continue
		}
		p.ready()
		someone := &person{tab: p, site: s, screen: s.bot.Handle(t.Context(), update("en"))}
		someone.press = someone.click
		someone.sees()
		someone.walk()
	}
}
