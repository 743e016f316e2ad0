//go:build unix

package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

// BenchmarkStart builds the program as it is released and says how large it is. It starts it ten times and says how long it takes until it is ready
// (the median), how much processor time it has used when all is packed that it packs behind, and how much memory is resident after forty requests.
func BenchmarkStart(b *testing.B) {
	const starts, requests = 10, 40
	path := filepath.Join(b.TempDir(), "motkraft")
	build := exec.Command("go", "build", "-trimpath", "-ldflags=-s -w", "-o", path, ".") // as .ci/build does
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if said, err := build.CombinedOutput(); err != nil {
		b.Fatalf("%v: %s", err, said)
	}
	built, err := os.Stat(path)
	if err != nil {
		b.Fatal(err)
	}
	median := func(of []float64) float64 {
		slices.Sort(of)
		return of[len(of)/2]
	}
	for b.Loop() {
		var ready, resident, used []float64
		for range starts {
			began := time.Now()
			p := startPlain(b, path)
			ready = append(ready, time.Since(began).Seconds()*1000)
			p.rests(b)
			for i := range requests {
				p.get(b, []string{"/", "/motkraft.js", "/screens.sv.json", "/screens.en.json"}[i%4])
			}
			resident = append(resident, p.resident(b))
			p.cmd.Process.Signal(os.Interrupt)
			p.cmd.Wait()
			used = append(used, (p.cmd.ProcessState.UserTime()+p.cmd.ProcessState.SystemTime()).Seconds()*1000)
		}
		b.ReportMetric(float64(built.Size())/1e6, "size-MB")
		b.ReportMetric(median(ready), "ready-ms")
		b.ReportMetric(median(used), "cpu-ms")
		b.ReportMetric(median(resident), "resident-MB")
	}
}

// plain is a program that serves with nothing set.
type plain struct {
	cmd *exec.Cmd
	web string
}

// startPlain starts one and waits until it says that it is ready.
func startPlain(b *testing.B, path string) *plain {
	b.Helper()
	p := &plain{cmd: exec.Command(path, "serve")}
	p.cmd.Env = []string{"MOTKRAFT_ADDR=127.0.0.1:0", "MOTKRAFT_ADMIN_ADDR=127.0.0.1:0"}
	p.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	log, err := p.cmd.StderrPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := p.cmd.Start(); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { p.cmd.Process.Kill() })
	for lines := json.NewDecoder(log); ; {
		var said struct{ Msg, Web string }
		if err := lines.Decode(&said); err != nil {
			b.Fatalf("it ended before it was ready: %v", err)
		}
		if said.Msg == "ready" {
			p.web = said.Web
			go io.Copy(io.Discard, log)
			return p
		}
	}
}

// rests waits until it has done what it does behind: on a busy machine it is often not its turn.
func (p *plain) rests(b *testing.B) {
	b.Helper()
	const look, looks = 200 * time.Millisecond, 5
	for before, same := -1, 0; same < looks; {
		time.Sleep(look)
		now := p.ticks(b)
		if same++; now != before {
			before, same = now, 0
		}
	}
}

// ticks is the processor time that it has used, in the system's measure.
func (p *plain) ticks(b *testing.B) int {
	b.Helper()
	data, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", p.cmd.Process.Pid))
	if err != nil {
		lacks(b, "system", "it does not tell what a process has used: "+err.Error())
	}
	fields := strings.Fields(string(data[strings.LastIndexByte(string(data), ')')+1:]))
	var user, system int
	fmt.Sscan(fields[11], &user) // proc_pid_stat(5): utime is the 14th field, stime the 15th
	fmt.Sscan(fields[12], &system)
	return user + system
}

// resident is how much of its memory is in use, in MB.
func (p *plain) resident(b *testing.B) float64 {
	b.Helper()
	data, err := os.ReadFile(fmt.Sprintf("/proc/%d/statm", p.cmd.Process.Pid))
	if err != nil {
		b.Fatal(err)
	}
	var size, pages int
	fmt.Sscan(string(data), &size, &pages)
	return float64(pages*os.Getpagesize()) / (1 << 20)
}

func (p *plain) get(b *testing.B, path string) {
	b.Helper()
	answer, err := http.Get(p.web + path)
	if err != nil {
		b.Fatal(err)
	}
	defer answer.Body.Close()
	if _, err := io.Copy(io.Discard, answer.Body); err != nil || answer.StatusCode != http.StatusOK {
		b.Fatalf("%s: %v, %s", path, err, answer.Status)
	}
}
