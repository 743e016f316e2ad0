package adaptertest_test

import (
	"testing"

	"motkraft/bot/adaptertest"
)

// TestExample plays the suite on the package's example, so that it is true. It has a file of its own: the documentation shows a file whole that
// holds an example and no test.
func TestExample(t *testing.T) { adaptertest.Run(t, newStage) }
