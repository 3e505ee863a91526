//go:build tools

// Package cli pins the modules of the Pulumi command line.
package cli

import _ "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"
