package adaptertest

import (
	"flag"
	"os"
	"testing"
)

// TestMain runs more tests at a time than there are processors: they wait, and hardly compute.
func TestMain(m *testing.M) {
	flag.Parse()
	if err := flag.Set("test.parallel", "8"); err != nil {
		panic(err) // the flag is the testing package's own
	}
	os.Exit(m.Run())
}
