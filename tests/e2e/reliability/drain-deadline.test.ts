import { describe, expect, it } from "@jest/globals";
import { EXIT } from "../../../contract/exit-codes";
import { occupy, tickingScript } from "../../support/jobs";
import { createPool, managersSettle } from "../../support/pool-fixture";
import { ExitRecorder } from "../../support/swarm";

describe("a job that outlasts the drain timeout", () => {
  it("is aborted, GitLab hears of it at once, `retry: when` matches, and the exit code says so", async () => {
    await using pool = await createPool({
      settings: { executor: "shell", docker: undefined, replicas: 1, drainTimeout: "8s" },
    });
    const { stack, gitlab, docker } = pool;
    await stack.mustUp();
    using exits = await ExitRecorder.start(docker, stack.serviceName);
    const [job] = await occupy(gitlab, 1, {
      script: tickingScript(300),
      retry: { max: 1, when: ["unknown_failure"] },
    });

    const told = Date.now();
    await stack.configure({ replicas: 0 });
    await stack.mustUp();
    const failed = await gitlab.waitForJob({ id: job?.id ?? 0, timeoutMs: 40_000 });
    expect(failed).toMatchObject({ status: "failed", failureReason: "unknown_failure" });
    expect(failed.retriedAs).not.toBeNull();
    // From the command on: the provider and swarm take a few seconds before the 8 s of the drain begin.
    expect((failed.finishedAt ?? 0) - told).toBeGreaterThan(7_000);
    expect((failed.finishedAt ?? Infinity) - told).toBeLessThan(25_000);
    await managersSettle(pool, 0, 5_000);
    const [exit] = await exits.wait(1, 10_000);
    expect(exit?.exitCode).toBe(EXIT.aborted);
    expect((exit?.at ?? Infinity) - (failed.finishedAt ?? 0)).toBeLessThan(3_000);
  });
});
