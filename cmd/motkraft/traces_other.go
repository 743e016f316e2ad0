//go:build !unix

package main

import "os"

// ownStderr gives standard error as it is: what Go's runtime says of a fatal error cannot be kept from it here.
func ownStderr() *os.File { return os.Stderr }
