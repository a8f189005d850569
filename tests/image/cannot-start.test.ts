import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import execa from "execa";
import { EXIT } from "../../contract/exit-codes";
import { entrypointBundle } from "../support/entrypoint-bundle";
import { createLegacy, type Legacy } from "../support/legacy-replicas";
import { createReplicaFixture, type FixtureReplica } from "../support/replica-fixture";
import type { ReplicaProcess } from "../support/replica-process";

/** How much faster the entrypoint's minute passes. */
const FAST = 40;

type Start = (legacy: Legacy, options: FixtureReplica) => Promise<ReplicaProcess>;

const WITH: Readonly<Record<string, Start>> = {
  "an authentication token": ({ fixture }, options) => fixture.replica({ script: {}, ...options }),
  "a registration token": (legacy, options) => legacy.start(options),
};

/** Files that a replica writes after GitLab has accepted it. */
const FILES = ["run/state.json", "run/ready", "run/config.toml"];

const CASES = [
  ...Object.keys(WITH).flatMap((kind) => FILES.map((file) => [kind, file] as const)),
  ["a registration token", "etc/.registered-runner.json"] as const,
];

/** Creates a folder in which not even root can write a file, because a folder has its name. */
function createFolderWithout(file: string, prefix = "replica-"): string {
  const folder = mkdtempSync(join(tmpdir(), prefix));
  mkdirSync(join(folder, `${file}.new`), { recursive: true });
  return folder;
}

describe("a replica that cannot write its files", () => {
  it.concurrent.each(CASES)(
    "deregisters, logs the reason and exits after a minute: %s, such as %s",
    async (kind, file) => {
      await using legacy = await createLegacy();
      const { fixture } = legacy;
      const began = Date.now();
      const replica = await WITH[kind]?.(legacy, {
        folder: createFolderWithout(file),
        clock: FAST,
      });
      const exit = await replica?.exit();

      expect(exit?.code).toBe(EXIT.internal);
      expect((exit?.at ?? 0) - began).toBeGreaterThanOrEqual(60_000 / FAST);
      expect(replica?.states()).toEqual(["starting", "deregistered", "refused", "warning"]);
      expect(await replica?.waitForState("refused")).toMatch(/^this replica cannot start: /);
      expect(await replica?.waitForState("refused")).toContain(`${file}.new`);
      expect(replica?.log()).toMatch(/^ {4}at write(Private|Draft) /m);
      expect(await fixture.systemIds()).toEqual([]);
      expect(legacy.registered()).toEqual([]);
      const asked = await Promise.all(
        ["POST /runners", "POST /runners/verify"].map((endpoint) => fixture.requests(endpoint)),
      );
      expect(asked.flat()).toHaveLength(1);
    },
  );

  it.concurrent("sends no request if it cannot write even the first file", async () => {
    await using fixture = await createReplicaFixture();
    const folder = createFolderWithout("run/.runner_system_id");
    const replica = await fixture.replica({ script: {}, folder, clock: FAST });

    expect((await replica.exit()).code).toBe(EXIT.internal);
    expect(replica.states()).toEqual(["refused", "warning"]);
    expect((await fixture.gitlab.events({})).events).not.toContainEqual(
      expect.objectContaining({ kind: "request" }),
    );
  });

  it.concurrent("exits at once on a stop signal", async () => {
    await using fixture = await createReplicaFixture();
    const replica = await fixture.replica({ script: {}, folder: createFolderWithout("run/ready") });
    await replica.waitForState("warning");
    const at = replica.stop();

    expect((await replica.exit()).at - at).toBeLessThan(5_000);
    expect(await fixture.systemIds()).toEqual([]);
  });

  it.concurrent("redacts a token in the path of such a file", async () => {
    await using fixture = await createReplicaFixture();
    const folder = createFolderWithout("run/ready", fixture.token);
    const replica = await fixture.replica({ script: {}, folder, clock: FAST });
    await replica.exit();

    expect(replica.log().match(/\[secret\]/g)?.length).toBeGreaterThanOrEqual(2);
    expect(replica.log()).not.toContain(fixture.token);
  });
});

describe("an unknown subcommand of main.js", () => {
  it.concurrent("shows no token in the stack trace", async () => {
    const run = mkdtempSync(join(tmpdir(), "replica-"));
    const token = "glrt-t1_0123456789abcdefghij";
    writeFileSync(join(run, "state.json"), JSON.stringify({ token, secrets: [] }));
    const program = join(await entrypointBundle(), "main.js");
    const env = { POOL_RUN: run, POOL_ETC: run };
    const ended = await execa(process.execPath, [program, token], { env, reject: false });

    expect(ended.exitCode).toBe(EXIT.internal);
    expect(ended.stderr).toMatch(/^Error: unknown subcommand "\[secret\]"\n {4}at run /);
    expect(ended.stderr).not.toContain(token);
  });
});
