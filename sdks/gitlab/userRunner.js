"use strict";
const pulumi = require("@pulumi/pulumi");
const { version } = require("./package.json");

const INPUTS = [
  "accessLevel",
  "description",
  "groupId",
  "locked",
  "maintenanceNote",
  "maximumTimeout",
  "paused",
  "projectId",
  "runnerType",
  "tagLists",
  "untagged",
];

const pick = (names, source) => Object.fromEntries(names.map((name) => [name, source?.[name]]));

class UserRunner extends pulumi.CustomResource {
  /** @internal */
  static __pulumiType = "gitlab:index/userRunner:UserRunner";

  static get(name, id, state, opts) {
    return new UserRunner(name, state, { ...opts, id });
  }

  static isInstance(obj) {
    return obj?.__pulumiType === UserRunner.__pulumiType;
  }

  constructor(name, argsOrState, opts = {}) {
    if (!opts.id && !opts.urn && argsOrState?.runnerType === undefined) {
      throw new Error("Missing required property 'runnerType'");
    }
    const inputs = opts.id
      ? pick([...INPUTS, "token"], argsOrState)
      : { ...pick(INPUTS, argsOrState), token: undefined };
    const defaults = { version, additionalSecretOutputs: ["token"] };
    super(UserRunner.__pulumiType, name, inputs, pulumi.mergeOptions(defaults, opts));
  }
}

module.exports = { UserRunner };
