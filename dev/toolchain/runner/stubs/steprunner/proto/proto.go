// Package proto holds the messages between runner and step-runner that the runner names.
package proto

import (
	"google.golang.org/grpc"
	"google.golang.org/protobuf/types/known/structpb"
)

type (
	ValueType    int
	Spec         struct{ Spec *Spec_Content }
	Spec_Content struct {
		Inputs map[string]*Spec_Content_Input
	}
	Spec_Content_Input struct {
		Type      ValueType
		Default   *structpb.Value
		Sensitive bool
	}
)

const (
	ValueType_array ValueType = iota
	ValueType_boolean
	ValueType_string
)

func (s *Spec) GetSpec() *Spec_Content                            { return s.Spec }
func (c *Spec_Content) GetInputs() map[string]*Spec_Content_Input { return c.Inputs }

func RegisterStepRunnerServer(grpc.ServiceRegistrar, any) {
	panic("the step-runner is not part of this build of gitlab-runner")
}
