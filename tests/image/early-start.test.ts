import { mkdirSync, mkdtempSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import execa from "execa";
import { EXIT } from "../../contract/exit-codes";
import { eventually } from "../support/eventually";
import { createReplicaFixture, type ReplicaFixture } from "../support/replica-fixture";
import type { ReplicaProcess } from "../support/replica-process";
import { readRunnerCall } from "../support/scripted-runner";

const VERIFY = "POST /runners/verify";

/** How long GitLab takes to answer. */
const HELD_MS = 3_000;

/** Creates a folder with a subfolder in it. */
function createFolderWith(subfolder: "etc" | "run"): {
  readonly folder: string;
  readonly config: string;
} {
  const folder = mkdtempSync(join(tmpdir(), "replica-"));
  mkdirSync(join(folder, subfolder));
  return { folder, config: join(folder, subfolder, "config.toml") };
}

/**
 * Starts a replica and waits until it has presented its token, but does not let GitLab answer yet.
 */
async function startUnanswered(fixture: ReplicaFixture, folder?: string): Promise<ReplicaProcess> {
  const action = { kind: "hold answer", ms: HELD_MS } as const;
  await fixture.gitlab.addFault({ endpoint: VERIFY, action });
  const replica = await fixture.replica(folder === undefined ? {} : { folder });
  await fixture.gitlab.waitForEvent((event) => event.kind === "held", {
    what: "the token to be presented",
    timeoutMs: 20_000,
  });
  return replica;
}

const runsGitlabRunner = (replica: ReplicaProcess): boolean =>
  replica.processes().some(({ args }) => args.join(" ").includes("gitlab-runner run"));

const countLoads = (replica: ReplicaProcess): number =>
  replica.log().match(/Configuration loaded/g)?.length ?? 0;

describe("gitlab-runner", () => {
  it.concurrent("starts before GitLab has answered, and loads its configuration once", async () => {
    await using fixture = await createReplicaFixture();
    const replica = await startUnanswered(fixture);
    await eventually(() => runsGitlabRunner(replica), {
      what: "gitlab-runner to wait for its configuration",
      timeoutMs: HELD_MS / 2,
    });

    expect(countLoads(replica)).toBe(0);
    await replica.waitForState("online");
    // gitlab-runner checks for a newer configuration every 3 s.
    await new Promise((resolve) => setTimeout(resolve, 3_500));
    expect(countLoads(replica)).toBe(1);
    expect(statSync(join(replica.folder, "run/config.toml")).isFile()).toBe(true);
    expect(statSync(join(replica.folder, "run/config.toml")).mode & 0o777).toBe(0o600);
  });

  it.concurrent("starts although a killed start left its pipe", async () => {
    await using fixture = await createReplicaFixture();
    const { folder, config } = createFolderWith("run");
    await execa("mkfifo", [config]);
    const replica = await startUnanswered(fixture, folder);
    await replica.waitForState("online");

    expect(statSync(config).isFile()).toBe(true);
  });

  it.concurrent(
    "is stopped, and its replica exits, if it exposes no metrics for a minute",
    async () => {
      await using fixture = await createReplicaFixture();
      const replica = await fixture.replica({ script: { isSilent: true }, clock: 40 });
      const exit = await replica.exit();

      expect(exit.code).toBe(0);
      expect(replica.lines().map(({ state, message }) => `${state}: ${message}`)).toContain(
        "warning: gitlab-runner has exposed no metrics for 60 s: stopping it",
      );
      expect(readRunnerCall(replica.folder).signals).toEqual(["SIGQUIT"]);
      expect(replica.states()).toContain("deregistered");
      expect(await fixture.systemIds()).toEqual([]);
    },
  );

  it.concurrent("is killed when GitLab rejects its replica", async () => {
    await using fixture = await createReplicaFixture();
    const action = { kind: "status", status: 403 } as const;
    await fixture.gitlab.addFault({ endpoint: VERIFY, action });
    const replica = await fixture.replica({ clock: 40 });
    await replica.runnerPid();

    expect((await replica.exit()).code).toBe(EXIT.refused);
    await replica.leavesNoProcess();
    expect(statSync(join(replica.folder, "run/config.toml"), { throwIfNoEntry: false })).toBe(
      undefined,
    );
  });

  it.concurrent("is killed when its replica's start was killed", async () => {
    await using fixture = await createReplicaFixture();
    const replica = await startUnanswered(fixture);
    await replica.runnerPid();
    process.kill(await replica.nodePid("start"), "SIGKILL");

    expect((await replica.exit()).code).toBe(137);
    await replica.leavesNoProcess();
    expect(await fixture.requests("POST /jobs/request")).toEqual([]);
  });
});
