/** On which nodes the replicas run. */
export interface PlacementArgs {
  /**
   * Conditions that a node must meet, each `KEY==VALUE` or `KEY!=VALUE`. Swarm compares values
   * without their case. Keys: `node.id`, `node.hostname`, `node.role` (manager or worker),
   * `node.ip` (an address or a network), `node.platform.os`, `node.platform.arch` (as nodes report
   * it, such as x86_64), `node.labels.NAME` and `engine.labels.NAME`. Rejected: other keys, values
   * that Swarm does not accept, and constraints that no node can meet together. A change replaces
   * all replicas. By default, every active node qualifies.
   * @example ["node.role==worker", "node.labels.disk!=slow"]
   */
  readonly constraints?: string | readonly string[] | undefined;
  /**
   * Labels over whose values Swarm spreads the replicas evenly, each `node.labels.NAME` or
   * `engine.labels.NAME`. Nodes without the label count as one more value. A change replaces all
   * replicas. By default, Swarm spreads over nodes only.
   * @example ["node.labels.zone"]
   */
  readonly spread?: string | readonly string[] | undefined;
  /**
   * Maximum number of replicas per node, 1 to 1000. A change replaces all replicas. By default, no
   * limit.
   * @example 2
   */
  readonly maxPerNode?: number | undefined;
  /**
   * Platforms of the nodes on which the image can run, each `OS/ARCH`. `x86_64` is the same as
   * `amd64`, and `aarch64` the same as `arm64`. Rejected: platforms other than Linux, and
   * architectures that no node reports. A change replaces all replicas. By default, any platform.
   * @example ["linux/amd64"]
   */
  readonly platforms?: string | readonly string[] | undefined;
}
