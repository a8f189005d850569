import type * as pulumi from "@pulumi/pulumi";

/** The proxy between the replicas, their jobs and other servers. */
export interface ProxyArgs {
  /**
   * Proxy for addresses that start with `http://`, as `http://HOST:PORT`, or with `https://` in
   * front if clients reach the proxy itself with TLS. The default port is 80, or 443 with
   * `https://`. It may have a user and a password, percent-encoded: the URL is then in a swarm
   * secret, and a secret in the state. An output always counts as secret. By default, no proxy.
   * Rejected: a URL without a scheme, with a path, a query or a fragment, and a loopback address.
   * @example "http://proxy.example.com:3128"
   */
  readonly http?: pulumi.Input<string> | undefined;
  /**
   * Proxy for addresses that start with `https://`, with the same rules as `http`. It is often the
   * same proxy, whose URL starts with `http://`. By default, no proxy.
   * @example "http://proxy.example.com:3129"
   */
  readonly https?: pulumi.Input<string> | undefined;
  /**
   * Addresses that are reached without the proxy, as a list or a string with commas: `HOST`, which
   * includes its subdomains; `.DOMAIN` for the subdomains alone; an IP address; a network such as
   * `10.0.0.0/8`; or `*` for all. All but networks and `*` may end with `:PORT`. By default, only
   * loopback addresses, and the engine at `docker.host`. Rejected: schemes, paths and spaces.
   * @example [".example.com", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"]
   */
  readonly noProxy?: string | readonly string[] | undefined;
  /**
   * Whether jobs and their helper containers get the proxy in their variables, which contain its
   * user and password. A variable in `environment` or `secretEnvironment` takes precedence. If
   * `false`, jobs also clone their repository and upload their artifacts directly. By default
   * `true`.
   * @example false
   */
  readonly jobs?: boolean | undefined;
}
