import type * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { EngineApi } from "../docker/engine-api";
import { inputOf, messageOf, plainError } from "../plain-error";
import type { PoolSettings } from "../settings/pool-settings";
import type { Goal, SaidByTask } from "./decide";
import { waitUntilOnline } from "./wait-until-online";

/** When this program began. */
const BEGUN = new Date(Date.now() - process.uptime() * 1000).toISOString();

/**
 * The number of a pool's replicas, once all of them are online. It is no resource and makes no difference in the state;
 * a preview does not wait. If they do not come online, the update fails with their reasons and what was made stays.
 */
export function replicasOnline(
  service: docker.Service,
  generation: pulumi.Output<string>,
  { replicas, onlineTimeout }: PoolSettings,
): pulumi.Output<number> {
  if (pulumi.runtime.isDryRun() || onlineTimeout === 0 || replicas === 0) {
    return pulumi.output(replicas);
  }
  // The generation that was asked for: the service's own outputs tell of a spec that swarm may have rolled back to.
  return pulumi.all([service.id, service.name, generation]).apply(async ([id, name, wanted]) => {
    const waitingSince = new Date().toISOString();
    const goal = { generation: wanted, replicas, begun: BEGUN, waitingSince };
    const said = await inputOf(wait({ id, name }, goal, onlineTimeout));
    tellExpiry(service, said);
    return replicas;
  });
}

/** @throws {pulumi.RunError} if the replicas do not come online */
async function wait(
  service: { readonly id: string; readonly name: string },
  goal: Goal,
  timeout: number,
): Promise<SaidByTask> {
  try {
    return await waitUntilOnline(new EngineApi(process.env), service, goal, timeout);
  } catch (error) {
    throw plainError(messageOf(error));
  }
}

/** Says when the token of the runner expires, where GitLab told the replicas that it does. */
function tellExpiry(service: docker.Service, said: SaidByTask): void {
  const [first] = [...said.values()].flatMap(({ tokenExpiresAt }) => tokenExpiresAt ?? []).sort();
  if (first === undefined) return;
  const what = `the token of the runner expires at ${first}; from then on GitLab refuses the replicas`;
  void pulumi.log.warn(`${what}: set a new \`token\` and run \`pulumi up\` before`, service);
}
