import type { EngineApi } from "../../docker-engine/api";
import { getSystemIdPrefix } from "../../contract/identity";
import { readPools, type Pool, type SkippedService } from "../docker/pools";
import type { ReplicaLogReader } from "../docker/replica-lines";
import { activeSystemIds } from "../docker/system-ids";

/** A pool to search for in GitLab. */
export interface Target {
  /** Name of its service. */
  readonly name: string;
  readonly gitlabUrl: string;
  /** Prefix of the system IDs of its replicas. */
  readonly systemIdPrefix: string;
  /** Prefix of the descriptions of the runners that its replicas registered. */
  readonly runnerName: string;
  /** Its current service; undefined if it was deleted. */
  readonly pool: Pool | undefined;
}

/** How to find the running replicas. */
export interface Swarm {
  readonly engine: EngineApi;
  readonly log: ReplicaLogReader;
}

/** The pools to search for. */
export interface Targets {
  readonly pools: readonly Target[];
  /**
   * Services whose replicas have no system ID prefix, so that their managers cannot be
   * distinguished from others.
   */
  readonly withoutPrefix: readonly Pool[];
  /** Services that may or may not be pools. */
  readonly skipped: readonly SkippedService[];
}

/**
 * Finds the pools of the swarm.
 * @param names names of services
 * @default all services with runners
 * @param gitlabUrl the GitLab of named services that do not exist in the swarm
 * @throws Error if a named service does not exist and no URL is given
 */
export async function findTargets(
  engine: EngineApi,
  names: readonly string[],
  gitlabUrl: string | undefined,
): Promise<Targets> {
  const { pools: all, skipped } = await readPools(engine);
  const selected = all.filter(({ name }) => names.length === 0 || names.includes(name));
  const gone = names.filter((name) => !all.some((pool) => pool.name === name));
  if (gone.length > 0 && gitlabUrl === undefined) {
    throw new Error(
      `no such pool in this swarm: ${gone.join(", ")}; if its service was removed, pass the URL of its GitLab with --gitlab-url`,
    );
  }
  return {
    pools: [
      ...selected.flatMap((pool) =>
        pool.systemIdPrefix === undefined ? [] : [target(pool, pool.systemIdPrefix)],
      ),
      ...gone.map((name) => ({
        name,
        gitlabUrl: (gitlabUrl ?? "").replace(/\/+$/, ""),
        systemIdPrefix: getSystemIdPrefix(name),
        runnerName: "",
        pool: undefined,
      })),
    ],
    withoutPrefix: selected.filter(({ systemIdPrefix }) => systemIdPrefix === undefined),
    skipped,
  };
}

/**
 * Lists the system IDs of a service's replicas that run, wait or drain now; empty if the service
 * was deleted.
 */
export async function readActiveSystemIds(
  { engine, log }: Swarm,
  service: string,
): Promise<readonly string[]> {
  const pool = (await readPools(engine)).pools.find(({ name }) => name === service);
  if (pool === undefined) return [];
  // If a replica's log cannot be read, every system ID that it may have counts.
  const { reports } = await log.read(pool);
  return activeSystemIds(pool, reports);
}

function target(pool: Pool, systemIdPrefix: string): Target {
  const { name, gitlabUrl, runnerName } = pool;
  return { name, gitlabUrl, systemIdPrefix, runnerName, pool };
}
