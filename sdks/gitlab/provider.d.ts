import * as pulumi from "@pulumi/pulumi";

/**
 * How the gitlab plugin reaches GitLab. Defaults come from the environment, the token's from
 * GITLAB_TOKEN.
 */
export declare class Provider extends pulumi.ProviderResource {
  static isInstance(obj: unknown): obj is Provider;
  readonly baseUrl: pulumi.Output<string | undefined>;
  readonly cacertFile: pulumi.Output<string | undefined>;
  readonly clientCert: pulumi.Output<string | undefined>;
  readonly clientKey: pulumi.Output<string | undefined>;
  readonly token: pulumi.Output<string | undefined>;
  constructor(name: string, args?: ProviderArgs, opts?: pulumi.ResourceOptions);
}

export interface ProviderArgs {
  /** URL of GitLab's API with a trailing slash: `https://gitlab.example.com/api/v4/`. */
  baseUrl?: pulumi.Input<string>;
  /** File with the certificate authority of GitLab's certificate. */
  cacertFile?: pulumi.Input<string>;
  /** File with a client certificate, in PEM. */
  clientCert?: pulumi.Input<string>;
  /** File with the key of that certificate, in PEM. */
  clientKey?: pulumi.Input<string>;
  /** Check the token when the provider starts. */
  earlyAuthCheck?: pulumi.Input<boolean>;
  /** Accept any certificate. */
  insecure?: pulumi.Input<boolean>;
  /** How often to retry a request that GitLab answers with 429. */
  retries?: pulumi.Input<number>;
  /** Access token. */
  token?: pulumi.Input<string>;
}
