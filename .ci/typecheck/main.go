// Typecheck checks that every package of the module, tests included, compiles for other systems: it type-checks them from source, which takes
// seconds, where compiling all that they are made of takes over a minute a system.
//
//	go run ./.ci/typecheck windows darwin
package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/tools/go/packages"
)

func main() {
	failed := false
	for _, system := range os.Args[1:] {
		problems, err := check(system)
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		for _, p := range problems {
			failed = true
			fmt.Printf("%s: %s\n", system, p)
		}
	}
	if failed || len(os.Args) == 1 {
		os.Exit(1)
	}
}

// check gives what is wrong for a system.
func check(system string) ([]string, error) {
	here, err := os.Getwd()
	if err != nil {
		return nil, err
	}
	loaded, err := packages.Load(&packages.Config{
		Mode:  packages.NeedName | packages.NeedFiles | packages.NeedCompiledGoFiles | packages.NeedImports | packages.NeedDeps | packages.NeedTypes | packages.NeedSyntax | packages.NeedTypesInfo,
		Tests: true,
		Env:   append(os.Environ(), "GOOS="+system, "CGO_ENABLED=0"),
		ParseFile: func(fset *token.FileSet, name string, src []byte) (*ast.File, error) {
			file, err := parser.ParseFile(fset, name, src, parser.SkipObjectResolution)
			if file != nil && !strings.HasPrefix(name, here+string(filepath.Separator)) {
				bodiless(file)
			}
			return file, err
		},
	}, "./...")
	if err != nil {
		return nil, err
	}
	if len(loaded) == 0 {
		return nil, fmt.Errorf("no packages for %s", system)
	}
	seen := map[string]bool{}
	var out []string
	for _, p := range loaded { // the module's own: what others do is theirs
		if strings.HasSuffix(p.PkgPath, ".test") {
			continue // the main of the tests, which is made and not written
		}
		for _, e := range p.Errors {
			if !seen[e.Error()] {
				seen[e.Error()] = true
				out = append(out, e.Error())
			}
		}
	}
	return out, nil
}

// bodiless drops what functions do: of what is imported only its types matter.
func bodiless(file *ast.File) {
	for _, d := range file.Decls {
		if f, ok := d.(*ast.FuncDecl); ok {
			f.Body = nil
		}
	}
}
