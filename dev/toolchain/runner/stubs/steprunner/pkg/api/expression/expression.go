// Package expression evaluates job inputs: in this build always plain text.
package expression

import (
	"gitlab.com/gitlab-org/moa/ast"
	"gitlab.com/gitlab-org/moa/value"
)

// Sensitive marks the value of a masked input.
const Sensitive uint16 = 1

type (
	Input struct {
		Key   string
		Value value.Value
	}
	Evaluator struct{}
)

func NewEvaluator(value.Value) (*Evaluator, error) { return &Evaluator{}, nil }

// Eval gets only text without a template: moa.ParseTemplate refuses the rest.
func (*Evaluator) Eval(text string, _ ast.Expr) (value.Value, error) {
	return value.String(text), nil
}
