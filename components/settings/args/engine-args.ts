import type * as pulumi from "@pulumi/pulumi";

/** The Docker engine that runs the jobs. */
export interface EngineArgs {
  /**
   * Engine that runs the jobs: `unix:///PATH`, a socket that every node has and that is mounted into
   * the replicas, such as Podman's or that of a rootless Docker; or `tcp://HOST:PORT`, an engine
   * with TLS, which needs `hostCa`, `hostCert` and `hostKey`. With `tcp://`, no socket is mounted,
   * and the containers, caches and volumes of jobs are on that engine. By default, the socket of
   * the node's Docker engine, `/var/run/docker.sock`. Rejected: an engine on TCP without TLS,
   * because everybody who reaches its port is root on its machine; other schemes; a loopback
   * address; a path with a colon or of more than 107 characters.
   * @example "unix:///run/podman/podman.sock"
   */
  readonly host?: string | undefined;
  /**
   * CA that issued the certificate of the engine at `host`: one or more certificates in PEM, or
   * `@PATH` for a file with them, at most 32 KiB. Only for `tcp://`. Rejected: certificates that have
   * all expired.
   * @example "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----"
   */
  readonly hostCa?: pulumi.Input<string> | undefined;
  /**
   * Certificate with which the engine at `host` accepts the replicas: PEM, or `@PATH` for a file
   * with it, at most 16 KiB. Only for `tcp://`. Rejected: a certificate that has expired, or that
   * does not belong to `hostKey`.
   * @example "-----BEGIN CERTIFICATE-----\nMIIC\n-----END CERTIFICATE-----"
   */
  readonly hostCert?: pulumi.Input<string> | undefined;
  /**
   * Private key of `hostCert`: PEM, or `@PATH` for a file with it, at most 16 KiB, without a
   * passphrase. Stored in a swarm secret, and as a secret in the state. Only for `tcp://`.
   * @example config.requireSecret("dockerKey")
   */
  readonly hostKey?: pulumi.Input<string> | undefined;
}
