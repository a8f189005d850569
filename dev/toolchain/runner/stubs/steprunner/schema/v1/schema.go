// Package schema holds the text form of steps, as the runner writes it for a step-runner.
package schema

type (
	StepInputs map[string]any

	Step struct {
		Name   *string    `json:"name,omitempty" yaml:"name,omitempty"`
		Step   any        `json:"step,omitempty" yaml:"step,omitempty"`
		Script *string    `json:"script,omitempty" yaml:"script,omitempty"`
		Inputs StepInputs `json:"inputs,omitempty" yaml:"inputs,omitempty"`
		Run    []Step     `json:"run,omitempty" yaml:"run,omitempty"`
	}
)
