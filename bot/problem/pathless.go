package problem

import (
	"errors"
	"io/fs"
	"os"
)

// Pathless takes the path off a file error. Whoever reads the problem knows the file already, and what a machine's folders are called is nobody's
// matter. Other errors are given as they are, nil too.
func Pathless(err error) error {
	var path *fs.PathError
	var link *os.LinkError
	switch {
	case errors.As(err, &path):
		return path.Err
	case errors.As(err, &link):
		return link.Err
	}
	return err
}
