import { describe, expect, it } from "@jest/globals";
import type { ManagerEvent } from "../../../fake-gitlab";
import {
  waitUntilDraining,
  ENDLESS,
  endJobs,
  expectIntactLogs,
  fillRunners,
  tickingScript,
} from "../../support/jobs";
import { createPool, managersSettle } from "../../support/pool-fixture";
import { followReplica } from "../../support/replica-lines";
import { ExitRecorder, listContainers } from "../../support/swarm";

describe.each(["shell", "docker"])("scaling down 4 -> 1 with the %s executor", (executor) => {
  it("finishes every job, accepts no new one, deregisters within 2 s and exits 0", async () => {
    await using pool = await createPool({
      settings: { replicas: 4, ...(executor === "shell" ? { executor, docker: undefined } : {}) },
    });
    const { stack, gitlab, docker, platform } = pool;
    await stack.mustUp();
    using exits = await ExitRecorder.start(docker, stack.serviceName);
    const containers = await listContainers(docker, stack.serviceName);
    const replicas = await Promise.all(containers.map(({ Id }) => followReplica(docker, Id)));
    const jobs = await fillRunners(gitlab, 4, {
      script: ENDLESS,
      image: platform.images.job,
      tags: ["docker"],
    });
    // A draining replica that still polled would take one of these.
    const queued = [];
    for (let n = 0; n < 6; n += 1) {
      queued.push(
        await gitlab.enqueueJob({
          name: "queued",
          script: tickingScript(1),
          image: platform.images.job,
        }),
      );
    }

    await stack.configure({ replicas: 1 });
    await stack.mustUp();
    await waitUntilDraining(replicas, 3);
    await endJobs(docker, stack.serviceName, pool.gitlabUrl);
    const ended = await expectIntactLogs(gitlab, jobs, "endless", 60_000);
    const [remaining] = await managersSettle(pool, 1, 60_000);
    await expectIntactLogs(gitlab, queued, 1, 90_000);

    const removals = (await gitlab.events({})).events.filter(
      (event): event is ManagerEvent & { seq: number; at: number } =>
        event.kind === "manager" && event.change === "removed",
    );
    expect(removals).toHaveLength(3);
    for (const { systemId, at } of removals) {
      const last = ended.find((job) => job.systemId === systemId);
      expect(at - (last?.finishedAt ?? 0)).toBeLessThan(2_000);
    }
    for (const { id } of queued) {
      expect((await gitlab.job({ id })).systemId).toBe(remaining?.systemId);
    }
    expect((await exits.wait(3, 10_000)).map(({ exitCode }) => exitCode)).toEqual([0, 0, 0]);
  });
});
