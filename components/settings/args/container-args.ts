import type * as pulumi from "@pulumi/pulumi";
import type { Mount, MountArgs } from "../../../contract/settings/types/mounts";

/** What the containers of the replicas get from their nodes and from the swarm. */
export interface ContainerArgs {
  /**
   * Further mounts of the replicas' containers: a list of `SOURCE:TARGET[:ro]`, or of objects with
   * `type` (`bind`, `volume` or `tmpfs`), `source`, `target`, `readOnly` and, for a tmpfs, `size`.
   * A path on the node must exist on every node with replicas; Docker creates a volume on each
   * node. Jobs of the shell executor see the mounts; for jobs of the docker executor, use
   * `docker.volumes`. A change replaces all replicas, new ones first. Rejected: targets that hide
   * files of the replica or of Docker.
   * @example ["/srv/licenses:/licenses:ro", { type: "tmpfs", target: "/scratch", size: "64m" }]
   */
  readonly mounts?: string | readonly (string | MountArgs)[] | readonly Mount[] | undefined;
  /**
   * Names of further existing networks of the swarm, to which the replicas are attached in addition
   * to `network`. They must be attachable. An output must be a string. A change replaces the
   * service: the replicas drain and stop before new ones start. Rejected: the network in `network`,
   * and the pool's own.
   * @example ["proxy"]
   */
  readonly networks?: pulumi.Input<string> | readonly string[] | undefined;
  /**
   * Entries of the replicas' /etc/hosts, each `NAME:IP`, or `NAME:host-gateway` for the node's
   * address. Jobs of the docker executor do not get them: use `docker.extraHosts`. A change
   * replaces the service: the replicas drain and stop before new ones start.
   * @example ["gitlab.example.com:10.0.0.7"]
   */
  readonly extraHosts?: string | readonly string[] | undefined;
  /**
   * IP addresses of the DNS servers of the replicas, at most 3. Docker's own DNS still answers for
   * names of the swarm, and asks these servers for all others. Jobs of the docker executor do not
   * use them: use `docker.dns`. A change replaces all replicas, new ones first. By default, those
   * of the node. Rejected: loopback addresses, 0.0.0.0 and ::.
   * @example ["10.0.0.53"]
   */
  readonly dns?: string | readonly string[] | undefined;
  /**
   * Domains in which the replicas look up names without a dot, or `.` for none. Jobs of the docker
   * executor do not use them: use `docker.dnsSearch`. By default, those of the node.
   * @example ["example.com"]
   */
  readonly dnsSearch?: string | readonly string[] | undefined;
  /**
   * Options of the replicas' /etc/resolv.conf, such as `ndots:2` or `timeout:1`. Jobs of the docker
   * executor do not use them.
   * @example ["timeout:1", "attempts:3"]
   */
  readonly dnsOptions?: string | readonly string[] | undefined;
}
