// Command translate translates programs into the languages of Pulumi.
//
//	translate REQUEST
//
// REQUEST is a file with a JSON object. Its member `schema` is the package's schema, and its member
// `programs` has the programs by name. Each program is written in PCL, the language between
// Pulumi's converters and its generators. The output is a JSON object with the translated programs
// by name and language.
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"

	"github.com/blang/semver"
	"github.com/hashicorp/hcl/v2"
	gogen "github.com/pulumi/pulumi/pkg/v3/codegen/go"
	"github.com/pulumi/pulumi/pkg/v3/codegen/hcl2/syntax"
	"github.com/pulumi/pulumi/pkg/v3/codegen/nodejs"
	"github.com/pulumi/pulumi/pkg/v3/codegen/pcl"
	"github.com/pulumi/pulumi/pkg/v3/codegen/schema"
)

type request struct {
	Schema   schema.PackageSpec
	Programs map[string]string
}

// loader provides the package of the request. The programs refer to no other package.
type loader struct {
	schema.ReferenceLoader
	spec schema.PackageSpec
}

func (l loader) LoadPackage(string, *semver.Version) (*schema.Package, error) {
	return schema.ImportSpec(l.spec, nil, schema.NewNullLoader(), schema.ValidationOptions{})
}

func (l loader) LoadPackageV2(context.Context, *schema.PackageDescriptor) (*schema.Package, error) {
	return l.LoadPackage("", nil)
}

func (l loader) LoadPackageReference(string, *semver.Version) (schema.PackageReference, error) {
	pkg, err := l.LoadPackage("", nil)
	if err != nil {
		return nil, err
	}
	return pkg.Reference(), nil
}

func (l loader) LoadPackageReferenceV2(
	context.Context, *schema.PackageDescriptor,
) (schema.PackageReference, error) {
	return l.LoadPackageReference("", nil)
}

var languages = map[string]struct {
	file     string
	generate func(*pcl.Program) (map[string][]byte, hcl.Diagnostics, error)
}{
	"go":         {"main.go", gogen.GenerateProgram},
	"typescript": {"index.ts", nodejs.GenerateProgram},
}

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: translate REQUEST")
		os.Exit(2)
	}
	if err := run(os.Args[1], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(1)
	}
}

func run(file string, output io.Writer) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	var wanted request
	if err := json.Unmarshal(text, &wanted); err != nil {
		return err
	}
	translations := map[string]map[string]string{}
	for name, text := range wanted.Programs {
		translations[name] = map[string]string{}
		for language, target := range languages {
			// Each generator changes the program that it gets, so each gets its own.
			program, err := bind(name, text, loader{spec: wanted.Schema})
			if err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
			files, diagnostics, err := target.generate(program)
			if err == nil && diagnostics.HasErrors() {
				err = diagnostics
			}
			if err != nil {
				return fmt.Errorf("%s in %s: %w", name, language, err)
			}
			translations[name][language] = string(files[target.file])
		}
	}
	encoder := json.NewEncoder(output)
	encoder.SetEscapeHTML(false)
	return encoder.Encode(translations)
}

func bind(name, text string, packages schema.ReferenceLoader) (*pcl.Program, error) {
	parser := syntax.NewParser()
	if err := parser.ParseFile(bytes.NewReader([]byte(text)), name+".pp"); err != nil {
		return nil, err
	}
	if parser.Diagnostics.HasErrors() {
		return nil, parser.Diagnostics
	}
	program, diagnostics, err := pcl.BindProgram(parser.Files, packages)
	if err != nil {
		return nil, err
	}
	if diagnostics.HasErrors() {
		return nil, diagnostics
	}
	return program, nil
}
