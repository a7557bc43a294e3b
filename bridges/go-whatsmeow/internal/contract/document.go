// Package contract is what every bridge speaks, generated from bridges/contract:
// the types of the operations, the interface that the bridge implements, the
// failures, the settings and the names in the data folder.
package contract

import _ "embed"

// OpenAPI is the contract as an OpenAPI 3.0 document; requests are validated
// against its schemas, so that limits and patterns have one home.
//
//go:embed openapi.json
var OpenAPI []byte
