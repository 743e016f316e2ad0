//go:build !unix

package main

// benched are no servers: what they have used cannot be told here.
var benched map[string]func()
