import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import type { FaultAction } from "../../fake-gitlab";
import { startJob } from "../support/jobs";
import { createReplicaFixture, type ReplicaFixture } from "../support/replica-fixture";

const POLL = "POST /jobs/request";
/** Waits until GitLab has answered so many more job requests with a status. */
async function answered({ gitlab }: ReplicaFixture, status: number, times = 1): Promise<void> {
  let { last } = await gitlab.events({ after: Number.MAX_SAFE_INTEGER });
  for (let n = 0; n < times; n += 1) {
    const event = await gitlab.waitForEvent(
      (seen) => seen.kind === "request" && seen.endpoint === POLL && seen.status === status,
      { what: `a job request that is answered ${status}`, timeoutMs: 30_000, after: last },
    );
    last = event.seq;
  }
}

/**
 * What GitLab does at the first job request, and what the replica then logs before it is online.
 */
const AT_FIRST: readonly (readonly [string, FaultAction, string])[] = [
  [
    "answers 501",
    { kind: "status", status: 501 },
    "waiting: GitLab answers job requests with 501; gitlab-runner keeps trying",
  ],
  [
    "cuts connections",
    { kind: "reset" },
    "waiting: GitLab does not answer job requests; gitlab-runner keeps trying",
  ],
  [
    "answers 403",
    { kind: "status", status: 403 },
    "refused: GitLab answers job requests with 403 Forbidden",
  ],
];

describe("a replica", () => {
  it.concurrent.each(AT_FIRST)(
    "is online only after a job request succeeds, if GitLab %s at the first one",
    async (_, action, report) => {
      await using fixture = await createReplicaFixture();
      await fixture.gitlab.addFault({ endpoint: POLL, action, times: 1 });
      const replica = await fixture.replica();
      await replica.waitForState("online");

      const [, first, second] = replica.lines();
      expect(`${first?.state ?? ""}: ${first?.message ?? ""}`).toBe(report);
      expect(second?.state).toBe("online");
      expect(existsSync(join(replica.folder, "run/online"))).toBe(true);
    },
  );

  it.concurrent(
    "accepts jobs again a minute, not an hour, after GitLab rejected it by mistake",
    async () => {
      await using fixture = await createReplicaFixture();
      const { gitlab } = fixture;
      const replica = await fixture.replica();
      await replica.waitForState("online");
      // A minute is long for a test, so this checks the setting and then shortens it.
      const config = join(replica.folder, "run/config.toml");
      const text = readFileSync(config, "utf8");
      expect(text).toContain('unhealthy_interval = "60s"');
      writeFileSync(
        config,
        text.replace('"60s"', '"2s"').replace("check_interval = 3", "check_interval = 1"),
      );
      process.kill(await replica.runnerPid(), "SIGHUP");
      await gitlab.addFault({ endpoint: POLL, action: { kind: "status", status: 403 }, times: 3 });
      await answered(fixture, 403, 3);

      await answered(fixture, 204);
      const id = await startJob(gitlab, { script: ["true"] });
      const { status } = await gitlab.waitForJob({ id, timeoutMs: 20_000 });
      expect(status).toBe("success");
      expect(replica.log()).toMatch(/unhealthy and will be disabled for 2s seconds/);
    },
  );
});
