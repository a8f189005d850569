import * as pulumi from "@pulumi/pulumi";

/** How the gitlab plugin reaches GitLab; what is not set comes from the environment, the token from GITLAB_TOKEN. */
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
  /** GitLab's API, with a slash at the end: `https://gitlab.example.com/api/v4/`. */
  baseUrl?: pulumi.Input<string>;
  /** File with the certificate authority of GitLab's certificate. */
  cacertFile?: pulumi.Input<string>;
  /** File with a client certificate, in PEM. */
  clientCert?: pulumi.Input<string>;
  /** File with the key of that certificate, in PEM. */
  clientKey?: pulumi.Input<string>;
  /** Ask GitLab at once whether the token is good. */
  earlyAuthCheck?: pulumi.Input<boolean>;
  /** Take any certificate. */
  insecure?: pulumi.Input<boolean>;
  /** How often a call is repeated that GitLab answers with 429. */
  retries?: pulumi.Input<number>;
  /** Access token. */
  token?: pulumi.Input<string>;
}
