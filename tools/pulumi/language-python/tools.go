//go:build tools

// Package languagepython pins the modules of Pulumi's Python language host.
package languagepython

import _ "github.com/pulumi/pulumi/sdk/v3/python/cmd/pulumi-language-python"
