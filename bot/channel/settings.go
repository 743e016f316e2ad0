package channel

import (
	"errors"
	"fmt"
	"net/url"
)

// Setting is one thing that a channel is configured with. It is read from the environment, under the program's prefix; one that is no secret has
// a flag too, and a secret can also be given as a file.
type Setting struct {
	Name    string // of the variable, without the program's prefix: "TELEGRAM_TOKEN"
	Help    string // what it is, in a sentence without a full stop
	Example string // what stands in its place in --help: "URL"; it has none where it is a secret
	Default string // empty: none

	// Secret keeps the value from the command line, which every process of a machine can read.
	Secret bool
	// Switch is true where the channel is on once this is given.
	Switch bool
	// Needs are the settings that must be given with this one.
	Needs []string

	// Check says what is wrong with a value, and the cure, without the value: "is no token: copy it from BotFather". It is asked
	// only where there is a value, and told the others, which may be wrong themselves. nil: anything will do.
	Check func(value string, all Values) error
}

// Values are a channel's settings by name; empty where one is neither given nor has a default.
type Values map[string]string

// Address is a Check for the base address of a server, over http or https.
func Address(example string) func(string, Values) error {
	return func(value string, _ Values) error {
		if u, err := url.Parse(value); err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
			return fmt.Errorf("is no address: give one such as %s", example)
		}
		return nil
	}
}

// Secure is a Check for an https address.
func Secure(cure string) func(string, Values) error {
	return func(value string, _ Values) error {
		if u, err := url.Parse(value); err != nil || u.Host == "" || u.Scheme != "https" {
			return errors.New("is no https address: " + cure)
		}
		return nil
	}
}
