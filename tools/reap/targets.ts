import type { EngineApi } from "../../components/docker/engine-api";
import { poolMarkOf } from "../../contract/identity";
import { livingTasks } from "../docker/living-tasks";
import { readPools, type Pool } from "../docker/pools";

/** A pool whose remains are looked for, and where. */
export interface Target {
  /** Name of its service. */
  readonly name: string;
  readonly gitlabUrl: string;
  /** How the system IDs of its replicas begin. */
  readonly mark: string;
  /** How the descriptions of runners that its replicas registered begin. */
  readonly runnerName: string;
}

/** The pools to look for. */
export interface Targets {
  readonly pools: readonly Target[];
  /** Services whose replicas carry no mark, so that nothing of theirs can be told from what others own. */
  readonly unmarked: readonly Pool[];
}

/**
 * Finds the pools of the swarm. @param names of services. @default all with runners
 * @param gitlabUrl where named services that the swarm does not have had their runners
 * @throws Error if a named service is not there and no URL is given
 */
export async function findTargets(
  engine: EngineApi,
  names: readonly string[],
  gitlabUrl: string | undefined,
): Promise<Targets> {
  const all = await readPools(engine);
  const wanted = all.filter(({ name }) => names.length === 0 || names.includes(name));
  const gone = names.filter((name) => !all.some((pool) => pool.name === name));
  if (gone.length > 0 && gitlabUrl === undefined) {
    throw new Error(
      `there is no service ${gone.join(", ")} with runners in this swarm; if it is gone, say with --gitlab-url where its runners were`,
    );
  }
  return {
    pools: [
      ...wanted.flatMap((pool) => (pool.mark === undefined ? [] : [target(pool, pool.mark)])),
      ...gone.map((name) => ({
        name,
        gitlabUrl: (gitlabUrl ?? "").replace(/\/+$/, ""),
        mark: poolMarkOf(name),
        runnerName: "",
      })),
    ],
    unmarked: wanted.filter(({ mark }) => mark === undefined),
  };
}

/** The system IDs of the replicas of a service that run, wait or drain now; none where it is gone. */
export async function readLiving(engine: EngineApi, service: string): Promise<readonly string[]> {
  const pool = (await readPools(engine)).find(({ name }) => name === service);
  return pool === undefined ? [] : livingTasks(pool).map(({ systemId }) => systemId);
}

function target({ name, gitlabUrl, runnerName }: Pool, mark: string): Target {
  return { name, gitlabUrl, mark, runnerName };
}
