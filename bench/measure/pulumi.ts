import type { PoolStack } from "../../dev/pulumi/pool-stack";
import { interleave, type Bench } from "../bench";
import { newestEvent, waitUntilOnline } from "../observe";
import type { BareProgram } from "../subjects/bare-program";
import type { SeriesName } from "../series";

/** Times `pulumi preview` and `pulumi up` with no changes, for the pool and the bare program. */
export async function measureUnchanged(
  { recorder, rounds, signal }: Bench,
  pool: PoolStack,
  bare: BareProgram,
): Promise<void> {
  const timed = (series: SeriesName, run: () => Promise<number>) => async (): Promise<void> => {
    recorder.add(series, (await run()) / 1000);
  };
  await interleave(
    signal,
    rounds.many,
    timed("preview.pool", async () => (await pool.expectNoChanges()).ms),
    timed("preview.bare", () => bare.preview()),
    timed("upUnchanged.pool", async () => (await pool.mustUp()).ms),
    timed("upUnchanged.bare", () => bare.up()),
  );
}

/**
 * Times the first `pulumi up` of a stack until both replicas are online, and until it has returned.
 * Engine and registry already have the image. The bare program, which waits for no replicas, is
 * timed for comparison.
 * @param runnerId the runner of the pool's token
 */
export async function measureFirstUp(
  { gitlab, recorder, rounds, signal }: Bench,
  pool: PoolStack,
  runnerId: number,
  bare: BareProgram,
): Promise<void> {
  const ours = async (): Promise<void> => {
    await pool.destroy();
    const after = await newestEvent(gitlab);
    const start = Date.now();
    await pool.mustUp();
    const returned = Date.now();
    const online = await waitUntilOnline(gitlab, { runnerId, after, count: 2 });
    recorder.add("firstUp.pool", (online - start) / 1000);
    recorder.add("firstUpReturned.pool", (Math.max(returned, online) - start) / 1000);
  };
  const theirs = async (): Promise<void> => {
    await bare.destroy();
    recorder.add("firstUpReturned.bare", (await bare.up()) / 1000);
  };
  await interleave(signal, rounds.few, ours, theirs);
}
