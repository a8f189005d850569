import type * as pulumi from "@pulumi/pulumi";
import type { RunnerScope, RunnerScopeText } from "../../../contract/settings/types/runner-scope";
import type { TokenKind } from "../../../contract/token";

/** How to reach GitLab, and how the pool authenticates. */
export interface GitlabArgs {
  /**
   * Base URL of GitLab, which the replicas must be able to reach. Starts with `http://` or
   * `https://` and includes the relative URL root, if GitLab has one. Rejected: a user, a query, a
   * fragment, `$`, a loopback address, and the URL of GitLab's API or of a page of GitLab.
   * @example "https://gitlab.example.com"
   */
  readonly gitlabUrl: pulumi.Input<string>;
  /**
   * Runner authentication token (`glrt-…`), which all replicas share, or legacy registration token,
   * with which each replica registers its own runner. Stored in a swarm secret, and as a secret in
   * the state. Mutually exclusive with `runnerScope`. Rejected: fewer than 8 characters,
   * whitespace, quotes, `$`, and GitLab tokens of other kinds.
   * @example config.requireSecret("token")
   */
  readonly token?: pulumi.Input<string> | undefined;
  /**
   * Kind of `token`. Required if the prefix of the token does not show its kind, or if the token is
   * an output.
   * @example "authentication"
   */
  readonly tokenKind?: TokenKind | undefined;
  /**
   * Where the pool creates its runner in GitLab: for the whole instance, or for the group or
   * project with this ID. The access token comes from the component's GitLab provider, or from
   * GITLAB_TOKEN in the environment. Mutually exclusive with `token` and `tokenKind`.
   * @example "group:42"
   */
  readonly runnerScope?: RunnerScopeText | RunnerScope | undefined;
  /**
   * CA that issued the certificate of GitLab: one or more certificates in PEM, or `@PATH` for a
   * file with them, at most 64 KiB. The public CAs stay trusted. Stored in a swarm config, which
   * the replicas read as a file. By default, only public CAs are trusted. Rejected: a `gitlabUrl`
   * with http, a private key, and certificates that have all expired.
   * @example "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----"
   */
  readonly caCertificate?: pulumi.Input<string> | undefined;
  /**
   * Certificate with which GitLab, or the proxy in front of it, accepts the replicas: PEM, or
   * `@PATH` for a file with it, at most 16 KiB. Further certificates lead to its CA. Jobs get it,
   * too. Stored in a swarm config. Rejected: a `gitlabUrl` with http, a certificate that has
   * expired, or that does not belong to `clientKey`.
   * @example "-----BEGIN CERTIFICATE-----\nMIIC\n-----END CERTIFICATE-----"
   */
  readonly clientCertificate?: pulumi.Input<string> | undefined;
  /**
   * Private key of `clientCertificate`: PEM, or `@PATH` for a file with it, at most 16 KiB, without
   * a passphrase. gitlab-runner passes it to every job. Stored in a swarm secret, and as a secret
   * in the state.
   * @example config.requireSecret("gitlabClientKey")
   */
  readonly clientKey?: pulumi.Input<string> | undefined;
}
