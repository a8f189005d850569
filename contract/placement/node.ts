/** What Swarm knows about a node when it decides whether a replica can run there. */
export interface PlacementNode {
  readonly id: string;
  /** Its host name, or its ID if it has not reported a host name yet. */
  readonly name: string;
  /** `manager` or `worker`. */
  readonly role: string;
  /** Its IP address; empty if it is unknown. */
  readonly address: string;
  /** Such as `linux`; undefined if the node has not reported it. */
  readonly os: string | undefined;
  /** As the node reports it, such as `x86_64`; undefined if it has not. */
  readonly architecture: string | undefined;
  /** The labels of `docker node update --label-add`. */
  readonly labels: Readonly<Record<string, string>>;
  /** The labels of the engine's configuration. */
  readonly engineLabels: Readonly<Record<string, string>>;
}
