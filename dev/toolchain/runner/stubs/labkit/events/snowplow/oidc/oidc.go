// Package oidc stands in for the tokens with which usage is reported.
package oidc

type (
	Option struct{}
	Source struct{}
)

func NewSource(...Option) *Source            { return &Source{} }
func WithSkipIfUnsupportedCloud(bool) Option { return Option{} }
