//go:build tools

// Package languageyaml pins the modules of Pulumi's YAML language host.
package languageyaml

import _ "github.com/pulumi/pulumi-yaml/cmd/pulumi-language-yaml"
