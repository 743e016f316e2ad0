package main

import (
	"fmt"
	"maps"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"github.com/agnivade/levenshtein"
	"github.com/alecthomas/kong"

	"motkraft/bot/channel"
	"motkraft/bot/problem"
)

// prefix begins every variable's name.
const prefix = "MOTKRAFT_"

// The default addresses: this machine alone.
const (
	defaultAddr      = "127.0.0.1:8080"
	defaultAdminAddr = "127.0.0.1:8081"
)

// contentSetting is the one setting that every command has which reads content.
var contentSetting = channel.Setting{Name: "CONTENT", Example: "DIR", Help: "folder with flows and locales; default: what is built in"}

// ownSettings are the program's own, beside the channels'.
var ownSettings = []channel.Setting{
	{Name: "ADDR", Example: "HOST:PORT", Default: defaultAddr, Help: "address of the web chat and of what channels are called at"},
	{Name: "ADMIN_ADDR", Example: "HOST:PORT", Default: defaultAdminAddr, Help: "address of /healthz, /readyz and /metrics, not for the public"},
	{Name: "KEY", Secret: true, Help: "keys that seal the buttons: base64 of 32 bytes, separated by commas; the first one seals, all open"},
	contentSetting,
	{Name: "COUNTS", Secret: true, Help: "where counts are kept: a file's path, or redis://…, rediss://…, unix://…"},
	{Name: "CAMPAIGNS", Example: "DAYS", Help: "the first days of campaigns, such as 2026-09-14,2027-03-01"},
	{Name: "TRUSTED_PROXIES", Example: "NETWORKS", Help: "addresses or networks of proxies in front, separated by commas, whose X-Forwarded-For is believed"},
	{Name: "DRAIN", Example: "TIME", Default: "0s", Help: "how long to go on, unready, after the signal to stop, so that a balancer sends requests elsewhere first"},
	{Name: "GIVE_UP", Example: "TIME", Default: "0s", Help: "after how long with every channel refused by its platform the program ends, so that a supervisor sees it; 0s is never"},
}

// every is every setting that there is.
func (l channelList) every() []channel.Setting { return slices.Concat(ownSettings, l.settings()) }

// flags are the flags of settings that are no secrets, for the command line: --admin-addr for ADMIN_ADDR.
type flags struct{ kong.Plugins }

// newFlags makes them, as a struct that the parser reads.
func newFlags(settings []channel.Setting) flags {
	var fields []reflect.StructField
	for _, s := range settings {
		if s.Secret {
			continue
		}
		help := strings.ToUpper(s.Help[:1]) + s.Help[1:]
		if s.Default != "" {
			help += "; default " + s.Default
		}
		fields = append(fields, reflect.StructField{
			Name: "X" + s.Name, // exported
			Type: reflect.TypeFor[string](),
			Tag:  reflect.StructTag(fmt.Sprintf("name:%q help:%q placeholder:%q", flagName(s.Name), help+".", s.Example)),
		})
	}
	return flags{kong.Plugins{reflect.New(reflect.StructOf(fields)).Interface()}}
}

// flagName is a setting's flag, without the hyphens before it.
func flagName(setting string) string { return strings.ToLower(strings.ReplaceAll(setting, "_", "-")) }

// given are the flags that were given, by setting.
func (f flags) given() map[string]string {
	out := map[string]string{}
	for _, p := range f.Plugins {
		v := reflect.ValueOf(p).Elem()
		for i := range v.NumField() {
			out[v.Type().Field(i).Name[1:]] = v.Field(i).String()
		}
	}
	return out
}

// environment is variables by name.
type environment map[string]string

// lookup reads an environment given as "NAME=value" lines.
func lookup(environ []string) environment {
	vars := environment{}
	for _, line := range environ {
		if name, value, ok := strings.Cut(line, "="); ok {
			vars[name] = value
		}
	}
	return vars
}

// testPrefix begins the names of what tests read: a program that is started beside them sees it too.
const testPrefix = prefix + "TEST_"

// serviceLink is the name of a variable that Kubernetes sets in every pod for a service of ours
// (https://kubernetes.io/docs/concepts/services-networking/service/#environment-variables).
var serviceLink = regexp.MustCompile(`^` + prefix + `([A-Z0-9_]+_)?(SERVICE_HOST|SERVICE_PORT|PORT)(_|$)`)

// refuseUnknown tells of each variable under our prefix that is no setting, with the name that was probably meant: a misspelt one would else
// be as if it were not set.
func (s *settings) refuseUnknown() {
	var known []string
	for _, k := range s.known {
		known = append(known, prefix+k.Name)
		if k.Secret {
			known = append(known, prefix+k.Name+"_FILE")
		}
	}
	for _, name := range slices.Sorted(maps.Keys(s.environ)) {
		if !strings.HasPrefix(name, prefix) || strings.HasPrefix(name, testPrefix) || serviceLink.MatchString(name) || slices.Contains(known, name) {
			continue
		}
		nearest := slices.MinFunc(known, func(a, b string) int {
			return levenshtein.ComputeDistance(name, a) - levenshtein.ComputeDistance(name, b)
		})
		s.fault("%s is no setting: unset it, or did you mean %s?", name, nearest)
	}
}

// settings reads values and collects all that is wrong with them.
type settings struct {
	known   []channel.Setting
	flags   map[string]string
	environ environment
	faults  usageError
}

// settings begins to read, with the flags of the command.
func (w *world) settings(f flags) *settings {
	return &settings{known: w.channels.every(), flags: f.given(), environ: w.environ}
}

func (s *settings) fault(format string, args ...any) {
	s.faults = append(s.faults, fmt.Sprintf(format, args...))
}

// value gives a setting: its flag's value, else the variable's, else the default. One that is not among those that there are is a fault
// of the program.
func (s *settings) value(name string) string {
	i := slices.IndexFunc(s.known, func(k channel.Setting) bool { return k.Name == name })
	if i < 0 {
		panic("no setting is called " + name)
	}
	setting := s.known[i]
	if setting.Secret {
		return s.secret(name)
	}
	if flag := s.flags[name]; flag != "" {
		return flag
	}
	if v := s.environ[prefix+name]; v != "" {
		return v
	}
	return setting.Default
}

// secret gives a variable's value, or what the file named by NAME_FILE holds. Secrets have no flag: a command line can be read by
// every process.
func (s *settings) secret(name string) string {
	value, path := s.environ[prefix+name], s.environ[prefix+name+"_FILE"]
	switch {
	case path == "":
		return value
	case value != "":
		s.fault("%s%s and %s%s_FILE are both set: unset one", prefix, name, prefix, name)
		return ""
	}
	data, err := os.ReadFile(path) // #nosec G304 -- the path is the operator's setting
	if err != nil {
		s.fault("%s%s_FILE cannot be read (%v): name a file that this user may read", prefix, name, problem.Pathless(err))
		return ""
	}
	return strings.TrimSpace(string(data))
}

// values gives settings by name, each held to its Check and to what it needs beside it.
func (s *settings) values(of []channel.Setting) channel.Values {
	v := channel.Values{}
	for _, setting := range of {
		v[setting.Name] = s.value(setting.Name)
	}
	for _, setting := range of {
		value := v[setting.Name]
		if value == "" {
			continue
		}
		if setting.Check != nil {
			if err := setting.Check(value, v); err != nil {
				s.fault("%s%s %v", prefix, setting.Name, err)
			}
		}
		for _, other := range setting.Needs {
			if v[other] == "" {
				s.fault("%s%s is set without %s%s: set both, or neither", prefix, setting.Name, prefix, other)
			}
		}
	}
	return v
}
