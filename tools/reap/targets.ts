import type { EngineApi } from "../../components/docker/engine-api";
import { poolMarkOf } from "../../contract/identity";
import { livingTasks } from "../docker/living-tasks";
import { readPools, type Pool } from "../docker/pools";
import type { ReapedPool } from "./plan";

/** A pool whose remains are looked for, and where. */
export interface Target extends ReapedPool {
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
        living: [],
        gitlabUrl: (gitlabUrl ?? "").replace(/\/+$/, ""),
        mark: poolMarkOf(name),
        runnerName: "",
      })),
    ],
    unmarked: wanted.filter(({ mark }) => mark === undefined),
  };
}

function target(pool: Pool, mark: string): Target {
  const { name, gitlabUrl, runnerName } = pool;
  const living = livingTasks(pool).map(({ systemId }) => systemId);
  return { name, living, gitlabUrl, mark, runnerName };
}
