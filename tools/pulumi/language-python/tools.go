//go:build tools

// Package languagepython pins what Pulumi's Python language host is built from.
package languagepython

import _ "github.com/pulumi/pulumi/sdk/v3/python/cmd/pulumi-language-python"
