import { describe, expect, it } from "@jest/globals";
import { EXIT } from "../../../contract/exit-codes";
import { fillRunners, tickingScript } from "../../support/jobs";
import { createPool, managersSettle } from "../../support/pool-fixture";
import { ExitRecorder, followContainers } from "../../support/swarm";

describe("a job that outlasts the drain timeout", () => {
  it("is aborted, reported to GitLab, retried by `retry: when`, and shows in the exit code", async () => {
    await using pool = await createPool({
      settings: { executor: "shell", docker: undefined, replicas: 1, drainTimeout: "8s" },
    });
    const { stack, gitlab, docker } = pool;
    await stack.mustUp();
    using exits = await ExitRecorder.start(docker, stack.serviceName);
    const [job] = await fillRunners(gitlab, 1, {
      script: tickingScript(300),
      retry: { max: 1, when: ["runner_interrupted"] },
    });

    let signalledAt = Infinity;
    const signals = await followContainers(docker, stack.serviceName, ["kill"], ({ at }) => {
      signalledAt = Math.min(signalledAt, at);
    });
    await stack.configure({ replicas: 0 });
    await stack.mustUp();
    const failed = await gitlab.waitForJob({ id: job?.id ?? 0, timeoutMs: 60_000 });
    expect(failed).toMatchObject({ status: "failed", failureReason: "runner_interrupted" });
    signals[Symbol.dispose]();
    expect(failed.retriedAs).not.toBeNull();
    // Counted from the stop signal, however long the command and Swarm took before it.
    expect((failed.finishedAt ?? 0) - signalledAt).toBeGreaterThan(7_000);
    expect((failed.finishedAt ?? Infinity) - signalledAt).toBeLessThan(15_000);
    await managersSettle(pool, 0, 5_000);
    const [exit] = await exits.wait(1, 10_000);
    expect(exit?.exitCode).toBe(EXIT.aborted);
    expect((exit?.at ?? Infinity) - (failed.finishedAt ?? 0)).toBeLessThan(3_000);
  });
});
