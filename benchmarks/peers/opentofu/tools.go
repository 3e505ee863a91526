//go:build tools

// Package opentofu pins what OpenTofu is built from.
package opentofu

import _ "github.com/opentofu/opentofu/cmd/tofu"
