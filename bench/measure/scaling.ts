import type { PoolStack } from "../../dev/pulumi/pool-stack";
import { ExitRecorder } from "../../tests/support/swarm";
import { interleave, type Bench } from "../bench";
import { listSystemIds, newestEvent, waitUntilOnline, waitUntilRemoved } from "../observe";
import type { SeriesName } from "../series";
import type { ManualStack } from "../subjects/manual-stack";
import type { SleepService } from "../subjects/sleep-service";
import type { Scalable } from "../subjects/subjects";

const EXIT_TIMEOUT_MS = 120_000;
const FEW = 2;
const MORE = 4;

/** Scales from 2 to 4 replicas and back, with `pulumi up` and with `docker service scale`. */
export async function measureScaling(
  bench: Bench,
  pool: Scalable<PoolStack>,
  manual: Scalable<ManualStack>,
  sleep: SleepService,
): Promise<void> {
  await interleave(
    bench.signal,
    bench.rounds.some,
    () => scalePool(bench, pool),
    () => scaleManual(bench, manual),
    () => scaleSleep(bench, sleep),
  );
}

async function scalePool(bench: Bench, { subject, runnerId }: Scalable<PoolStack>): Promise<void> {
  const scale = async (replicas: number): Promise<void> => {
    await subject.configure({ replicas });
    await subject.mustUp();
  };
  const returned = await scaleUp(bench, "scaleUp.pool", runnerId, () => scale(MORE));
  bench.recorder.add("scaleUpReturned.pool", returned);
  using exits = await ExitRecorder.start(bench.docker, subject.serviceName);
  const after = await newestEvent(bench.gitlab);
  const before = await listSystemIds(bench.gitlab, runnerId);
  const start = Date.now();
  await scale(FEW);
  const gone = await waitUntilRemoved(bench.gitlab, { runnerId, after, count: MORE - FEW });
  bench.recorder.add("scaleDown.pool", (gone - start) / 1000);
  await exits.wait(MORE - FEW, EXIT_TIMEOUT_MS);
  await countStaleManagers(bench, "staleManagers.pool", runnerId, before.size);
}

async function scaleManual(
  bench: Bench,
  { subject, runnerId }: Scalable<ManualStack>,
): Promise<void> {
  await scaleUp(bench, "scaleUp.manual", runnerId, () => subject.scale(MORE));
  using exits = await ExitRecorder.start(bench.docker, subject.serviceName);
  const before = await listSystemIds(bench.gitlab, runnerId);
  await subject.scale(FEW);
  await exits.wait(MORE - FEW, EXIT_TIMEOUT_MS);
  await countStaleManagers(bench, "staleManagers.manual", runnerId, before.size);
}

async function scaleSleep(bench: Bench, sleep: SleepService): Promise<void> {
  await sleep.scaleAndWait(MORE);
  using exits = await ExitRecorder.start(bench.docker, sleep.serviceName);
  const start = Date.now();
  await sleep.scale(FEW);
  const ended = await exits.wait(MORE - FEW, EXIT_TIMEOUT_MS);
  bench.recorder.add("scaleDown.sleep", (Math.max(...ended.map(({ at }) => at)) - start) / 1000);
}

/**
 * Records the time from the command until GitLab has accepted the two new replicas.
 * @returns seconds until the command had also returned
 */
async function scaleUp(
  { gitlab, recorder }: Bench,
  series: SeriesName,
  runnerId: number,
  command: () => Promise<void>,
): Promise<number> {
  const known = await listSystemIds(gitlab, runnerId);
  const after = await newestEvent(gitlab);
  const start = Date.now();
  await command();
  const returned = Date.now();
  const online = await waitUntilOnline(gitlab, { runnerId, after, count: MORE - FEW }, known);
  recorder.add(series, (online - start) / 1000);
  return (Math.max(returned, online) - start) / 1000;
}

/** Records how many managers of ended replicas are still in GitLab. */
async function countStaleManagers(
  { gitlab, recorder }: Bench,
  series: SeriesName,
  runnerId: number,
  before: number,
): Promise<void> {
  const remaining = await listSystemIds(gitlab, runnerId);
  recorder.add(series, remaining.size - (before - (MORE - FEW)));
}
