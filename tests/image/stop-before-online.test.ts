import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { EXIT } from "../../contract/exit-codes";
import type { ReplicaState } from "../../contract/replica-log";
import type { FaultAction } from "../../local/gitlab";
import { busyNode } from "../support/busy-node";
import { eventually } from "../support/eventually";
import { openGate } from "../support/gate";
import { createReplicaFixture, type ReplicaFixture } from "../support/replica-fixture";
import type { ReplicaProcess } from "../support/replica-process";
import type { RunnerScript } from "../support/scripted-runner";

/** A replica is asked to end within so long (ms), however far it came. */
const LONGEST = 5_000;

const VERIFY = "POST /runners/verify";

type Moment = (fixture: ReplicaFixture, replica: ReplicaProcess) => Promise<unknown>;

/** What GitLab does when the token is presented, when the stop comes, and what the replica makes of it. */
interface Stop {
  readonly fault?: FaultAction;
  readonly env?: Readonly<Record<string, string>>;
  /** @default the real gitlab-runner */
  readonly script?: RunnerScript;
  readonly moment: Moment;
  /** Left out where it may come to say that it is online. */
  readonly says?: readonly ReplicaState[];
}

const isHeld: Moment = ({ gitlab }) =>
  gitlab.waitForEvent((event) => event.kind === "held", { what: "a request", timeoutMs: 20_000 });

const runnerIsThere: Moment = (_, replica) => replica.runnerPid();

const isReady: Moment = (_, { place }) =>
  eventually(() => existsSync(join(place, "run/ready")), {
    what: "the configuration to be in its place",
    timeoutMs: 20_000,
    intervalMs: 20,
  });

const waits: Moment = (_, replica) => replica.says("waiting");

const STOPS: Readonly<Record<string, Stop>> = {
  "before its first process listens": {
    env: { POOL_NODE: busyNode() },
    moment: (_, replica) => replica.nodePid("start"),
    says: [],
  },
  "while GitLab does not answer": {
    fault: { kind: "hang" },
    moment: isHeld,
    says: ["starting", "removed"],
  },
  "while GitLab's answer is on its way": {
    fault: { kind: "hold answer", ms: 1_000 },
    moment: isHeld,
    says: ["starting", "removed"],
  },
  "while GitLab's answer will come too late": {
    fault: { kind: "hold answer", ms: 60_000 },
    moment: isHeld,
    says: ["starting", "removed"],
  },
  "in the wait after an answer that got lost": {
    fault: { kind: "drop answer" },
    moment: waits,
    says: ["starting", "waiting", "removed"],
  },
  "in the wait after an error of GitLab's proxy": {
    fault: { kind: "status", status: 502 },
    moment: waits,
    says: ["starting", "waiting", "removed"],
  },
  "in the wait that GitLab asked for": {
    fault: { kind: "status", status: 429, headers: { "Retry-After": "60" } },
    moment: waits,
    says: ["starting", "waiting", "removed"],
  },
  "while nothing listens where GitLab should be": {
    env: { RUNNER_CI_URL: "http://127.0.0.1:9" },
    moment: waits,
    says: ["starting", "waiting", "removed"],
  },
  "after GitLab refused it": {
    fault: { kind: "status", status: 403 },
    moment: (_, replica) => replica.says("warning"),
    says: ["starting", "refused", "warning"],
  },
  "after it was registered, before its first process has ended": {
    // What has run to its end is not yet known to have.
    env: {
      POOL_NODE: busyNode(
        `[ "$2" = start ] || exec ${process.execPath} "$@"; ${process.execPath} "$@"`,
      ),
    },
    moment: isReady,
    says: ["starting", "draining", "removed"],
  },
  "when gitlab-runner was just started": {
    moment: runnerIsThere,
  },
  "when gitlab-runner was just given its configuration": {
    moment: isReady,
  },
  "while gitlab-runner does not heed signals yet": {
    script: { begin: 1_000, deafTo: ["SIGQUIT"] },
    moment: isReady,
  },
  "after its settings were wrong": {
    env: { RUNNER_CONCURRENT: "0" },
    moment: (_, replica) => replica.says("warning"),
    says: ["refused", "warning"],
  },
};

describe("a replica that is stopped before it is online", () => {
  it.concurrent.each(Object.entries(STOPS))("%s leaves nothing in GitLab", async (_, stop) => {
    await using fixture = await createReplicaFixture();
    const { gitlab } = fixture;
    const { fault, env = {}, script, moment, says } = stop;
    if (fault !== undefined) await gitlab.addFault({ endpoint: VERIFY, action: fault });
    const replica = await fixture.replica({ env, ...(script && { script }) });
    await moment(fixture, replica);

    const at = replica.stop();
    const exit = await replica.exit();

    expect(exit.code).toBe(EXIT.ok);
    expect(exit.at - at).toBeLessThan(LONGEST);
    if (says !== undefined) expect(new Set(replica.states())).toEqual(new Set(says));
    expect(await fixture.systemIds()).toEqual([]);
    await replica.leavesNoProcess();
  });

  it.concurrent("says what it left if GitLab goes away in that moment", async () => {
    await using fixture = await createReplicaFixture();
    await using gate = await openGate(fixture.gitlab.url);
    await fixture.gitlab.addFault({
      endpoint: VERIFY,
      action: { kind: "hold answer", ms: 60_000 },
    });
    const replica = await fixture.replica({ env: { RUNNER_CI_URL: gate.url } });
    await isHeld(fixture, replica);

    await gate.close();
    const at = replica.stop();
    const exit = await replica.exit();

    expect(exit.code).toBe(EXIT.left);
    expect(exit.at - at).toBeLessThan(LONGEST);
    const [systemId = ""] = await fixture.systemIds();
    expect(await replica.says("left")).toContain(`manager ${systemId} may be in GitLab`);
  });
});
