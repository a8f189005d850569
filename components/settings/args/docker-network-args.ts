/** How jobs and services reach the network. */
export interface DockerNetworkArgs {
  /**
   * Network of job containers: `bridge`, `host`, `none` or the name of a network. `container:NAME`
   * is rejected, because the container is only on one node. Mutually exclusive with the feature
   * flag FF_NETWORK_PER_BUILD. By default, Docker's default network.
   * @example "host"
   */
  readonly networkMode?: string | undefined;
  /**
   * MTU of the network that each job gets, 576 to 9000. Requires the feature flag
   * FF_NETWORK_PER_BUILD. By default, Docker's 1500.
   * @example 1400
   */
  readonly networkMtu?: number | undefined;
  /**
   * Enables IPv6 in the network that each job gets. Requires the feature flag
   * FF_NETWORK_PER_BUILD, and an engine that has IPv6 address pools. By default, IPv4 only.
   * @example true
   */
  readonly enableIpv6?: boolean | undefined;
  /**
   * IP addresses of the DNS servers that jobs and services use. By default, those of the node.
   * @example ["10.0.0.53"]
   */
  readonly dns?: string | readonly string[] | undefined;
  /**
   * Domains in which jobs and services look up names without a dot, or `.` for none. By default,
   * those of the node.
   * @example ["example.com"]
   */
  readonly dnsSearch?: string | readonly string[] | undefined;
  /**
   * Entries of /etc/hosts for jobs and services, each `NAME:IP`, or `NAME:host-gateway` for the
   * node's address.
   * @example ["db.example.com:10.0.0.7"]
   */
  readonly extraHosts?: string | readonly string[] | undefined;
}
