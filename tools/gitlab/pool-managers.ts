import type { Pool } from "../docker/pools";
import { GitlabClient } from "./client";
import { listManagers, listRunners, type Manager, type Runner } from "./runners";

/** A pool's managers, or why they are not known. */
export type PoolManagers = readonly Manager[] | { readonly missing: string };

/**
 * Finds the managers of pools in GitLab. No side knows the number of a pool's runner, so all runners that the token may
 * see are looked into; where it is asked again and again, those that were found come first.
 */
export class ManagerSearch {
  private readonly found = new Map<string, readonly Runner[]>();

  /** @param token access token with the scope read_api or api */
  constructor(private readonly token: string | undefined) {}

  /** The managers of each pool, by the pool's name. */
  async find(pools: readonly Pool[]): Promise<ReadonlyMap<string, PoolManagers>> {
    const result = new Map<string, PoolManagers>();
    for (const url of new Set(pools.map(({ gitlabUrl }) => gitlabUrl))) {
      const here = pools.filter(({ gitlabUrl }) => gitlabUrl === url);
      const managers = await this.findAt(url, here);
      for (const pool of here) {
        const own = "missing" in managers ? managers : managers.filter(isOf(pool));
        result.set(pool.name, own);
      }
    }
    return result;
  }

  private async findAt(url: string, pools: readonly Pool[]): Promise<PoolManagers> {
    if (this.token === undefined || this.token === "") {
      return { missing: "it takes an access token with the scope read_api in GITLAB_TOKEN" };
    }
    const client = new GitlabClient({ apiUrl: `${url}/api/v4`, token: this.token });
    const wanted = (systemId: string) => pools.some((pool) => isOf(pool)({ systemId }));
    try {
      const before = await listManagers(client, this.found.get(url) ?? [], wanted);
      if (isComplete(pools, before)) return before;
      const managers = await listManagers(client, await listRunners(client), wanted);
      const runners = new Map(managers.map(({ runner }) => [runner.id, runner]));
      this.found.set(url, [...runners.values()]);
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
