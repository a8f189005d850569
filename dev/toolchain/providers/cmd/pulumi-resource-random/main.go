// Command pulumi-resource-random is the Terraform Random provider as a Pulumi plugin, put together from published Go modules.
package main

import (
	"context"

	pf "github.com/pulumi/pulumi-terraform-bridge/v3/pkg/pf/tfbridge"
	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfbridge"
	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfbridge/tokens"
	"github.com/terraform-providers/terraform-provider-random/shim"
)

// version is that of the npm package; the build sets it.
var version = "0.0.0"

func main() {
	info := tfbridge.ProviderInfo{
		P:       pf.ShimProvider(shim.NewProvider()),
		Name:    "random",
		Version: version,
		// @pulumi/random keeps the Random prefix in the resource's name.
		Resources: map[string]*tfbridge.ResourceInfo{
			"random_id":  {Tok: "random:index/randomId:RandomId"},
			"random_pet": {Tok: "random:index/randomPet:RandomPet"},
		},
		MetadataInfo: tfbridge.NewProviderMetadata([]byte(`{}`)),
	}
	info.MustComputeTokens(tokens.SingleModule("random_", "index", tokens.MakeStandard("random")))
	pf.Main(context.Background(), "random", info,
		pf.ProviderMetadata{PackageSchema: []byte(`{"name":"random","version":"` + version + `"}`)})
}
