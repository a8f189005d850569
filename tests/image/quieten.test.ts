import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "@jest/globals";
import { findPaths } from "../../runner-image/src/paths";
import { quieten, type Quiet } from "../../runner-image/src/quieten";
import { readState } from "../../runner-image/src/replica-state";
import { RunnerProcess } from "../../runner-image/src/runner-process";
import { createReplicaFixture, type ReplicaFixture } from "../support/replica-fixture";
import type { ReplicaProcess } from "../support/replica-process";

/** Longer than gitlab-runner's check interval: by then it has handed its runner on to the next free worker. */
const LONG_JOB = 4;

describe("gitlab-runner after quieten, before it is told to quit", () => {
  it("begins no job when its running one ends", async () => {
    await using fixture = await createReplicaFixture();
    const replica = await fixture.replica();
    const running = await begin(fixture, { script: [`sleep ${LONG_JOB}`] });
    await begun(fixture, running);
    await sleep((LONG_JOB - 0.7) * 1000);

    expect(await quietenReplica(replica)).toBe("quiet");
    const waiting = await begin(fixture, { script: ["true"] });
    await fixture.gitlab.waitForJob({ id: running, timeoutMs: 10_000 });
    await sleep(1_000);

    expect((await fixture.gitlab.job({ id: waiting })).status).toBe("pending");
  }, 40_000);

  it("runs the job of an open request, and asks for none more although workers are free", async () => {
    await using fixture = await createReplicaFixture();
    const replica = await fixture.replica({ env: { RUNNER_CONCURRENT: "4" } });
    const given = await begin(fixture, { script: ["sleep 2"], holdAnswerMs: 1_000 });
    await begun(fixture, given);
    const waiting: number[] = [];
    for (let n = 0; n < 5; n += 1) waiting.push(await begin(fixture, { script: ["true"] }));

    expect(await quietenReplica(replica)).toBe("quiet");
    await fixture.gitlab.waitForJob({ id: given, timeoutMs: 10_000 });
    await sleep(1_000);

    const jobs = await Promise.all(waiting.map((id) => fixture.gitlab.job({ id })));
    expect((await fixture.gitlab.job({ id: given })).status).toBe("success");
    expect(jobs.filter(({ status }) => status !== "pending")).toEqual([]);
  }, 40_000);
});

async function begin(
  { gitlab }: ReplicaFixture,
  job: { readonly script: string[]; readonly holdAnswerMs?: number },
): Promise<number> {
  return (await gitlab.enqueueJob(job)).id;
}

/** Waits until GitLab has given a job to a runner. */
function begun({ gitlab }: ReplicaFixture, id: number): Promise<unknown> {
  return gitlab.waitForJob({ id, until: ["running"], timeoutMs: 20_000 });
}

async function quietenReplica(replica: ReplicaProcess): Promise<Quiet> {
  const paths = findPaths({
    POOL_RUN: join(replica.place, "run"),
    POOL_CONFIG: join(replica.place, "etc/config.toml"),
  });
  const runner = new RunnerProcess(await replica.runnerPid());
  return quieten({ paths, state: readState(paths.state), runner });
}
