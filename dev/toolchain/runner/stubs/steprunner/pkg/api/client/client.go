// Package client holds the requests and states of a client of the step-runner.
package client

import (
	"strconv"
	"time"
)

type (
	State     int
	ErrorKind int

	Status struct {
		State     State
		ErrorKind ErrorKind
		Message   string
	}
	Variable struct {
		Key, Value   string
		File, Masked bool
	}
	RunRequest struct {
		Id, WorkDir, BuildDir, Steps string

		Timeout   *time.Duration
		Env       map[string]string
		Variables []Variable
	}
)

const (
	StateUnspecified State = iota
	StateSuccess
	StateCancelled
)

const (
	ErrorUnknown ErrorKind = iota + 1
	ErrorInternal
	ErrorStepFailure
	ErrorCancelled
	ErrorTimeout
)

func (s State) String() string { return "state " + strconv.Itoa(int(s)) }
