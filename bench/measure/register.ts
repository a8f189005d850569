import { interleave, type Bench } from "../bench";
import { newestEvent, waitUntilOnline } from "../observe";
import { MANUAL_IMAGE } from "../subjects/manual-stack";
import { Replica } from "../subjects/replica";
import type { SeriesName } from "../series";

/**
 * Measures the time from the start of a container until GitLab accepts its first poll. The
 * container has only the five basic variables.
 */
export async function measureRegister(bench: Bench, image: string): Promise<void> {
  await interleave(
    bench.signal,
    bench.rounds.many,
    () => start(bench, image, "register.pool"),
    () => start(bench, MANUAL_IMAGE, "register.manual"),
  );
}

async function start(bench: Bench, image: string, series: SeriesName): Promise<void> {
  const { gitlab, recorder } = bench;
  const { id: runnerId, token } = await gitlab.createRunner({});
  const after = await newestEvent(gitlab);
  await using replica = await Replica.start(bench, { image, token });
  const online = await waitUntilOnline(gitlab, { runnerId, after, count: 1 });
  recorder.add(series, (online - replica.startedAt) / 1000);
}
