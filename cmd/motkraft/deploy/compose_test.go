// Package deploy_test holds what is deployed to what it promises. It is apart from the program's tests, which would else carry all of
// Kubernetes' types.
package deploy_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/compose-spec/compose-go/v2/loader"
	"github.com/compose-spec/compose-go/v2/types"
)

// checkCompose reads a compose.yaml as Docker Compose does, and finds every promise that is not kept.
func checkCompose(data []byte) (problems []string) {
	problem := func(format string, args ...any) { problems = append(problems, fmt.Sprintf(format, args...)) }
	here, err := filepath.Abs(".")
	if err != nil {
		return []string{err.Error()}
	}
	project, err := loader.LoadWithContext(context.Background(), types.ConfigDetails{
		WorkingDir:  here,
		ConfigFiles: []types.ConfigFile{{Filename: filepath.Join(here, "compose.yaml"), Content: data}},
	})
	if err != nil {
		return []string{err.Error()}
	}
	if len(project.Services) != 4 {
		problem("%d services, expected 4", len(project.Services))
	}
	for name, s := range project.Services {
		if !s.ReadOnly || !slices.Equal(s.CapDrop, []string{"ALL"}) || len(s.CapAdd) > 0 || s.Privileged || !slices.Contains(s.SecurityOpt, "no-new-privileges:true") {
			problem("%s has more rights than it needs", name)
		}
		if s.MemLimit == 0 || s.PidsLimit == 0 {
			problem("%s has no bounds", name)
		}
		for _, p := range s.Ports {
			if p.HostIP != "127.0.0.1" || p.Target == 8081 {
				problem("%s is open to others at port %d", name, p.Target)
			}
		}
		for _, v := range s.Volumes {
			if v.Type != types.VolumeTypeBind {
				continue
			}
			if _, err := os.Stat(v.Source); err != nil || !v.ReadOnly {
				problem("%s: %s is not there, or may be written to", name, filepath.Base(v.Source))
			}
		}
	}
	if !project.Networks["inside"].Internal {
		problem("the network inside is open")
	}
	for _, name := range []string{"redis", "prometheus"} {
		s := project.Services[name]
		if _, inside := s.Networks["inside"]; !inside || len(s.Networks) != 1 || len(s.Ports) > 0 {
			problem("%s is not inside alone", name)
		}
	}
	if !inOrder(project.Services["redis"].Command, "--appendonly", "no") || !inOrder(project.Services["redis"].Command, "--save", "3600 1") {
		problem("Redis keeps more than how the counts are: %q", project.Services["redis"].Command)
	}
	if !slices.Contains(project.Services["prometheus"].Command, "--storage.tsdb.retention.time=7d") {
		problem("Prometheus keeps its looks longer than a week: %q", project.Services["prometheus"].Command)
	}
	if built := project.Services["motkraft"].Build; built == nil {
		problem("the program is not built here")
	} else if _, err := os.Stat(filepath.Join(built.Context, "Dockerfile")); err != nil {
		problem("there is no Dockerfile in %s", built.Context)
	}
	return problems
}

// inOrder reports whether one argument stands behind another.
func inOrder(args []string, one, other string) bool {
	i := slices.Index(args, one)
	return i >= 0 && i+1 < len(args) && args[i+1] == other
}

func TestCompose(t *testing.T) {
	data, err := os.ReadFile("compose.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, problem := range checkCompose(data) {
		t.Error(problem)
	}
	for _, c := range []struct{ from, to string }{
		{"read_only: true", "read_only: false"},
		{"read_only: true", "readonly: true"},
		{"cap_drop: [ALL]", "cap_drop: [NET_RAW]"},
		{"127.0.0.1:8080:8080", "8080:8080"},
		{"127.0.0.1:3000:3000", "127.0.0.1:3000:8081"},
		{"./alerts.yaml", "./alarms.yaml"},
		{"inside: {internal: true}", "inside: {}"},
		{"networks: [inside]", "networks: [outside]"},
		{"build: ../../..", "build: .."},
		{"pids_limit: 50", ""},
		{`--appendonly, "no"`, `--appendonly, "yes"`},
		{"--save, 3600 1", `--save, ""`},
		{"time=7d", "time=30d"},
		{"counts:/data", "unknown:/data"},
		{"secrets: [key", "secrets: [kee"},
	} {
		broken := bytes.Replace(data, []byte(c.from), []byte(c.to), 1)
		if bytes.Equal(broken, data) {
			t.Errorf("%q does not stand there", c.from)
		} else if len(checkCompose(broken)) == 0 {
			t.Errorf("nobody sees %q in the place of %q", c.to, c.from)
		}
	}
}
