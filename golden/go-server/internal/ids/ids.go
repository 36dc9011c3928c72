// Package ids makes identifiers.
package ids

import "github.com/google/uuid"

// Next returns an identifier that was not handed out before.
func Next() string {
	return uuid.NewString()
}
