package main

import (
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"motkraft/bot"
	"motkraft/bot/problem"
	"motkraft/flows"
	"motkraft/locales"
)

// prefix begins every variable's name.
const prefix = "MOTKRAFT_"

// lookup reads an environment given as "NAME=value" lines.
func lookup(environ []string) func(string) string {
	vars := map[string]string{}
	for _, line := range environ {
		if name, value, ok := strings.Cut(line, "="); ok {
			vars[name] = value
		}
	}
	return func(name string) string { return vars[name] }
}

// settings collects values and all that is wrong with them.
type settings struct {
	getenv func(string) string
	faults usageError
}

func (s *settings) fault(format string, args ...any) {
	s.faults = append(s.faults, fmt.Sprintf(format, args...))
}

// value gives a flag's value, else the variable's, else the default.
func (s *settings) value(flag, name, otherwise string) string {
	if flag != "" {
		return flag
	}
	if v := s.getenv(prefix + name); v != "" {
		return v
	}
	return otherwise
}

// secret gives a variable's value, or what the file named by NAME_FILE holds. Secrets have no flag: a command line can be read by
// every process.
func (s *settings) secret(name string) string {
	value, path := s.getenv(prefix+name), s.getenv(prefix+name+"_FILE")
	switch {
	case path == "":
		return value
	case value != "":
		s.fault("%s%s and %s%s_FILE are both set: unset one", prefix, name, prefix, name)
		return ""
	}
	data, err := os.ReadFile(path) // #nosec G304 -- the path is the operator's setting
	if err != nil {
		s.fault("%s%s_FILE can not be read (%v): name a file that this user may read", prefix, name, reason(err))
		return ""
	}
	return strings.TrimSpace(string(data))
}

// address checks a TCP address to listen on.
func (s *settings) address(flag, name, otherwise string) string {
	addr := s.value(flag, name, otherwise)
	if _, port, err := net.SplitHostPort(addr); err != nil {
		s.fault("%s%s is no address: give host and port, such as %s", prefix, name, otherwise)
	} else if _, err := net.LookupPort("tcp", port); err != nil {
		s.fault("%s%s has no port that there is: give a number from 0 to 65535, such as in %s", prefix, name, otherwise)
	}
	return addr
}

// sealer makes the sealer of KEY; without a key of a random one, which random reports.
func (s *settings) sealer() (sealer *bot.Sealer, random bool) {
	keys := [][]byte{bot.RandomKey()}
	given := s.secret("KEY")
	if given != "" {
		var err error
		if keys, err = bot.ParseKeys(given); err != nil {
			s.fault("%sKEY: %v: make one with 'openssl rand -base64 32'", prefix, err)
			return nil, false
		}
	}
	sealer, err := bot.NewSealer(keys...)
	if err != nil {
		s.fault("%sKEY: %v", prefix, err)
	}
	return sealer, given == ""
}

// content is what the bot says and knows.
type content struct {
	set     *flows.Set
	catalog *locales.Catalog
}

// loadContent reads a content folder, or what the program was built with where dir is empty. Its error is a usageError where there is no
// such folder, and a problem.List of everything that is wrong inside a file; what is wrong between the files is found by bot.Check.
func loadContent(dir string) (content, error) {
	flowFiles, words := fs.FS(flows.Embedded), fs.FS(locales.Embedded)
	if dir != "" {
		var faults usageError
		for _, sub := range []string{"flows", "locales"} {
			if info, err := os.Stat(filepath.Join(dir, sub)); err != nil || !info.IsDir() {
				faults = append(faults, fmt.Sprintf("the content folder %q has no folder %s: name one that holds flows and locales (--content, %sCONTENT)", dir, sub, prefix))
			}
		}
		if faults != nil {
			return content{}, faults
		}
		flowFiles, words = os.DirFS(filepath.Join(dir, "flows")), os.DirFS(filepath.Join(dir, "locales"))
	}
	var set *flows.Set
	var problems problem.List
	var loading sync.WaitGroup
	loading.Go(func() { set, problems = flows.Load(flowFiles) })
	catalog, more := locales.Load(words)
	loading.Wait()
	return content{set, catalog}, append(problems, more...).Err()
}

// reason is what went wrong with a file, without its path.
func reason(err error) error {
	var path *fs.PathError
	if errors.As(err, &path) {
		return path.Err
	}
	return err
}
