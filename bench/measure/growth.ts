import type { PoolStack } from "../../dev/pulumi/pool-stack";
import { eventually } from "../../dev/eventually";
import { listContainers } from "../../tests/support/swarm";
import { interleave, type Bench } from "../bench";
import { listSystemIds, newestEvent, waitUntilOnline } from "../observe";
import type { Growth, GrowthPoint } from "../report/chart-growth";
import { median } from "../report/statistics";
import type { ManualStack } from "../subjects/manual-stack";
import type { Scalable } from "../subjects/subjects";
import { measureMeanMemory } from "./idle";

const SHRINK_TIMEOUT_MS = 300_000;

interface Grower {
  readonly runnerId: number;
  readonly serviceName: string;
  readonly scale: (replicas: number) => Promise<void>;
}

/** Grows this project's pool and the manual setup step by step, from one replica to many. */
export async function measureGrowth(
  bench: Bench,
  pool: Scalable<PoolStack>,
  manual: Scalable<ManualStack>,
): Promise<Growth> {
  const growers = {
    pool: {
      runnerId: pool.runnerId,
      serviceName: pool.subject.serviceName,
      scale: async (replicas: number): Promise<void> => {
        await pool.subject.configure({ replicas });
        await pool.subject.mustUp();
      },
    },
    manual: {
      runnerId: manual.runnerId,
      serviceName: manual.subject.serviceName,
      scale: (replicas: number) => manual.subject.scale(replicas),
    },
  };
  const passes: Record<keyof typeof growers, GrowthPoint[][]> = { pool: [], manual: [] };
  const pass = (subject: keyof typeof growers) => async (): Promise<void> => {
    const points = await grow(bench, growers[subject]);
    passes[subject].push(points);
    const [first, last] = [points[0], points.at(-1)];
    if (first === undefined || last === undefined)
      throw new Error("growth needs at least two sizes");
    bench.recorder.add(`growthTime.${subject}`, last.secondsPerAdded / first.secondsPerAdded);
    bench.recorder.add(`growthMemory.${subject}`, last.memory / first.memory);
  };
  await interleave(bench.signal, bench.rounds.few, pass("pool"), pass("manual"));
  return { pool: takeMedians(passes.pool), manual: takeMedians(passes.manual) };
}

async function grow(bench: Bench, grower: Grower): Promise<GrowthPoint[]> {
  const [start = 1, ...sizes] = bench.rounds.sizes;
  await shrink(bench, grower, start);
  const points: GrowthPoint[] = [];
  let size = start;
  for (const replicas of sizes) {
    const seconds = await addReplicas(bench, grower, replicas - size, replicas);
    const memory = await measureMeanMemory(bench.docker, grower.serviceName);
    points.push({ replicas, secondsPerAdded: seconds / (replicas - size), memory });
    size = replicas;
  }
  await shrink(bench, grower, start);
  return points;
}

/** @returns seconds from the command until it has returned and the new replicas are online */
async function addReplicas(
  { gitlab }: Bench,
  { runnerId, scale }: Grower,
  count: number,
  replicas: number,
): Promise<number> {
  const known = await listSystemIds(gitlab, runnerId);
  const after = await newestEvent(gitlab);
  const start = Date.now();
  await scale(replicas);
  const returned = Date.now();
  const online = await waitUntilOnline(gitlab, { runnerId, after, count }, known);
  return (Math.max(returned, online) - start) / 1000;
}

async function shrink({ docker }: Bench, grower: Grower, replicas: number): Promise<void> {
  await grower.scale(replicas);
  await eventually(
    async () => {
      const containers = await listContainers(docker, grower.serviceName);
      return containers.filter(({ State }) => State === "running").length === replicas;
    },
    { what: `${grower.serviceName} to shrink to ${replicas}`, timeoutMs: SHRINK_TIMEOUT_MS },
  );
}

/** Merges several passes into one: the median of each size. */
function takeMedians(passes: readonly (readonly GrowthPoint[])[]): GrowthPoint[] {
  return (passes[0] ?? []).map(({ replicas }) => {
    const points = passes.flatMap((pass) => pass.filter((point) => point.replicas === replicas));
    return {
      replicas,
      secondsPerAdded: median(points.map(({ secondsPerAdded }) => secondsPerAdded)),
      memory: median(points.map(({ memory }) => memory)),
    };
  });
}
