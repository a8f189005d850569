import { describe, expect, it } from "@jest/globals";
import { EngineApi } from "../../docker-engine/api";
import { readSnapshot } from "../../components/wait/read-snapshot";
import { waitUntilOnline } from "../../components/wait/wait-until-online";
import { createPool, type PoolFixture } from "../support/pool-fixture";
import { ALL_AT_ONCE } from "../support/update-policy";

describe("the wait of pulumi up", () => {
  it("ends within 0.3 s of GitLab's answer to the last replica", async () => {
    await using pool = await createPool({
      settings: { executor: "shell", docker: undefined, replicas: 1 },
    });
    await pool.stack.mustUp();
    const delays: number[] = [];
    for (const replicas of [3, 5, 7]) delays.push(await scaleAndWait(pool, replicas));
    // Other tests load the machine too, so only the best of three shows how long the wait takes.
    expect(Math.min(...delays)).toBeLessThan(300);
    expect(Math.min(...delays)).toBeGreaterThanOrEqual(0);
  });
});

interface Inspected {
  readonly ID: string;
  readonly Version: { readonly Index: number };
  readonly Spec: object;
}

/**
 * Scales the service through Docker's API.
 * @returns milliseconds from the first answer to the last new replica until the wait ended
 */
async function scaleAndWait(
  { stack, docker, gitlab, platform }: PoolFixture,
  replicas: number,
): Promise<number> {
  const service = docker.getService(stack.serviceName);
  const { ID: id, Version, Spec } = (await service.inspect()) as Inspected;
  const api = EngineApi.fromEnv({ DOCKER_HOST: platform.dockerHost });
  const { generation = "" } = await readSnapshot(api, id);
  const target = { generation, replicas, indexBefore: Version.Index, policy: ALL_AT_ONCE };
  const old = new Set((await gitlab.managers({})).map(({ systemId }) => systemId));

  await service.update({
    version: Version.Index,
    ...Spec,
    Mode: { Replicated: { Replicas: replicas } },
  });
  await waitUntilOnline(api, { id, name: stack.serviceName }, target, 60);
  const ended = Date.now();

  const first = new Map<string, number>();
  for (const event of (await gitlab.events({})).events) {
    if (event.kind !== "request" || event.endpoint !== "POST /jobs/request") continue;
    const { systemId, at } = event;
    if (systemId !== null && !old.has(systemId) && !first.has(systemId)) first.set(systemId, at);
  }
  expect(first.size).toBe(replicas - old.size);
  return ended - Math.max(...first.values());
}
