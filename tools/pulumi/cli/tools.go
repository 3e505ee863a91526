//go:build tools

// Package cli pins what the Pulumi command line is built from.
package cli

import _ "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"
