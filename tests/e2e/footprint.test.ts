import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "@jest/globals";
import { addedSize } from "../../bench/measure/image-size";
import { callsOfUnchangedUp, isChange } from "../../bench/measure/rebuild";
import { listProcesses } from "../../bench/proc";
import { createPool, managersSettle, type PoolFixture } from "../support/pool-fixture";
import { imageOf, listContainers } from "../support/swarm";

/** Compressed, in MB of 10⁶ bytes; nearly all of it is the node binary. */
const IMAGE_MB = 45;
/** Long enough for several polls, of which gitlab-runner makes one every 3 s. */
const WATCH_MS = 15_000;
const POLL_MS = 3_000;

// What a user pays for this project beside gitlab-runner. Times are the benchmark's: on a shared machine they tell nothing.
describe("an idle replica", () => {
  it("costs two small processes, one layer of node, and no request of its own", async () => {
    await using pool = await createPool({ settings: { replicas: 1 } });
    const { docker, platform, stack } = pool;
    await stack.mustUp();
    await managersSettle(pool, 1);

    const [container] = await listContainers(docker, stack.serviceName);
    const { endpoints, count } = await requestsWhileIdle(pool);
    expect(endpoints).toEqual(["POST /jobs/request"]);
    expect(count).toBeLessThanOrEqual(WATCH_MS / POLL_MS + 1);
    const processes = await listProcesses(docker.getContainer(container?.Id ?? ""));
    expect(processes.map(({ name }) => name).sort()).toEqual(["dumb-init", "gitlab-runner", "sh"]);
    const image = await imageOf(docker, stack.serviceName);
    expect(await addedSize({ docker, platform }, image)).toBeLessThan(IMAGE_MB);

    const calls = await callsOfUnchangedUp(platform.dockerHost, stack);
    expect(calls.filter(({ method }) => isChange(method))).toEqual([]);
    await stack.configure({ replicas: 2 });
    expect((await stack.changes()).map(({ op }) => op)).toEqual(["update"]);
  });
});

/** What the pool's replicas ask GitLab for while there is nothing to do. */
async function requestsWhileIdle({ gitlab, runnerId }: PoolFixture): Promise<{
  readonly endpoints: readonly string[];
  readonly count: number;
}> {
  const after = (await gitlab.events({ after: Number.MAX_SAFE_INTEGER })).last;
  await sleep(WATCH_MS);
  const requests = (await gitlab.events({ after })).events
    .filter((event) => event.kind === "request")
    .filter((event) => event.runnerId === runnerId);
  return {
    endpoints: [...new Set(requests.map(({ endpoint }) => endpoint))],
    count: requests.length,
  };
}
