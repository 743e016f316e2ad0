package main

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

const (
	alertsFile    = "deploy/alerts.yaml"
	dashboardFile = "deploy/grafana-dashboard.json"
)

// need gives the path of a tool. Without it the test is skipped, or fails where MOTKRAFT_TEST_REQUIRE names the tool.
func need(t *testing.T, tool, cure string) string {
	t.Helper()
	path, err := exec.LookPath(tool)
	if err == nil {
		return path
	}
	lacks(t, tool, cure)
	return ""
}

// lacks skips a test, or fails it where MOTKRAFT_TEST_REQUIRE names what is missing: a tool, or "system" for what the operating system does not give.
func lacks(tb testing.TB, what, why string) {
	tb.Helper()
	if slices.Contains(strings.Split(os.Getenv("MOTKRAFT_TEST_REQUIRE"), ","), what) {
		tb.Fatalf("%s is missing: %s", what, why)
	}
	tb.Skipf("%s is missing: %s", what, why)
}

// alerts are the names and expressions of the alerts.
func alerts(t *testing.T) map[string]string {
	t.Helper()
	var file struct {
		Groups []struct {
			Rules []struct{ Alert, Expr string }
		}
	}
	if err := yaml.Unmarshal(readFile(t, alertsFile), &file); err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for _, g := range file.Groups {
		for _, r := range g.Rules {
			out[r.Alert] = r.Expr
		}
	}
	if len(out) == 0 {
		t.Fatal("no alerts")
	}
	return out
}

// dashboard are the expressions of the dashboard, by panel.
func dashboard(t *testing.T) map[string][]string {
	t.Helper()
	var file struct {
		Panels []struct {
			Title, Description string
			Targets            []struct{ Expr string }
		}
	}
	if err := json.Unmarshal(readFile(t, dashboardFile), &file); err != nil {
		t.Fatal(err)
	}
	out := map[string][]string{}
	for _, p := range file.Panels {
		if p.Title == "" || p.Description == "" || len(p.Targets) == 0 {
			t.Errorf("the panel %q lacks a title, a description or a query", p.Title)
		}
		for _, q := range p.Targets {
			out[p.Title] = append(out[p.Title], q.Expr)
		}
	}
	if len(out) == 0 {
		t.Fatal("no panels")
	}
	return out
}

func readFile(t *testing.T, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// Every metric that an alert or a panel asks for is one that the program has, and every one of ours is looked at somewhere.
func TestDeployedQueriesNameWhatThereIs(t *testing.T) {
	there := families(t, allMetrics())
	asked := map[string]bool{}
	look := func(where, expr string) {
		for _, name := range regexp.MustCompile(`\b(?:motkraft|process|go)_[a-z_]+`).FindAllString(expr, -1) {
			base := strings.TrimSuffix(name, "_bucket")
			asked[base] = true
			if there[base] == nil {
				t.Errorf("%s asks for %s, which there is not", where, name)
			}
		}
		for _, m := range regexp.MustCompile(`by \(([a-z, ]+)\)|([a-z]+)=~?"`).FindAllStringSubmatch(expr, -1) {
			for label := range strings.SplitSeq(m[1]+m[2], ", ") {
				if !slices.Contains([]string{labelChannel, labelOutcome, labelResult, "version", "le", "job"}, label) {
					t.Errorf("%s asks for the label %s, which there is not", where, label)
				}
			}
		}
	}
	for name, expr := range alerts(t) {
		look(name, expr)
	}
	for title, exprs := range dashboard(t) {
		for _, expr := range exprs {
			look(title, expr)
		}
	}
	for name := range there {
		if strings.HasPrefix(name, namespace) && !asked[name] {
			t.Errorf("nothing looks at %s", name)
		}
	}
}

// Promtool finds the alerts and the dashboard's queries well-formed, and each alert fires when it must and not before.
func TestAlerts(t *testing.T) {
	cases := string(readFile(t, "testdata/alerts.test.yaml"))
	for name := range alerts(t) {
		if !strings.Contains(cases, `alertname="`+name+`"`) {
			t.Errorf("no case shows that %s fires", name)
		}
	}
	promtool := need(t, "promtool", "install Debian's package prometheus")
	check := func(args ...string) {
		t.Helper()
		if out, err := exec.Command(promtool, args...).CombinedOutput(); err != nil {
			t.Errorf("promtool %s: %v\n%s", strings.Join(args, " "), err, out)
		}
	}
	check("check", "rules", alertsFile)
	check("test", "rules", "testdata/alerts.test.yaml")

	type rule struct {
		Record string `yaml:"record"`
		Expr   string `yaml:"expr"`
	}
	var rules []rule
	for _, exprs := range dashboard(t) {
		for _, expr := range exprs {
			rules = append(rules, rule{"dashboard", strings.ReplaceAll(expr, "$__rate_interval", "20m")})
		}
	}
	data, err := yaml.Marshal(map[string]any{"groups": []any{map[string]any{"name": "dashboard", "rules": rules}}})
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "dashboard.yaml")
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	check("check", "rules", "--lint=none", path)
}
