// Package runner holds the interfaces of functions that the runner offers to steps.
package runner

import (
	"context"
	"io"
	"time"

	"google.golang.org/protobuf/types/known/structpb"

	"gitlab.com/gitlab-org/step-runner/proto"
)

type (
	Kind          int
	BuiltinResult struct{}

	BuiltinFunction interface {
		Spec() *proto.Spec
		Run(context.Context, BuiltinContext) (BuiltinResult, error)
	}
	BuiltinContext interface {
		GetEnvList() []string
		GetEnvs() map[string]string
		GetInput(string, Kind) (*structpb.Value, error)
		GetInputWithDefault(string, Kind, map[string]*proto.Spec_Content_Input) (*structpb.Value, error)
		GetJobVars() map[string]*structpb.Value
		GracefulExitDelay() time.Duration
		ListenCancel(context.Context) (context.Context, context.CancelFunc)
		Pipe() (stdout, stderr io.Writer)
		WorkDir() string
	}
)

const (
	KindBool Kind = iota
	KindList
	KindString
)
