//go:build tools

// Package languagenodejs pins the modules of Pulumi's language host for TypeScript and JavaScript.
package languagenodejs

import _ "github.com/pulumi/pulumi/sdk/v3/nodejs/cmd/pulumi-language-nodejs"
