import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "@jest/globals";
import { getAddedSize } from "../../bench/measure/image-size";
import { recordUnchangedUp, isWrite } from "../../bench/measure/rebuild";
import { listProcesses, readOwnMemory } from "../../bench/proc";
import { createPool, managersSettle, type PoolFixture } from "../support/pool-fixture";
import { readImage, listContainers } from "../support/swarm";

/** Compressed, in MB of 10⁶ bytes. Nearly all of it is the Node.js binary. */
const IMAGE_MB = 45;
/** Proportional set size, excluding gitlab-runner. */
const MEMORY_MB = 1.5;
/** Long enough for several polls. gitlab-runner polls every 3 s. */
const WATCH_MS = 15_000;
const POLL_MS = 3_000;

// The cost of this project in addition to gitlab-runner. The benchmark measures times, which mean
// nothing on a shared machine.
describe("an idle replica", () => {
  it("adds only small processes, one Node.js layer, and no extra requests", async () => {
    await using pool = await createPool({ settings: { replicas: 1 } });
    const { docker, platform, stack } = pool;
    await stack.mustUp();
    await managersSettle(pool, 1);

    const [container] = await listContainers(docker, stack.serviceName);
    const { endpoints, count } = await requestsWhileIdle(pool);
    expect(endpoints).toEqual(["POST /jobs/request"]);
    expect(count).toBeLessThanOrEqual(WATCH_MS / POLL_MS + 1);
    const replica = docker.getContainer(container?.Id ?? "");
    const processes = await listProcesses(replica);
    const names = processes.map(({ name }) => name).sort();
    // The second shell sleeps and checks gitlab-runner every 30 s.
    expect(names).toEqual(["dumb-init", "gitlab-runner", "sh", "sh", "sleep"]);
    expect(await readOwnMemory(replica)).toBeLessThan(MEMORY_MB);
    const image = await readImage(docker, stack.serviceName);
    expect(await getAddedSize({ docker, platform }, image)).toBeLessThan(IMAGE_MB);

    const calls = await recordUnchangedUp(platform.dockerHost, stack);
    expect(calls.filter(({ method }) => isWrite(method))).toEqual([]);
    await stack.configure({ replicas: 2 });
    expect((await stack.changes()).map(({ op }) => op)).toEqual(["update"]);
  });
});

/** Records the requests of the pool's idle replicas to GitLab. */
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
