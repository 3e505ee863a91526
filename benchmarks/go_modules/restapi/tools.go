//go:build tools

// Package restapi pins the modules of the generic provider for REST APIs.
package restapi

import _ "github.com/Mastercard/terraform-provider-restapi"
