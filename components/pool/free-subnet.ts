import * as pulumi from "@pulumi/pulumi";
import { OWNER_LABEL } from "../../contract/swarm";
import { readNetworks, type Network } from "../../docker-engine/networks";
import type { ObjectReader } from "../../docker-engine/read-objects";
import { isKnown, awaitValue } from "../known";
import { asInput, userError } from "../user-error";
import { subnetsOverlap } from "../../contract/subnet";
import { poolNames, type ClaimedName } from "./owner";

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
 * @param name name of the new network
 */
export function judgeSubnet(
  name: string,
  subnet: string,
  networks: readonly Network[],
): SubnetVerdict | undefined {
  const found = networks
    .filter((other) => other.name !== name && isOnNodes(other))
    .flatMap((other) => other.subnets.map((taken) => ({ name: other.name, taken })))
    .find(({ taken }) => subnetsOverlap(subnet, taken));
  if (found === undefined) return undefined;
  const message = `\`network.subnet\` ${subnet} of network ${name} overlaps ${found.taken} of network ${found.name}`;
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
 * Returns the subnet once it is known that no other network uses it. If Docker does not answer, the
 * provider reports that.
 * @throws {pulumi.RunError} if another network uses it
 */
export function requireFreeSubnet(
  resource: pulumi.Resource,
  { name, owner }: ClaimedName,
  subnet: string,
  engine: ObjectReader,
): pulumi.Output<string> {
  return name.apply((known) => asInput(check(resource, known, owner, subnet, engine)));
}

async function check(
  resource: pulumi.Resource,
  name: string,
  owner: pulumi.Output<string> | undefined,
  subnet: string,
  engine: ObjectReader,
): Promise<string> {
  const ownId = owner !== undefined && (await isKnown(owner)) ? await awaitValue(owner) : undefined;
  const networks = await readNetworks(engine).catch(() => []);
  const verdict = judgeSubnet(name, subnet, withoutOldNetworks(networks, ownId, subnet, poolNames));
  if (verdict?.rejected === true) throw userError(verdict.message);
  if (verdict !== undefined) await pulumi.log.warn(verdict.message, resource);
  return subnet;
}

/**
 * Omits this stack's own old networks with the same subnet: when a stack is renamed, its network is
 * replaced, and the old one is deleted first.
 * @param ownId this stack's owner ID; undefined if the stack is new
 * @param present names of the stack's pools, whose networks stay
 */
export function withoutOldNetworks(
  networks: readonly Network[],
  ownId: string | undefined,
  subnet: string,
  present: ReadonlySet<string>,
): readonly Network[] {
  if (ownId === undefined) return networks;
  return networks.filter(
    ({ name, labels, subnets }) =>
      labels[OWNER_LABEL] !== ownId || present.has(name) || !subnets.includes(subnet),
  );
}
