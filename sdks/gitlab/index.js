"use strict";
const pulumi = require("@pulumi/pulumi");
const { Provider } = require("./provider");
const { UserRunner } = require("./userRunner");
const { version } = require("./package.json");

pulumi.runtime.registerResourceModule("gitlab", "index/userRunner", {
  version,
  construct: (name, type, urn) => {
    if (type !== UserRunner.__pulumiType) throw new Error(`unknown resource type ${type}`);
    return new UserRunner(name, undefined, { urn });
  },
});
pulumi.runtime.registerResourcePackage("gitlab", {
  version,
  constructProvider: (name, type, urn) => {
    if (type !== "pulumi:providers:gitlab") throw new Error(`unknown provider type ${type}`);
    return new Provider(name, undefined, { urn });
  },
});

module.exports = { Provider, UserRunner };
