import * as pulumi from "@pulumi/pulumi";
import { OWNER_LABEL } from "../../contract/swarm";
import { readNetworks, type Network } from "../../docker-engine/networks";
import type { ObjectReader } from "../../docker-engine/read-objects";
import { isKnown, awaitValue } from "../known";
import { asInput, userError } from "../user-error";
import { judgeSubnet } from "./judge-network";
import { poolNames, type ClaimedName } from "./owner";

/** The subnet of a new network. */
interface RequestedSubnet {
  readonly subnet: string;
  /** The setting `network` as the user wrote it. */
  readonly setting: string;
}

/**
 * Returns the subnet once it is known that no other network uses it. If Docker does not answer, the
 * provider reports that.
 * @throws {pulumi.RunError} if another network uses it
 */
export function requireFreeSubnet(
  resource: pulumi.Resource,
  { name, owner }: ClaimedName,
  requested: RequestedSubnet,
  engine: ObjectReader,
): pulumi.Output<string> {
  return name.apply((known) => asInput(check(resource, known, owner, requested, engine)));
}

async function check(
  resource: pulumi.Resource,
  name: string,
  owner: pulumi.Output<string> | undefined,
  { subnet, setting }: RequestedSubnet,
  engine: ObjectReader,
): Promise<string> {
  const ownId = owner !== undefined && (await isKnown(owner)) ? await awaitValue(owner) : undefined;
  const networks = await readNetworks(engine).catch(() => []);
  const others = withoutOldNetworks(networks, ownId, subnet, poolNames);
  const verdict = judgeSubnet(setting, name, subnet, others);
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
