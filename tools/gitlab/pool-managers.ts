import type { Pool } from "../docker/pools";
import { GitlabClient } from "./client";
import { listManagers, listRunners, type Manager } from "./runners";
import { refusalToSend } from "./token-home";

/** A pool's managers, or why they are not known. */
export type PoolManagers = readonly Manager[] | { readonly missing: string };

/**
 * Finds the managers of pools in GitLab. What a dead replica left may belong to any runner, so all those that the token may
 * see are looked into. Where it is asked again and again, those that had some suffice as long as no replica is missing.
 */
export class ManagerSearch {
  private readonly found = new Map<string, readonly number[]>();

  /** @param env has an access token with the scope read_api or api in GITLAB_TOKEN */
  constructor(private readonly env: Readonly<Record<string, string | undefined>>) {}

  /**
   * The managers of each pool, by the pool's name.
   * @param named numbers of runners that the replicas named
   */
  async find(
    pools: readonly Pool[],
    named: readonly number[],
  ): Promise<ReadonlyMap<string, PoolManagers>> {
    const result = new Map<string, PoolManagers>();
    const urls = [...new Set(pools.map(({ gitlabUrl }) => gitlabUrl))];
    for (const url of urls) {
      const here = pools.filter(({ gitlabUrl }) => gitlabUrl === url);
      const refusal = refusalToSend(this.env, url, urls);
      const managers =
        refusal === undefined ? await this.findAt(url, here, named) : { missing: refusal };
      for (const pool of here) {
        result.set(pool.name, "missing" in managers ? managers : managers.filter(isOf(pool)));
      }
    }
    return result;
  }

  private async findAt(
    url: string,
    pools: readonly Pool[],
    named: readonly number[],
  ): Promise<PoolManagers> {
    const { GITLAB_TOKEN: token = "" } = this.env;
    if (token === "") {
      return { missing: "it takes an access token with the scope read_api in GITLAB_TOKEN" };
    }
    const client = new GitlabClient({ apiUrl: `${url}/api/v4`, token });
    const wanted = (systemId: string) => pools.some((pool) => isOf(pool)({ systemId }));
    try {
      const before = await listManagers(client, this.found.get(url) ?? [], wanted);
      if (isComplete(pools, before)) return before;
      const listed = (await listRunners(client)).map(({ id }) => id);
      const managers = await listManagers(client, [...new Set([...named, ...listed])], wanted);
      this.found.set(url, [...new Set(managers.map(({ runnerId }) => runnerId))]);
      return managers;
    } catch (error) {
      return { missing: error instanceof Error ? error.message : String(error) };
    }
  }
}

/** By the mark in the system ID, or by the system IDs of the tasks where the pool has none. */
function isOf({ mark, tasks }: Pool): (manager: Pick<Manager, "systemId">) => boolean {
  return ({ systemId }) =>
    mark === undefined
      ? tasks.some((task) => task.systemId === systemId)
      : systemId.startsWith(mark);
}

/** Whether each replica that swarm counts as running is among the managers. */
function isComplete(pools: readonly Pool[], managers: readonly Manager[]): boolean {
  const running = pools.flatMap(({ tasks }) => tasks.filter(({ state }) => state === "running"));
  return (
    running.length > 0 &&
    running.every((task) => managers.some(({ systemId }) => systemId === task.systemId))
  );
}
