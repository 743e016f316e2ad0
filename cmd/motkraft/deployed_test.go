package main

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// deployed gives each file under deploy.
func deployed(t *testing.T) map[string]string {
	t.Helper()
	files := map[string]string{}
	for _, pattern := range []string{"deploy/*.yaml", "deploy/*/*.yaml", "deploy/*.service"} {
		names, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			files[name] = string(readFile(t, name))
		}
	}
	if len(files) < 6 {
		t.Fatalf("only %d files", len(files))
	}
	return files
}

// Every variable that a file sets is one that the program reads, by value or by file.
func TestDeployedVariables(t *testing.T) {
	used, found := variables(channels()), 0
	for name, text := range deployed(t) {
		for _, v := range regexp.MustCompile(prefix+`[A-Z_]*[A-Z]`).FindAllString(text, -1) {
			found++
			if !slices.Contains(used, v) {
				t.Errorf("%s sets %s, which nothing reads", name, v)
			}
		}
	}
	if found < 20 {
		t.Errorf("only %d variables were found", found)
	}
}

// A secret's file that is empty is as none: so one unit, and one set of files, does for those who have some of the channels.
func TestEmptySecretIsNone(t *testing.T) {
	empty := filepath.Join(t.TempDir(), "empty")
	if err := os.WriteFile(empty, []byte("\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	r := start(t, "MOTKRAFT_TELEGRAM_TOKEN_FILE="+empty, "MOTKRAFT_DISCORD_TOKEN_FILE="+empty, "MOTKRAFT_WEBHOOK_SECRETS_FILE="+empty, "MOTKRAFT_COUNTS_FILE="+empty)
	if ready, channels := readiness(t, r.admin); !ready || len(channels) > 0 {
		t.Errorf("ready is %v, with the channels %v", ready, channels)
	}
}

const unitFile = "deploy/motkraft.service"

// The unit has every switch that takes something away from the program, and every file of a secret is one that is loaded.
func TestUnit(t *testing.T) {
	unit := map[string][]string{}
	for line := range strings.Lines(string(readFile(t, unitFile))) {
		name, value, ok := strings.Cut(strings.TrimSpace(line), "=")
		if ok && !strings.HasPrefix(name, "#") {
			unit[name] = append(unit[name], value)
		}
	}
	for name, value := range map[string]string{
		"DynamicUser": "yes", "ProtectSystem": "strict", "ProtectHome": "yes", "PrivateTmp": "yes", "PrivateDevices": "yes", "PrivateUsers": "yes",
		"ProtectKernelTunables": "yes", "ProtectKernelModules": "yes", "ProtectKernelLogs": "yes", "ProtectControlGroups": "yes", "ProtectClock": "yes",
		"ProtectHostname": "yes", "ProtectProc": "invisible", "ProcSubset": "pid", "NoNewPrivileges": "yes", "CapabilityBoundingSet": "",
		"AmbientCapabilities": "", "RestrictNamespaces": "yes", "RestrictRealtime": "yes", "RestrictSUIDSGID": "yes", "LockPersonality": "yes",
		"RestrictAddressFamilies": "AF_INET AF_INET6 AF_UNIX", "MemoryDenyWriteExecute": "yes", "SystemCallArchitectures": "native",
		"UMask": "0077", "LimitCORE": "0", "MemorySwapMax": "0", "Restart": "always",
	} {
		if !slices.Equal(unit[name], []string{value}) {
			t.Errorf("%s is %q, expected %q", name, unit[name], value)
		}
	}
	if calls := unit["SystemCallFilter"]; !slices.Equal(calls, []string{"@system-service", "~@privileged @resources"}) {
		t.Errorf("the system calls are %q", calls)
	}
	files := 0
	for _, v := range unit["Environment"] {
		name, credential, ok := strings.Cut(v, "=%d/")
		if !ok {
			continue
		}
		files++
		if !strings.HasSuffix(name, "_FILE") || !slices.Contains(unit["LoadCredential"], credential+":/etc/motkraft/"+credential) {
			t.Errorf("%s names a secret that is not loaded", name)
		}
	}
	if files == 0 || files != len(unit["LoadCredential"]) {
		t.Errorf("%d secrets are loaded, and %d are read", len(unit["LoadCredential"]), files)
	}
}

// Systemd understands every line of the unit, and what it thinks is left open is little (of 100: 0 is nothing).
func TestUnitVerified(t *testing.T) {
	const mostOpen = "15"
	analyze := need(t, "systemd-analyze", "install Debian's package systemd")
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	verify := func(text string) ([]byte, error) {
		path := filepath.Join(t.TempDir(), "motkraft.service")
		if err := os.WriteFile(path, []byte(strings.ReplaceAll(text, "/usr/local/bin/motkraft", self)), 0o600); err != nil {
			t.Fatal(err)
		}
		out, err := exec.Command(analyze, "verify", path).CombinedOutput()
		if err != nil || len(out) > 0 {
			return out, errors.New("systemd does not understand a line")
		}
		return exec.Command(analyze, "security", "--offline=true", "--threshold="+mostOpen, path).CombinedOutput()
	}
	text := string(readFile(t, unitFile))
	if out, err := verify(text); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
	for from, to := range map[string]string{"ProtectSystem=strict": "ProtectSystems=strict", "[Service]": "[Servise]", "DynamicUser=yes": "", "SystemCallFilter=@system-service": ""} {
		if _, err := verify(strings.Replace(text, from, to, 1)); err == nil {
			t.Errorf("systemd likes the unit with %q in the place of %q", to, from)
		}
	}
}
