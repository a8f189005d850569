// Package ast holds the parsed form of a template: in this build always plain text.
package ast

type (
	Expr interface {
		Walk(Visitor) (Expr, error)
	}
	Visitor interface {
		Enter(Expr) (Visitor, error)
		Exit(Expr) (Expr, error)
	}

	// Text is text without a template, Template one with.
	Text     struct{}
	Template struct{ Text }
)

func (t Text) Walk(v Visitor) (Expr, error) {
	v, err := v.Enter(t)
	if err != nil {
		return nil, err
	}
	return v.Exit(t)
}
