// Command runner-keys prints every key of gitlab-runner's config.toml with its
// Go type, as a JSON object. It belongs to the module in ../runner, which pins
// gitlab-runner. It is outside that module's folder, because a change there
// rebuilds gitlab-runner.
package main

import (
	"encoding"
	"encoding/json"
	"os"
	"reflect"
	"slices"
	"strings"

	"github.com/BurntSushi/toml"
	"github.com/sirupsen/logrus"

	"gitlab.com/gitlab-org/gitlab-runner/common"
)

var (
	fromText = reflect.TypeFor[encoding.TextUnmarshaler]()
	fromTOML = reflect.TypeFor[toml.Unmarshaler]()
)

func main() {
	keys := map[string]string{}
	collect(reflect.TypeFor[common.Config](), "", nil, keys)
	// encoding/json sorts the keys of a map.
	out := json.NewEncoder(os.Stdout)
	out.SetEscapeHTML(false)
	out.SetIndent("", "  ")
	if err := out.Encode(keys); err != nil {
		logrus.Fatal(err)
	}
}

// collect adds the keys of a struct. It receives the enclosing structs and
// stops at a struct that contains itself.
func collect(table reflect.Type, prefix string, around []reflect.Type, keys map[string]string) {
	around = append(around, table)
	for i := range table.NumField() {
		field := table.Field(i)
		inner := tableIn(field.Type)
		name, isEmbedded := keyOf(field)
		path := strings.TrimPrefix(prefix+"."+name, ".")
		switch {
		case isEmbedded && inner != nil:
			collect(inner, prefix, around, keys)
		case name == "":
			continue
		case inner == nil || slices.Contains(around, inner):
			keys[path] = typeName(field.Type)
		default:
			collect(inner, path, around, keys)
		}
	}
}

// keyOf returns a field's key in TOML, or none if TOML ignores the field. The
// fields of an embedded struct belong to the enclosing struct.
func keyOf(field reflect.StructField) (name string, isEmbedded bool) {
	tag, isTagged := field.Tag.Lookup("toml")
	name, _, _ = strings.Cut(tag, ",")
	switch {
	case name == "-" || (!field.IsExported() && !field.Anonymous):
		return "", false
	case field.Anonymous && name == "":
		return "", true
	case !isTagged || name == "":
		return field.Name, false
	}
	return name, false
}

// tableIn returns the struct that TOML writes as a table, also inside a list or
// a map. It returns nil for a type that TOML writes as a single value.
func tableIn(of reflect.Type) reflect.Type {
	for {
		if reflect.PointerTo(of).Implements(fromText) {
			return nil
		}
		switch of.Kind() {
		case reflect.Struct:
			return of
		case reflect.Pointer, reflect.Slice, reflect.Map:
			of = of.Elem()
		default:
			return nil
		}
	}
}

// typeName returns the underlying type, because gitlab-runner's own names for
// strings do not help. A type that parses TOML itself keeps its name.
func typeName(of reflect.Type) string {
	switch {
	case of.Kind() == reflect.Pointer:
		return "*" + typeName(of.Elem())
	case of.PkgPath() == "time" || reflect.PointerTo(of).Implements(fromTOML):
		return of.String()
	case of.Kind() == reflect.Slice:
		return "[]" + typeName(of.Elem())
	case of.Kind() == reflect.Map:
		return "map[" + typeName(of.Key()) + "]" + typeName(of.Elem())
	case of.Kind() == reflect.Interface || of.Kind() == reflect.Struct:
		return of.String()
	}
	return of.Kind().String()
}
