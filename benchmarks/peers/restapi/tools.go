//go:build tools

// Package restapi pins what the generic provider for REST APIs is built from.
package restapi

import _ "github.com/Mastercard/terraform-provider-restapi"
