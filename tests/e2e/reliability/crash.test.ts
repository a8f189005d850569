import { describe, expect, it } from "@jest/globals";
import { readFacts } from "../../../dev/facts";
import { isOfGitlab } from "../../../dev/job-objects";
import type { GitlabEvent } from "../../../fake-gitlab";
import { eventually } from "../../support/eventually";
import { mostManagersSince } from "../../support/managers-over-time";
import { startJob } from "../../support/jobs";
import { createLineFile } from "../../support/line-writer";
import {
  createPool,
  localSettings,
  managersSettle,
  type PoolFixture,
} from "../../support/pool-fixture";
import { listContainers, listTasks } from "../../support/swarm";
import { killInReplica, KILL_TARGETS } from "../../support/kill-target";

describe("kill -9", () => {
  it.each(KILL_TARGETS)(
    "brings the replica back under its system ID and leaves no stale manager: %s",
    async (target) => {
      await using pool = await createPool({ settings: { executor: "shell", docker: undefined } });
      const { stack, gitlab, docker } = pool;
      await stack.mustUp();
      const before = (await managersSettle(pool, 2)).map(({ systemId }) => systemId).sort();
      const { last } = await gitlab.events({});
      const [killed] = await listContainers(docker, stack.serviceName);
      await killInReplica(docker, killed?.Id ?? "", target);

      await eventually(
        async () => {
          const running = (await listContainers(docker, stack.serviceName)).filter(
            ({ State }) => State === "running",
          );
          return running.length === 2 && running.every(({ Id }) => Id !== killed?.Id);
        },
        { what: "a new container to replace the killed one", timeoutMs: 120_000 },
      );
      await eventually(
        async () => {
          const requests = (await gitlab.events({ after: last })).events.filter(
            (event) => event.kind === "request" && event.endpoint === "POST /runners/verify",
          );
          return requests.length > 0;
        },
        { what: "the new container to register", timeoutMs: 60_000 },
      );
      const after = (await managersSettle(pool, 2)).map(({ systemId }) => systemId).sort();
      expect(after).toEqual(before);
      expect(await mostManagersSince(gitlab, last, before)).toBeLessThanOrEqual(2);
    },
  );
});

describe("a job whose replica is killed", () => {
  it("ends before its successor asks for a job, so that GitLab's retry runs alone", async () => {
    const platform = await readFacts();
    await using lines = await createLineFile(platform);
    const { docker: own } = localSettings(platform, "");
    await using pool = await createPool({
      settings: { replicas: 1, docker: { ...(own as object), volumes: lines.volume } },
    });
    const { stack, gitlab, docker } = pool;
    await stack.mustUp();
    const first = await startJob(gitlab, lines.job);
    await eventually(async () => (await lines.read()).length > 3, {
      what: "the job to write lines",
      timeoutMs: 60_000,
    });
    const left = await jobObjects(pool, first);
    expect(left).toEqual({ containers: 3, networks: 1 });
    const { last } = await gitlab.events({});
    const [killed] = await listContainers(docker, stack.serviceName);
    await killInReplica(docker, killed?.Id ?? "", "the container");

    // GitLab's timeout is over at once, so the retry waits for the successor.
    await gitlab.setSwitches({ orphanTimeoutSeconds: 0 });
    await eventually(async () => (await gitlab.job({ id: first })).status === "failed", {
      what: "GitLab to fail the job",
      timeoutMs: 30_000,
    });
    await gitlab.setSwitches({ orphanTimeoutSeconds: 3600 });
    const retry = await eventually(
      async () => (await gitlab.jobs({})).find(({ retryOf }) => retryOf === first),
      { what: "GitLab's retry", timeoutMs: 30_000 },
    );
    await eventually(
      async () => (await lines.read()).filter(({ job }) => job === retry.id).length > 3,
      { what: "the retry to write lines", timeoutMs: 120_000 },
    );
    await lines.end();
    expect((await gitlab.waitForJob({ id: retry.id, timeoutMs: 60_000 })).status).toBe("success");

    const written = await lines.read();
    const lastLine = Math.max(...written.filter(({ job }) => job === first).map(({ at }) => at));
    const firstLine = Math.min(...written.filter(({ job }) => job !== first).map(({ at }) => at));
    expect(firstLine).toBeGreaterThan(lastLine);
    const asked = (await gitlab.events({ after: last })).events.find(
      (event) => event.kind === "request" && event.endpoint === "POST /jobs/request",
    );
    // A line has the second in which it was written.
    expect(asked?.at).toBeGreaterThanOrEqual(lastLine * 1000);
    expect(await jobObjects(pool, first)).toEqual({ containers: 0, networks: 0 });
  });
});

/** Counts what the engine has of a job: its containers, also stopped ones, and its networks. */
async function jobObjects({ docker, gitlabUrl }: PoolFixture, id: number): Promise<object> {
  const filters = { label: [`com.gitlab.gitlab-runner.job.id=${id}`] };
  const isOwn = ({ Labels }: { readonly Labels?: Readonly<Record<string, string>> | undefined }) =>
    isOfGitlab(Labels, gitlabUrl);
  return {
    containers: (await docker.listContainers({ all: true, filters })).filter(isOwn).length,
    networks: (await docker.listNetworks({ filters })).filter(isOwn).length,
  };
}

describe("a crash loop after the token was revoked", () => {
  it("contacts GitLab at most once a minute per slot and never registers a new runner", async () => {
    await using pool = await createPool({
      settings: { executor: "shell", docker: undefined, replicas: 2, onlineTimeout: "0s" },
    });
    const { stack, gitlab, docker } = pool;
    await gitlab.resetRunnerToken({ runnerId: pool.runnerId });
    await stack.mustUp();
    await eventually(async () => (await listTasks(docker, stack.serviceName)).length >= 2, {
      what: "two tasks",
      timeoutMs: 20_000,
    });
    const calls = await eventually(
      async () => {
        const times = findCallTimes((await gitlab.events({})).events);
        return times.size >= 2 && [...times.values()].every(({ length }) => length >= 2) && times;
      },
      { what: "both slots to contact GitLab twice", timeoutMs: 240_000 },
    );
    expect(calls.size).toBe(2);
    for (const times of calls.values()) {
      for (const [n, at] of times.slice(1).entries()) {
        expect(at - (times[n] ?? 0)).toBeGreaterThanOrEqual(59_000);
      }
    }
    expect(await gitlab.runners({})).toHaveLength(1);
    expect(await gitlab.managers({})).toEqual([]);
  });
});

/** When each replica presented its token or requested a new runner, by system ID. */
function findCallTimes(events: readonly GitlabEvent[]): ReadonlyMap<string, readonly number[]> {
  const times = new Map<string, number[]>();
  for (const event of events) {
    if (event.kind !== "request" || !/^POST \/runners(\/verify)?$/.test(event.endpoint)) continue;
    const id = event.systemId ?? "none";
    times.set(id, [...(times.get(id) ?? []), event.at]);
  }
  return times;
}
