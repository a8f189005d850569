import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { EXIT } from "../../contract/exit-codes";
import type { ReplicaStatus } from "../../contract/replica-log";
import type { FaultAction } from "../../fake-gitlab";
import { busyNode } from "../support/busy-node";
import { eventually } from "../support/eventually";
import { startToggleProxy } from "../support/toggle-proxy";
import { createReplicaFixture, type ReplicaFixture } from "../support/replica-fixture";
import type { ReplicaProcess } from "../support/replica-process";
import type { RunnerScript } from "../support/scripted-runner";

/** How long a stop during the start may take. */
const LONGEST_MS = 5_000;

const VERIFY = "POST /runners/verify";

type Moment = (fixture: ReplicaFixture, replica: ReplicaProcess) => Promise<unknown>;

/** What GitLab does when the token is presented, when the stop signal arrives, and the result. */
interface Stop {
  readonly fault?: FaultAction;
  readonly env?: Readonly<Record<string, string>>;
  /** @default the real gitlab-runner */
  readonly script?: RunnerScript;
  readonly moment: Moment;
  /** Not given if the replica may also report `online`. */
  readonly says?: readonly ReplicaStatus[];
}

const isHeld: Moment = ({ gitlab }) =>
  gitlab.waitForEvent((event) => event.kind === "held", { what: "a request", timeoutMs: 20_000 });

const runnerIsThere: Moment = (_, replica) => replica.runnerPid();

const isReady: Moment = (_, { folder }) =>
  eventually(() => existsSync(join(folder, "run/ready")), {
    what: "the configuration to be written",
    timeoutMs: 20_000,
    intervalMs: 20,
  });

const waits: Moment = (_, replica) => replica.waitForState("waiting");

const STOPS: Readonly<Record<string, Stop>> = {
  "before its first process listens": {
    env: { POOL_NODE: busyNode() },
    moment: (_, replica) => replica.nodePid("start"),
    says: [],
  },
  "while GitLab does not answer": {
    fault: { kind: "hang" },
    moment: isHeld,
    says: ["starting", "deregistered"],
  },
  "while GitLab's response is on its way": {
    fault: { kind: "hold answer", ms: 1_000 },
    moment: isHeld,
    says: ["starting", "deregistered"],
  },
  "while GitLab's response will arrive too late": {
    fault: { kind: "hold answer", ms: 60_000 },
    moment: isHeld,
    says: ["starting", "deregistered"],
  },
  "before a retry, after a response got lost": {
    fault: { kind: "drop answer" },
    moment: waits,
    says: ["starting", "waiting", "deregistered"],
  },
  "before a retry, after an error from GitLab's proxy": {
    fault: { kind: "status", status: 502 },
    moment: waits,
    says: ["starting", "waiting", "deregistered"],
  },
  "before a retry, in the wait that GitLab asked for": {
    fault: { kind: "status", status: 429, headers: { "Retry-After": "60" } },
    moment: waits,
    says: ["starting", "waiting", "deregistered"],
  },
  "while nothing listens at GitLab's address": {
    env: { RUNNER_CI_URL: "http://127.0.0.1:9" },
    moment: waits,
    says: ["starting", "waiting", "deregistered"],
  },
  "after GitLab rejected it": {
    fault: { kind: "status", status: 403 },
    moment: (_, replica) => replica.waitForState("warning"),
    says: ["starting", "refused", "warning"],
  },
  "after it was registered, before its first process has exited": {
    // The shell does not know yet that the start has succeeded.
    env: {
      POOL_NODE: busyNode(
        `[ "$2" = start ] || exec ${process.execPath} "$@"; ${process.execPath} "$@"`,
      ),
    },
    moment: isReady,
    says: ["starting", "draining", "deregistered"],
  },
  "when gitlab-runner has just started": {
    moment: runnerIsThere,
  },
  "when gitlab-runner has just got its configuration": {
    moment: isReady,
  },
  "while gitlab-runner does not handle signals yet": {
    script: { begin: 1_000, deafTo: ["SIGQUIT"] },
    moment: isReady,
  },
  "after its settings were wrong": {
    env: { RUNNER_CONCURRENT: "0" },
    moment: (_, replica) => replica.waitForState("warning"),
    says: ["refused", "warning"],
  },
};

describe("a replica that is stopped before it is online", () => {
  it.concurrent.each(Object.entries(STOPS))("leaves nothing in GitLab: %s", async (_, stop) => {
    await using fixture = await createReplicaFixture();
    const { gitlab } = fixture;
    const { fault, env = {}, script, moment, says } = stop;
    if (fault !== undefined) await gitlab.addFault({ endpoint: VERIFY, action: fault });
    const replica = await fixture.replica({ env, ...(script && { script }) });
    await moment(fixture, replica);

    const at = replica.stop();
    const exit = await replica.exit();

    expect(exit.code).toBe(EXIT.ok);
    expect(exit.at - at).toBeLessThan(LONGEST_MS);
    if (says !== undefined) expect(new Set(replica.states())).toEqual(new Set(says));
    expect(await fixture.systemIds()).toEqual([]);
    await replica.leavesNoProcess();
  });

  it.concurrent("logs what is left if GitLab becomes unreachable at that moment", async () => {
    await using fixture = await createReplicaFixture();
    await using gate = await startToggleProxy(fixture.gitlab.url);
    await fixture.gitlab.addFault({
      endpoint: VERIFY,
      action: { kind: "hold answer", ms: 60_000 },
    });
    const replica = await fixture.replica({ env: { RUNNER_CI_URL: gate.url } });
    await isHeld(fixture, replica);

    await gate.close();
    const at = replica.stop();
    const exit = await replica.exit();

    expect(exit.code).toBe(EXIT.notDeregistered);
    expect(exit.at - at).toBeLessThan(LONGEST_MS);
    const [systemId = ""] = await fixture.systemIds();
    expect(await replica.waitForState("not deregistered")).toContain(
      `manager ${systemId} may be in GitLab`,
    );
  });
});
