// Package proxy stands in for the bridge between standard streams and the step-runner's socket.
package proxy

import (
	"io"

	"gitlab.com/gitlab-org/step-runner/pkg/api"
)

func Proxy(io.Reader, io.Writer, io.ReadWriter) error { return api.ErrNotBuilt }
