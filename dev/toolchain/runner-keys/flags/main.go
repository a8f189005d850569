// Command flags prints every feature flag of gitlab-runner with its default, as
// a JSON object. It belongs to the module in ../../runner, like ../main.go.
package main

import (
	"encoding/json"
	"os"

	"github.com/sirupsen/logrus"

	"gitlab.com/gitlab-org/gitlab-runner/helpers/featureflags"
)

// testFlag exists only for gitlab-runner's own tests.
const testFlag = "FF_TEST_FEATURE"

func main() {
	defaults := map[string]bool{}
	for _, flag := range featureflags.GetAll() {
		if flag.Name != testFlag {
			defaults[flag.Name] = flag.DefaultValue
		}
	}
	// encoding/json sorts the keys of a map.
	out := json.NewEncoder(os.Stdout)
	out.SetIndent("", "  ")
	if err := out.Encode(defaults); err != nil {
		logrus.Fatal(err)
	}
}
