//go:build unix

package main

import (
	"os"

	"golang.org/x/sys/unix"
)

// ownStderr gives standard error under another number, and leaves under its own number nothing that keeps what is written. Go's runtime writes
// there what it says of a fatal error and of SIGQUIT: each goroutine with its arguments, and among those are the ids of chats that are
// being answered. No setting takes the arguments out (GOTRACEBACK=none does not, of a fatal error), so nobody is to read it. What the
// program says itself goes through the file that is given here. Nor may the system write the memory to a core file.
//
// Whoever looks for a fault of the runtime, where nobody talks with the program, sets GOTRACEBACK to anything: then all stays as it was.
func ownStderr() *os.File {
	_ = unix.Setrlimit(unix.RLIMIT_CORE, &unix.Rlimit{}) // it can only be lowered
	if os.Getenv("GOTRACEBACK") != "" {
		return os.Stderr
	}
	own, err := unix.FcntlInt(os.Stderr.Fd(), unix.F_DUPFD_CLOEXEC, 3)
	if err != nil {
		return os.Stderr // it is closed: nobody reads it
	}
	null, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
	if err != nil || unix.Dup2(int(null.Fd()), int(os.Stderr.Fd())) != nil {
		_ = unix.Close(int(os.Stderr.Fd())) // then rather nothing
	}
	return os.NewFile(uintptr(own), os.Stderr.Name())
}
