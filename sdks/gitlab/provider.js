"use strict";
const pulumi = require("@pulumi/pulumi");
const { version } = require("./package.json");

class Provider extends pulumi.ProviderResource {
  /** @internal */
  static __pulumiType = "gitlab";

  static isInstance(obj) {
    return obj?.__pulumiType === `pulumi:providers:${Provider.__pulumiType}`;
  }

  constructor(name, args, opts) {
    // Provider arguments are strings. Other values are passed as JSON.
    const json = (value) => pulumi.output(value).apply(JSON.stringify);
    const inputs = {
      baseUrl: args?.baseUrl,
      cacertFile: args?.cacertFile,
      clientCert: args?.clientCert,
      clientKey: args?.clientKey,
      earlyAuthCheck: json(args?.earlyAuthCheck),
      insecure: json(args?.insecure),
      retries: json(args?.retries),
      token: args?.token === undefined ? undefined : pulumi.secret(args.token),
    };
    const defaults = { version, additionalSecretOutputs: ["token"] };
    super(Provider.__pulumiType, name, inputs, pulumi.mergeOptions(defaults, opts));
  }
}

module.exports = { Provider };
