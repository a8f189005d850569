import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { EngineError } from "../../docker-engine/api";
import { findNetwork, type Network } from "../../docker-engine/networks";
import type { ObjectReader } from "../../docker-engine/read-objects";
import type { ComponentEngine } from "../engine";
import { asInput, getMessage, userError } from "../user-error";
import { requireFreeSubnet } from "./free-subnet";
import { judgeExisting } from "./judge-network";
import { buildOwnerLabels, type ClaimedName } from "./owner";
import type { CreatedNetworkSetting } from "../../contract/settings/types/network";
import { MTU_OPTION } from "../../contract/swarm";
import type { ReadSettings } from "../settings/read-arguments";

/** The settings of a pool about its own network. */
type NetworkSettings = Pick<ReadSettings, "network" | "nameOf">;

/** Names a setting as the user wrote it. */
type NameOf = ReadSettings["nameOf"];

/** The network of a pool. */
export interface PoolNetwork {
  readonly id: pulumi.Output<string>;
  readonly name: pulumi.Output<string>;
  /** The network and its settings, if the pool created it. */
  readonly created?: { readonly network: docker.Network; readonly setting: CreatedNetworkSetting };
}

/** Creates the network of a pool, or finds an existing network by its name. */
export function ensureNetwork(
  parent: pulumi.Resource,
  name: string,
  claimed: ClaimedName,
  { network: setting, nameOf }: NetworkSettings,
  { api, known }: ComponentEngine,
): PoolNetwork {
  if (setting.kind === "existing") {
    const id = pulumi
      .all([setting.name, known])
      .apply(([existing]) => asInput(findExisting(api, existing, nameOf)));
    return { id, name: setting.name };
  }
  const network = createNetwork(parent, name, claimed, setting, nameOf, api);
  return { id: network.id, name: network.name, created: { network, setting } };
}

/**
 * Creates a network. Docker adds a gateway and options, and networks of older versions lack the
 * label. The provider would treat each of these as a change and replace the network, so all of them
 * are ignored. The trigger replaces the network when the settings change. The name is fixed, so the
 * old network must be deleted first.
 */
function createNetwork(
  parent: pulumi.Resource,
  name: string,
  claimed: ClaimedName,
  setting: CreatedNetworkSetting,
  nameOf: NameOf,
  engine: ObjectReader,
): docker.Network {
  const { subnet, encrypted = false, internal = false, mtu } = setting;
  const options = {
    ...(encrypted ? { encrypted: "" } : {}),
    ...(mtu === undefined ? {} : { [MTU_OPTION]: String(mtu) }),
  };
  return new docker.Network(
    `${name}-network`,
    {
      name: claimed.name,
      ...buildOwnerLabels(claimed.owner),
      driver: "overlay",
      attachable: true,
      ...(subnet === undefined
        ? {}
        : {
            ipamConfigs: [
              {
                subnet: requireFreeSubnet(
                  parent,
                  claimed,
                  { subnet, setting: nameOf("network") },
                  engine,
                ),
              },
            ],
          }),
      ...(Object.keys(options).length === 0 ? {} : { options }),
      ...(internal ? { internal } : {}),
    },
    {
      parent,
      ignoreChanges: ["ipamConfigs", "labels", "options"],
      // A setting that is unset adds nothing, so that older networks are not replaced.
      replacementTrigger: {
        ...(subnet === undefined ? {} : { subnet }),
        encrypted,
        ...(internal ? { internal } : {}),
        ...(mtu === undefined ? {} : { mtu }),
      },
      deleteBeforeReplace: true,
    },
  );
}

/**
 * Looks up the ID of a network. A preview that does not know the engine yet skips this.
 * @throws {pulumi.RunError} if the network does not exist or replicas cannot be attached to it
 */
async function findExisting(engine: ObjectReader, name: string, nameOf: NameOf): Promise<string> {
  const judged = judgeExisting("network", nameOf, name, await readNetwork(engine, name));
  if ("problem" in judged) throw userError(judged.problem);
  return judged.network.id;
}

/**
 * Returns the IDs of further existing networks. The service would be replaced after each refresh if
 * it named them. A preview that does not know the engine yet skips this.
 */
export function findNetworks(
  { networks, nameOf }: Pick<ReadSettings, "networks" | "nameOf">,
  { api, known }: ComponentEngine,
): pulumi.Output<readonly string[]> | undefined {
  if (networks === undefined) return undefined;
  return pulumi
    .all([networks, known])
    .apply(([names]) => asInput(findNetworkIds(api, names, nameOf)));
}

/** Lists the IDs of all networks of a pool. */
export function listNetworkIds(
  network: PoolNetwork,
  further: pulumi.Output<readonly string[]> | undefined,
): pulumi.Output<readonly string[]> {
  return pulumi.all([network.id, further ?? []]).apply(([id, others]) => [id, ...others]);
}

/**
 * Looks up the IDs of existing networks.
 * @throws {pulumi.RunError} that lists each network that replicas cannot be attached to
 */
export async function findNetworkIds(
  engine: ObjectReader,
  names: readonly string[],
  nameOf: NameOf,
): Promise<readonly string[]> {
  const judged = await Promise.all(
    names.map(async (name) =>
      judgeExisting("networks", nameOf, name, await readNetwork(engine, name)),
    ),
  );
  const problems = judged.flatMap((one) => ("problem" in one ? [one.problem] : []));
  if (problems.length > 0) throw userError(problems.join("\n"));
  return judged.flatMap((one) => ("network" in one ? [one.network.id] : []));
}

async function readNetwork(engine: ObjectReader, name: string): Promise<Network | undefined> {
  try {
    return await findNetwork(engine, name);
  } catch (error) {
    if (error instanceof EngineError) return undefined;
    throw userError(getMessage(error));
  }
}
