//go:build tools

// Package opentofu pins the modules of OpenTofu.
package opentofu

import _ "github.com/opentofu/opentofu/cmd/tofu"
