import { describe, expect, it } from "@jest/globals";
import type { ManagerEvent } from "../../../local/gitlab";
import { expectWhole, occupy, tickingScript } from "../../support/jobs";
import { createPool, managersSettle } from "../../support/pool-fixture";
import { ExitRecorder } from "../../support/swarm";

const SECONDS = 20;

describe.each(["shell", "docker"])("scaling down 4 -> 1 with the %s executor", (executor) => {
  it("finishes every job, takes no new one, leaves GitLab within 2 s and exits 0", async () => {
    await using pool = await createPool({
      settings: { replicas: 4, ...(executor === "shell" ? { executor, docker: undefined } : {}) },
    });
    const { stack, gitlab, docker, platform } = pool;
    await stack.mustUp();
    using exits = await ExitRecorder.start(docker, stack.serviceName);
    const jobs = await occupy(gitlab, 4, {
      script: tickingScript(SECONDS),
      image: platform.images.job,
      tags: ["docker"],
    });
    // A full queue tempts the leaving replicas.
    const tempting = [];
    for (let n = 0; n < 6; n += 1) {
      tempting.push(
        await gitlab.enqueueJob({
          name: "tempting",
          script: tickingScript(1),
          image: platform.images.job,
        }),
      );
    }

    await stack.configure({ replicas: 1 });
    await stack.mustUp();
    const [staying] = await managersSettle(pool, 1, 60_000);
    const ended = await expectWhole(gitlab, jobs, SECONDS, 60_000);
    await expectWhole(gitlab, tempting, 1, 90_000);

    const removals = (await gitlab.events({})).events.filter(
      (event): event is ManagerEvent & { seq: number; at: number } =>
        event.kind === "manager" && event.change === "removed",
    );
    expect(removals).toHaveLength(3);
    for (const { systemId, at } of removals) {
      const last = ended.find((job) => job.systemId === systemId);
      expect(at - (last?.finishedAt ?? 0)).toBeLessThan(2_000);
    }
    for (const { id } of tempting) {
      expect((await gitlab.job({ id })).systemId).toBe(staying?.systemId);
    }
    expect((await exits.wait(3, 10_000)).map(({ exitCode }) => exitCode)).toEqual([0, 0, 0]);
  });
});
