import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { EXIT } from "../../contract/exit-codes";
import type { FaultAction } from "../../fake-gitlab";
import { eventually } from "../support/eventually";
import { startJob } from "../support/jobs";
import { createLegacy } from "../support/legacy-replicas";
import { createReplicaFixture, type ReplicaFixture } from "../support/replica-fixture";
import type { ReplicaProcess } from "../support/replica-process";

const POLL = "POST /jobs/request";
const HTML = "<html>blocked by WAF</html>";

/**
 * Starts a replica that reads the metrics every half second, and whose gitlab-runner pauses for 2 s
 * instead of a minute.
 */
async function startWatched(fixture: ReplicaFixture, env = {}): Promise<ReplicaProcess> {
  const replica = await fixture.replica({ env: { POOL_WATCH: "0.5", ...env } });
  await replica.waitForState("online");
  const config = join(replica.folder, "run/config.toml");
  const text = readFileSync(config, "utf8");
  writeFileSync(
    config,
    text.replace('"60s"', '"2s"').replace("check_interval = 3", "check_interval = 1"),
  );
  process.kill(await replica.runnerPid(), "SIGHUP");
  return replica;
}

const isHealthy = ({ folder }: ReplicaProcess): boolean => existsSync(join(folder, "run/online"));

/** Returns the reported states from the first `online` on. */
const statesSinceOnline = (replica: ReplicaProcess): readonly string[] => {
  const states = replica.states();
  return states.slice(states.indexOf("online"));
};

async function waitForOnlineAgain(replica: ReplicaProcess): Promise<void> {
  await eventually(() => replica.states().filter((state) => state === "online").length > 1, {
    what: "the replica to report `online` again",
    timeoutMs: 20_000,
  });
}

/** Why GitLab rejects a replica, and what the replica logs. */
const REFUSED: readonly (readonly [
  string,
  (fixture: ReplicaFixture) => Promise<unknown>,
  RegExp,
])[] = [
  [
    "whose token is reset",
    ({ gitlab, runnerId }) => gitlab.resetRunnerToken({ runnerId }),
    /^GitLab no longer accepts this replica: 403 Forbidden; its runner was deleted, or its token was reset or has expired$/,
  ],
  [
    "whose runner is deleted",
    ({ gitlab, runnerId }) => gitlab.deleteRunner({ runnerId }),
    /^GitLab no longer accepts this replica: 403 Forbidden; /,
  ],
  [
    "whose job requests GitLab rejects",
    ({ gitlab }) => gitlab.addFault({ endpoint: POLL, action: { kind: "status", status: 403 } }),
    /^GitLab answers job requests with 403 Forbidden$/,
  ],
];

/** Why GitLab's responses do not arrive, and what the replica logs. */
const AWAY: readonly (readonly [string, string | undefined, FaultAction, RegExp])[] = [
  [
    "answers 500",
    undefined,
    { kind: "status", status: 500 },
    /^GitLab does not answer: 500 Internal Server Error; gitlab-runner keeps trying$/,
  ],
  [
    "answers job requests with 501",
    POLL,
    { kind: "status", status: 501 },
    /^GitLab does not answer: job requests: 501 Not Implemented; gitlab-runner keeps trying$/,
  ],
  [
    "is behind a firewall that answers 403",
    undefined,
    { kind: "text", text: HTML, status: 403 },
    /^GitLab does not answer: the 403 response is not from GitLab: 403 Forbidden; gitlab-runner keeps trying$/,
  ],
  [
    "is behind a firewall that answers job requests with 403",
    POLL,
    { kind: "text", text: HTML, status: 403 },
    /^GitLab does not answer: job requests: the 403 response is not from GitLab: 403 Forbidden; gitlab-runner keeps trying$/,
  ],
  [
    "holds every request forever",
    undefined,
    { kind: "hang" },
    /^GitLab does not answer: no response within 20 s; gitlab-runner keeps trying$/,
  ],
  [
    "resets connections",
    undefined,
    { kind: "reset" },
    /^GitLab does not answer: read ECONNRESET; gitlab-runner keeps trying$/,
  ],
];

describe("a replica that was online", () => {
  it.concurrent.each(REFUSED)(
    "%s logs one line and becomes unhealthy",
    async (_, refuse, message) => {
      await using fixture = await createReplicaFixture();
      const replica = await startWatched(fixture);
      expect(isHealthy(replica)).toBe(true);
      await refuse(fixture);
      expect(await replica.waitForState("refused")).toMatch(message);

      expect(isHealthy(replica)).toBe(false);
      // Later readings with the same result log nothing.
      await new Promise((resolve) => setTimeout(resolve, 6_000));
      expect(statesSinceOnline(replica)).toEqual(["online", "refused"]);
      replica.stop();
      expect((await replica.exit()).code).toBe(EXIT.ok);
      await replica.leavesNoProcess();
    },
  );

  it.concurrent("is online again when GitLab accepts it after rejecting it", async () => {
    await using fixture = await createReplicaFixture();
    const { gitlab } = fixture;
    const replica = await startWatched(fixture);
    const { id } = await gitlab.addFault({
      endpoint: POLL,
      action: { kind: "status", status: 403 },
    });
    await replica.waitForState("refused");
    await gitlab.clearFaults({ id });
    await waitForOnlineAgain(replica);

    expect(statesSinceOnline(replica)).toEqual(["online", "refused", "online"]);
    expect(isHealthy(replica)).toBe(true);
    const job = await startJob(gitlab, { script: ["true"] });
    expect((await gitlab.waitForJob({ id: job, timeoutMs: 20_000 })).status).toBe("success");
  });

  it.concurrent.each(AWAY)(
    "waits, stays healthy and is online again later if GitLab %s",
    async (_, endpoint, action, message) => {
      await using fixture = await createReplicaFixture();
      const { gitlab } = fixture;
      const replica = await startWatched(fixture);
      const { id } = await gitlab.addFault({ ...(endpoint && { endpoint }), action });
      expect(await replica.waitForState("waiting")).toMatch(message);

      expect(isHealthy(replica)).toBe(true);
      await gitlab.clearFaults({ id });
      await waitForOnlineAgain(replica);
      expect(statesSinceOnline(replica)).toEqual(["online", "waiting", "online"]);
      expect(isHealthy(replica)).toBe(true);
    },
  );

  it.concurrent("does not log a transient error", async () => {
    await using fixture = await createReplicaFixture();
    const replica = await startWatched(fixture, { POOL_WATCH: "5" });
    const action: FaultAction = { kind: "status", status: 500 };
    await fixture.gitlab.addFault({ endpoint: POLL, action, times: 2 });
    await new Promise((resolve) => setTimeout(resolve, 12_000));

    expect(statesSinceOnline(replica)).toEqual(["online"]);
  });

  it.concurrent("sends nothing but job requests while they succeed", async () => {
    await using fixture = await createReplicaFixture();
    const replica = await startWatched(fixture, { POOL_WATCH: "2" });
    await new Promise((resolve) => setTimeout(resolve, 9_000));
    const { events } = await fixture.gitlab.events({});
    const endpoints = events.flatMap((event) => (event.kind === "request" ? event.endpoint : []));

    expect(new Set(endpoints.slice(1))).toEqual(new Set([POLL]));
    expect(statesSinceOnline(replica)).toEqual(["online"]);
  });

  it.concurrent("becomes healthy even if the process that waits for that is killed", async () => {
    await using fixture = await createReplicaFixture();
    const action: FaultAction = { kind: "hold answer", ms: 3_000 };
    await fixture.gitlab.addFault({ endpoint: POLL, action, times: 1 });
    const replica = await fixture.replica();
    process.kill(await replica.nodePid("online"), "SIGKILL");

    await replica.waitForState("online");
    expect(isHealthy(replica)).toBe(true);
  });
});

describe("a replica with a registration token whose runner is deleted", () => {
  it.concurrent("exits after its job, and its successor registers a new runner", async () => {
    await using legacy = await createLegacy();
    const { gitlab } = legacy.fixture;
    const { token } = await gitlab.registrationToken({});
    const env = { RUNNER_CI_TOKEN: token, RUNNER_CONCURRENT: "2", POOL_WATCH: "0.5" };
    const replica = await legacy.fixture.replica({ env });
    await replica.waitForState("online");
    const job = await startJob(gitlab, { script: ["sleep 15"] });
    const [runner] = legacy.registered();
    await gitlab.deleteRunner({ runnerId: runner?.id ?? 0 });

    expect(await replica.waitForState("refused")).toBe(
      `GitLab no longer has runner ${runner?.id ?? 0} (403 Forbidden): this replica exits after its running jobs, and its successor registers a new runner`,
    );
    expect((await gitlab.waitForJob({ id: job, timeoutMs: 30_000 })).status).toBe("success");
    await replica.waitForState("deregistered");
    replica.stop();
    expect((await replica.exit()).code).toBe(0);
    const successor = await legacy.start({ folder: replica.folder });
    await successor.waitForState("online");
    expect(legacy.registered()).toHaveLength(1);
  });
});
