import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { EngineApi, EngineError } from "../docker/engine-api";
import { inputOf, messageOf, plainError } from "../plain-error";
import type { NetworkSetting } from "../settings/network-setting";

/** The network of a pool. */
export interface PoolNetwork {
  readonly id: pulumi.Output<string>;
  readonly name: pulumi.Output<string>;
}

/** Creates the network of a pool, or finds the one that is named. */
export function poolNetwork(
  parent: pulumi.Resource,
  name: string,
  serviceName: string,
  setting: NetworkSetting,
): PoolNetwork {
  if (setting.kind === "existing") {
    return {
      id: pulumi.output(inputOf(findNetwork(setting.name))),
      name: pulumi.output(setting.name),
    };
  }
  return new docker.Network(
    `${name}-network`,
    {
      name: serviceName,
      driver: "overlay",
      attachable: true,
      ...(setting.subnet === undefined ? {} : { ipamConfigs: [{ subnet: setting.subnet }] }),
      ...(setting.encrypted === true ? { options: { encrypted: "" } } : {}),
    },
    { parent },
  );
}

/**
 * Looks up the ID of a network. A preview where Docker cannot be reached goes on without it.
 * @throws {pulumi.RunError} if there is no such network, or no replica can be attached to it
 */
async function findNetwork(name: string): Promise<string> {
  const found = await inspectNetwork(name);
  if (found === undefined) {
    throw plainError(
      `\`network\` names "${name}", and the swarm has no such network: create it with \`docker network create --driver overlay --attachable ${name}\`, or unset \`network\` to let one be created`,
    );
  }
  const { Id, Driver, Scope, Attachable } = found;
  if (Scope !== "swarm" || Attachable !== true) {
    throw plainError(
      `\`network\` names "${name}", which is no attachable overlay network (driver ${Driver}, scope ${Scope}): name another one`,
    );
  }
  return Id;
}

interface InspectedNetwork {
  readonly Id: string;
  readonly Driver: string;
  readonly Scope: string;
  readonly Attachable?: boolean;
}

async function inspectNetwork(name: string): Promise<InspectedNetwork | undefined> {
  try {
    const api = new EngineApi(process.env);
    const networks = (await api.get("/networks", { filters: { name: [name] } })) as
      readonly (InspectedNetwork & { readonly Name: string })[] | [];
    return networks.find(({ Name }) => Name === name);
  } catch (error) {
    if (error instanceof EngineError) return undefined;
    throw plainError(messageOf(error));
  }
}
