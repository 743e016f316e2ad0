package main

import (
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"

	"motkraft/bot"
	"motkraft/bot/fault"
	"motkraft/bot/problem"
	"motkraft/flows"
	"motkraft/locales"
)

// address checks a TCP address to listen on.
func (s *settings) address(name, otherwise string) string {
	addr := s.value(name)
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
	given := s.value("KEY")
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
	campaign, _ := flows.LoadCampaign(flowFiles) // what is wrong with it is among the problems of Load
	var c content
	var inFlows, inWords problem.List
	load := []func(){
		func() { c.set, inFlows = flows.Load(flowFiles) },
		func() { c.catalog, inWords = locales.Load(words, campaign.Language) },
	}
	fault.Each(len(load), func(i int) { load[i]() })
	return c, append(inFlows, inWords...).Err()
}
