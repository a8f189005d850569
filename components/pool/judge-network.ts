import { subnetsOverlap } from "../../contract/subnet";
import type { Network } from "../../docker-engine/networks";
import { nameEntry } from "../settings/problems";

/** What to report about a subnet that another network uses, and whether to reject it. */
export interface SubnetVerdict {
  readonly rejected: boolean;
  readonly message: string;
}

/** The bridge through which containers of an overlay network reach their node. */
const GATEWAY_BRIDGE = "docker_gwbridge";

/**
 * Judges the subnet of a new network. Swarm accepts a subnet that another network uses without any
 * error, but then no replica starts. A network of the same project may be this stack's own network
 * under its previous name, which the update deletes first.
 * @param setting the setting of the network as the user wrote it, such as `` `network` ``
 * @param name name of the new network
 */
export function judgeSubnet(
  setting: string,
  name: string,
  subnet: string,
  networks: readonly Network[],
): SubnetVerdict | undefined {
  const found = networks
    .filter((other) => other.name !== name && isOnNodes(other))
    .flatMap((other) => other.subnets.map((taken) => ({ name: other.name, taken })))
    .find(({ taken }) => subnetsOverlap(subnet, taken));
  if (found === undefined) return undefined;
  const message = `${nameEntry(setting, "subnet")} ${subnet} of network ${name} overlaps ${found.taken} of network ${found.name}`;
  const project = name.split("-").slice(0, -1).join("-");
  const mayBeOwn = found.taken === subnet && project !== "" && found.name.startsWith(`${project}-`);
  return mayBeOwn
    ? {
        rejected: false,
        message: `${message}: replicas will not start unless ${found.name} is an old network of this stack, which is deleted first`,
      }
    : {
        rejected: true,
        message: `${message}: choose another subnet, or unset it to let Docker choose a free one`,
      };
}

/** Whether the network can exist on the nodes of the replicas. */
function isOnNodes({ name, scope }: Network): boolean {
  return scope === "swarm" || name === GATEWAY_BRIDGE;
}

/**
 * Judges an existing network to which replicas will be attached.
 * @param setting the setting that names it
 * @param nameOf names a setting as the user wrote it
 * @param found undefined if the swarm has no such network
 * @returns the network, or why replicas cannot use it
 */
export function judgeExisting(
  setting: "network" | "networks",
  nameOf: (key: "network" | "networks") => string,
  name: string,
  found: Network | undefined,
): { readonly network: Network } | { readonly problem: string } {
  if (found === undefined) {
    const otherwise =
      setting === "network"
        ? `unset ${nameOf(setting)} to have one created`
        : `remove it from ${nameOf(setting)}`;
    return {
      problem: `${nameOf(setting)}: the swarm has no network "${name}": create it with \`docker network create --driver overlay --attachable ${name}\`, or ${otherwise}`,
    };
  }
  const { driver, scope, attachable } = found;
  if (scope === "swarm" && attachable) return { network: found };
  return {
    problem: `${nameOf(setting)}: "${name}" is not an attachable network of the swarm (driver ${driver}, scope ${scope}): choose another network`,
  };
}
